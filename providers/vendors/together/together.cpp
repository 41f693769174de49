#include "providers/vendors/together/together.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"TOGETHER_API_KEY"};
// logprobs is a number there and a flag here.
constexpr std::array<std::string_view, 4> deviations{"max_tokens_only", "developer_as_system", "no_logprobs", "no_verbosity"};
constexpr vendor table{
    .name = "together",
    .dialect = "openai_chat",
    .also = "openai_completions",
    .embeddings = "openai_embeddings",
    .base_url = "https://api.together.ai/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for Together (United States)",
};

}  // namespace

const vendor& together() noexcept { return table; }

}  // namespace naru::vendors
