#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& ollama() noexcept;

}  // namespace naru::vendors
