#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& kakao() noexcept;

}  // namespace naru::vendors
