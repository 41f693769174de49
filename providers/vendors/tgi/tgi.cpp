#include "providers/vendors/tgi/tgi.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "tgi",
    .dialect = "tgi",
    .base_url = {},
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = {},
    .clearance_note = "a server of your own: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& tgi() noexcept { return table; }

}  // namespace naru::vendors
