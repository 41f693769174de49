#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "policies/routing/calendar.hpp"

/// Time zones as tables, made while settings load. libstdc++ 12 has no std::chrono::tzdb, so the system's files are read here.
namespace naru::config {

/// "UTC", "Z", "+09:00", "-0530": no file needed. nullopt: none of these.
[[nodiscard]] std::optional<routing::time_zone> fixed_zone(std::string_view name);

/// A compiled zone file (TZif, RFC 8536, version 2 and later). Its last rule is written out until the year 2100.
/// Errors: bad_request, the message says what is wrong with the file.
[[nodiscard]] result<routing::time_zone> read_zone(std::string name, std::string_view bytes);

/// Whether `name` is one of a file below /usr/share/zoneinfo ("Asia/Seoul"), and leads nowhere else.
[[nodiscard]] bool is_zone_name(std::string_view name) noexcept;
inline constexpr std::string_view zone_folder = "/usr/share/zoneinfo/";
inline constexpr std::size_t longest_zone_file = 64 * 1024;

}  // namespace naru::config
