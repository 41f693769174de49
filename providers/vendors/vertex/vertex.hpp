#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& vertex() noexcept;

}  // namespace naru::vendors
