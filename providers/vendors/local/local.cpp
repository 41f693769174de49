#include "providers/vendors/local/local.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "local",
    .dialect = "openai_chat",
    .base_url = {},  // the supervisor knows the worker's socket
    .auth = auth_style::none,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = {},
    .clearance_note = "the embedded model: nothing leaves this machine, so its clearance is the highest",
};

}  // namespace

const vendor& local() noexcept { return table; }

}  // namespace naru::vendors
