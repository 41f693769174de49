#include "policies/sensitivity/permit.hpp"

namespace naru::sensitivity {

std::optional<clearance_permit> grant(naru::label l, naru::clearance c, std::string_view sink) {
  if (!permits(c, l)) return std::nullopt;
  return clearance_permit{l, sink};
}

}  // namespace naru::sensitivity
