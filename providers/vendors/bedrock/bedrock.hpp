#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& bedrock() noexcept;

}  // namespace naru::vendors
