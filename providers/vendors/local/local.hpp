#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& local() noexcept;

}  // namespace naru::vendors
