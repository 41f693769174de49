#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& deepseek() noexcept;

}  // namespace naru::vendors
