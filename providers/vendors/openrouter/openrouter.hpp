#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& openrouter() noexcept;

}  // namespace naru::vendors
