#pragma once
#include "providers/vendors/vendor.hpp"

namespace naru::vendors {

[[nodiscard]] const vendor& anthropic() noexcept;

}  // namespace naru::vendors
