#include "providers/vendors/anthropic/anthropic.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"ANTHROPIC_API_KEY"};

// anthropic-version is the dialect's: the other clouds that serve this form name the version elsewhere.
constexpr vendor table{
    .name = "anthropic",
    .dialect = "anthropic_messages",
    .base_url = "https://api.anthropic.com",
    .auth = auth_style::x_api_key,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Anthropic (United States unless the account has another region)",
};

}  // namespace

const vendor& anthropic() noexcept { return table; }

}  // namespace naru::vendors
