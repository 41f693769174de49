#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& huggingface() noexcept;

}  // namespace naru::vendors
