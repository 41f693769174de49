#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& cohere() noexcept;

}  // namespace naru::vendors
