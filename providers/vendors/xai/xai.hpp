#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& xai() noexcept;

}  // namespace naru::vendors
