#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& mistral() noexcept;

}  // namespace naru::vendors
