#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& tgi() noexcept;

}  // namespace naru::vendors
