#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& naver() noexcept;

}  // namespace naru::vendors
