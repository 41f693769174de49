#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& azure() noexcept;

}  // namespace naru::vendors
