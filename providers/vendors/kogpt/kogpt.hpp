#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& kogpt() noexcept;

}  // namespace naru::vendors
