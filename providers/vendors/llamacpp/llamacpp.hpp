#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& llamacpp() noexcept;

}  // namespace naru::vendors
