#include "providers/vendors/kogpt/kogpt.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "kogpt",
    .dialect = "kogpt",
    .base_url = "https://api.kakaobrain.com",
    .auth = auth_style::kakao_ak,
    .key_required = true,
    .key_variables = {},  // never on by itself: the service is not expected to answer
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Kakao (Republic of Korea)",
};

}  // namespace

const vendor& kogpt() noexcept { return table; }

}  // namespace naru::vendors
