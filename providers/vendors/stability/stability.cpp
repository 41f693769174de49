#include "providers/vendors/stability/stability.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"STABILITY_API_KEY"};

constexpr vendor table{
    .name = "stability",
    .dialect = "stability",  // which refuses chats by name
    .images = "stability",
    .base_url = "https://api.stability.ai",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Stability AI (United Kingdom and United States)",
};

}  // namespace

const vendor& stability() noexcept { return table; }

}  // namespace naru::vendors
