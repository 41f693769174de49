#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& meta() noexcept;

}  // namespace naru::vendors
