#include "providers/vendors/groq/groq.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"GROQ_API_KEY"};
constexpr std::array<std::string_view, 7> deviations{"no_logprobs",  "no_logit_bias",      "n_1_only",    "no_message_names",
                                                     "no_penalties", "openai_fields_only", "no_verbosity"};
constexpr vendor table{
    .name = "groq",
    .dialect = "openai_chat",
    .base_url = "https://api.groq.com/openai/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for Groq (United States)",
};

}  // namespace

const vendor& groq() noexcept { return table; }

}  // namespace naru::vendors
