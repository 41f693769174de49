#include "providers/vendors/deepseek/deepseek.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"DEEPSEEK_API_KEY"};
// A turn with tool calls must come back with its reasoning_content (the catalogue's word, for every model of it).
constexpr std::array<std::string_view, 8> deviations{
    "max_tokens_only", "developer_as_system", "json_object_only", "n_1_only",
    "no_seed",         "no_logit_bias",       "no_verbosity",     "reasoning_content_replay_with_tools"};
constexpr vendor table{
    .name = "deepseek",
    .dialect = "openai_chat",
    .base_url = "https://api.deepseek.com/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for DeepSeek (China)",
};

}  // namespace

const vendor& deepseek() noexcept { return table; }

}  // namespace naru::vendors
