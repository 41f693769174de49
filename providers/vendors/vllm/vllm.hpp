#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& vllm() noexcept;

}  // namespace naru::vendors
