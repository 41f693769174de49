#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& compatible() noexcept;

}  // namespace naru::vendors
