#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& stability() noexcept;

}  // namespace naru::vendors
