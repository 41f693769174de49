#include "providers/vendors/mistral/mistral.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"MISTRAL_API_KEY"};
// The schema is closed: a field that it does not list is a 422. Tool-call ids must be nine letters or digits.
constexpr std::array<std::string_view, 11> deviations{"max_tokens_only",     "developer_as_system",
                                                      "openai_fields_only",  "seed_is_random_seed",
                                                      "tool_ids_9_alnum",    "temperature_at_most_1_5",
                                                      "effort_high_or_none", "no_logprobs",
                                                      "no_logit_bias",       "no_user",
                                                      "no_verbosity"};
constexpr vendor table{
    .name = "mistral",
    .dialect = "openai_chat",
    .embeddings = "openai_embeddings",
    .base_url = "https://api.mistral.ai/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .usage_in_stream = false,
    .clearance_note = "data leaves the company for Mistral (European Union)",
};

}  // namespace

const vendor& mistral() noexcept { return table; }

}  // namespace naru::vendors
