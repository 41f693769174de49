#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& google() noexcept;

}  // namespace naru::vendors
