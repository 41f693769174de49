#pragma once
#include <string_view>

#include "policies/routing/calendar.hpp"

namespace naru::config {

/// Writes the changes of a zone's last rule behind those that it has: "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3" (POSIX TZ, with the hours
/// of RFC 8536 3.3.1 from -167 to 167). @return false: the rule cannot be read, and nothing was added
[[nodiscard]] bool add_changes(routing::time_zone& zone, std::string_view rule, int until_year);

}  // namespace naru::config
