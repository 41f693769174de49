#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& groq() noexcept;

}  // namespace naru::vendors
