#include "providers/vendors/xai/xai.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"XAI_API_KEY"};
constexpr std::array<std::string_view, 2> deviations{"openai_fields_only", "no_verbosity"};
constexpr vendor table{
    .name = "xai",
    .dialect = "openai_chat",
    .also = "openai_responses",
    .base_url = "https://api.x.ai/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for xAI (United States)",
};

}  // namespace

const vendor& xai() noexcept { return table; }

}  // namespace naru::vendors
