#include "config/time_zone.hpp"

#include <algorithm>

#include "config/posix_zone.hpp"

namespace naru::config {
namespace {

constexpr int last_year = 2100;

/// Big-endian numbers out of bytes that were checked to be there.
class bytes_reader {
 public:
  explicit bytes_reader(std::string_view bytes) noexcept : left_(bytes) {}
  [[nodiscard]] bool has(std::uint64_t n) const noexcept { return n <= left_.size(); }
  std::string_view take(std::size_t n) noexcept {
    const auto part = left_.substr(0, n);
    left_.remove_prefix(n);
    return part;
  }
  std::uint64_t number(std::size_t width) noexcept {
    std::uint64_t n = 0;
    for (const char c : take(width)) n = n << 8U | static_cast<unsigned char>(c);
    return n;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return left_; }

 private:
  std::string_view left_;
};

struct header {
  char version = 0;
  std::uint64_t utc_flags = 0, standard_flags = 0, leaps = 0, changes = 0, types = 0, letters = 0;
  [[nodiscard]] std::uint64_t size(std::uint64_t time_width) const noexcept {
    return changes * time_width + changes + types * 6 + letters + leaps * (time_width + 4) + standard_flags + utc_flags;
  }
};

std::optional<header> read_header(bytes_reader& from) noexcept {
  constexpr std::size_t header_size = 44;
  if (!from.has(header_size) || from.take(4) != "TZif") return std::nullopt;
  header h;
  h.version = from.take(1)[0];
  from.take(15);
  for (auto* n : {&h.utc_flags, &h.standard_flags, &h.leaps, &h.changes, &h.types, &h.letters}) *n = from.number(4);
  return h;
}

std::unexpected<error> bad(const std::string& name, std::string_view what) {
  return fail(error_code::bad_request, "the file of the time zone " + name + " " + std::string(what));
}

}  // namespace

std::optional<routing::time_zone> fixed_zone(std::string_view name) {
  routing::time_zone zone;
  zone.name = name;
  if (name == "UTC" || name == "Z") return zone;
  if (name.size() < 5 || (name[0] != '+' && name[0] != '-')) return std::nullopt;
  std::string digits;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == ':' && i == 3 && name.size() == 6) continue;
    if (name[i] < '0' || name[i] > '9') return std::nullopt;
    digits += name[i];
  }
  if (digits.size() != 4) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + digits[1] - '0';
  const int minutes = (digits[2] - '0') * 10 + digits[3] - '0';
  if (hours > 14 || minutes > 59) return std::nullopt;
  zone.first = (hours * 60 + minutes) * 60 * (name[0] == '-' ? -1 : 1);
  return zone;
}

bool is_zone_name(std::string_view name) noexcept {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/';
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, good) && name.front() != '/' &&
         name.find("//") == std::string_view::npos;
}

result<routing::time_zone> read_zone(std::string name, std::string_view bytes) {
  bytes_reader from(bytes);
  const auto first = read_header(from);
  if (!first) return bad(name, "is no compiled zone");
  if (first->version < '2') return bad(name, "is of version 1, whose times end in 2038: want a newer tzdata");
  if (!from.has(first->size(4))) return bad(name, "is cut");
  from.take(static_cast<std::size_t>(first->size(4)));  // the same again in 32 bits, for old readers
  const auto h = read_header(from);
  if (!h || !from.has(h->size(8)) || h->types == 0) return bad(name, "is cut");

  std::vector<std::int64_t> times;
  for (std::uint64_t i = 0; i < h->changes; ++i) times.push_back(static_cast<std::int64_t>(from.number(8)));
  const std::string_view type_of = from.take(static_cast<std::size_t>(h->changes));
  std::vector<std::int32_t> offsets;
  for (std::uint64_t i = 0; i < h->types; ++i) {
    offsets.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(from.number(4))));
    from.take(2);  // whether it is summer time, and its letters
  }
  from.take(static_cast<std::size_t>(h->letters + h->leaps * 12 + h->standard_flags + h->utc_flags));

  routing::time_zone zone;
  zone.name = std::move(name);
  zone.first = offsets.front();
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto type = static_cast<unsigned char>(type_of[i]);
    if (type >= offsets.size() || (i > 0 && times[i] <= times[i - 1])) return bad(zone.name, "is damaged");
    zone.changes.push_back({times[i], offsets[type]});
  }
  std::string_view footer = from.rest();
  if (footer.size() < 2 || footer.front() != '\n') return bad(zone.name, "is cut");
  footer.remove_prefix(1);
  footer = footer.substr(0, footer.find('\n'));
  if (!footer.empty() && !add_changes(zone, footer, last_year)) return bad(zone.name, "has a last rule that cannot be read");
  return zone;
}

}  // namespace naru::config
