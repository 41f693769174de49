#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/settings.hpp"

/// Texts of a settings file as values. Units are part of a value; nothing here guesses one.
namespace naru::config {

/// "10", not "010", "1e3", "0x10", "+1", "1_000".
[[nodiscard]] std::optional<std::uint64_t> parse_integer(std::string_view text) noexcept;
/// "64KiB", "1.5MiB", "10MB", "512B": KB, MB, GB are powers of 1000, KiB, MiB, GiB of 1024. A fraction must come out as whole bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
/// "250ms", "10s", "1.5s", "10m", "1h", "30d". A fraction must come out as whole milliseconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// "0.4" as 400. At most 3 places after the point.
[[nodiscard]] std::optional<std::uint32_t> parse_thousandths(std::string_view text) noexcept;
/// "50%" as 500 thousandths, "0.5%" as 5. At most 1 place after the point.
[[nodiscard]] std::optional<std::uint32_t> parse_share(std::string_view text) noexcept;
/// "2026-12-31", a day that exists.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text) noexcept;

/// "09:00-18:00", "22:00-06:00", "00:00-24:00": hours of a day; the first is before 24:00 and not the second.
[[nodiscard]] std::optional<std::pair<std::chrono::minutes, std::chrono::minutes>> parse_hours(std::string_view text) noexcept;

/// A place to listen at: "127.0.0.1:8080", "[::1]:8080", ":8080" (every address), "localhost:8080" (127.0.0.1). Port 0: any free one.
[[nodiscard]] std::optional<listener> parse_address(std::string_view text);
/// An address of a server: http or https, a host, a port or the scheme's, a path. No user, query or fragment.
[[nodiscard]] std::optional<endpoint> parse_url(std::string_view text);
/// "http://[user:password@]host:port".
[[nodiscard]] std::optional<proxy> parse_proxy(std::string_view text);

/// The number with the two units that were likely meant: "10s or 10ms". A unit is likely when the value then lies in the range, and the
/// likelier the nearer it comes to the default.
[[nodiscard]] std::string likely_sizes(std::uint64_t number, std::uint64_t usual, std::uint64_t lowest, std::uint64_t highest);
[[nodiscard]] std::string likely_durations(std::uint64_t number, std::chrono::milliseconds usual, std::chrono::milliseconds lowest,
                                           std::chrono::milliseconds highest);

}  // namespace naru::config
