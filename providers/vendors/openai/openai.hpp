#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& openai() noexcept;

}  // namespace naru::vendors
