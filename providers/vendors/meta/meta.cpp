#include "providers/vendors/meta/meta.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 2> keys{"MODEL_API_KEY", "LLAMA_API_KEY"};
// Muse Spark thinks always, and only decides by itself about tools; a stop string is dropped there, hence refused here.
constexpr std::array<std::string_view, 4> deviations{"tool_choice_auto_only", "no_stop", "effort_none_rejected", "openai_fields_only"};
constexpr vendor table{
    .name = "meta",
    .dialect = "openai_chat",
    .also = "openai_responses",
    .base_url = "https://api.meta.ai/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for Meta (United States)",
};

}  // namespace

const vendor& meta() noexcept { return table; }

}  // namespace naru::vendors
