#include "core/json/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>

#include "core/json/locate.hpp"

namespace naru::json {
namespace {

namespace dom = simdjson::dom;

/// "offset 17: want ':' after the key"; without an offset when only simdjson objects (a number out of range).
std::string describe(std::string_view text, simdjson::error_code code, const limits& limit) {
  const fault at = find_fault(text, limit.depth);
  if (!at.wanted.empty()) return fmt::format("offset {}: {}", at.offset, at.wanted);
  return code == simdjson::NUMBER_ERROR ? "a number is out of range" : "not valid JSON";
}

/// The first bytes (all of them where there are at most eight) and the length of a key: two keys that differ here are different.
struct signature {
  std::uint64_t head;
  std::size_t size;
  bool operator==(const signature&) const = default;
};
signature sign(std::string_view key) noexcept {
  const char* at = key.data();
  const std::size_t n = key.size();
  const auto load = [](auto word, const char* from) {
    std::memcpy(&word, from, sizeof word);
    return std::uint64_t{word};
  };
  if (n >= 8) return {load(std::uint64_t{}, at), n};
  if (n >= 4) return {load(std::uint32_t{}, at) | load(std::uint32_t{}, at + n - 4) << 32U, n};
  if (n >= 2) return {load(std::uint16_t{}, at) | load(std::uint16_t{}, at + n - 2) << 16U, n};
  return {n == 1 ? load(std::uint8_t{}, at) : 0, n};
}

/// Finds out whether a document holds a key twice in one object or a NUL in a key. It only says that it does: the place is looked for
/// by `find_bad_key`, which well-formed requests never pay for.
class key_check {
 public:
  /// @param nul_possible  the text has an escaped NUL somewhere, so that keys are to be searched for one
  explicit key_check(bool nul_possible) noexcept : nul_possible_(nul_possible) {}

  [[nodiscard]] bool good(value v) {
    if (v.type() == dom::element_type::OBJECT) return good_object(v.get_object().value_unsafe());
    if (v.type() != dom::element_type::ARRAY) return true;
    for (const value item : v.get_array().value_unsafe()) {
      if (is_container(item) && !good(item)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t few = 16;

  static bool is_container(value v) noexcept { return v.type() == dom::element_type::OBJECT || v.type() == dom::element_type::ARRAY; }

  /// Keys of small objects are compared by their signatures, which decides nearly always; those of large ones are sorted.
  bool good_object(object o) {
    std::array<signature, few> seen;
    std::size_t count = 0;
    bool alike = false;
    for (const auto& field : o) {
      if (nul_possible_ && field.key.find('\0') != std::string_view::npos) return false;
      if (count < few) {
        const signature s = sign(field.key);
        for (std::size_t i = 0; i < count; ++i) alike |= seen[i] == s;
        seen[count] = s;
      }
      ++count;
    }
    if ((alike || count > few) && has_twin(o)) return false;
    for (const auto& field : o) {
      if (is_container(field.value) && !good(field.value)) return false;
    }
    return true;
  }

  bool has_twin(object o) {
    sorted_.clear();
    for (const auto& field : o) sorted_.push_back(field.key);
    std::sort(sorted_.begin(), sorted_.end());
    return std::adjacent_find(sorted_.begin(), sorted_.end()) != sorted_.end();
  }

  bool nul_possible_;
  std::vector<std::string_view> sorted_;
};

/// A key as an error may show it: a usual identifier with few digits, as any other text may be as confidential as a value.
std::string_view shown_key(std::string_view key) noexcept {
  constexpr std::size_t longest = 40;
  constexpr std::ptrdiff_t most_digits = 3;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto usual = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '$' || digit(c);
  };
  const bool plain = key.size() <= longest && std::ranges::all_of(key, usual) && std::ranges::count_if(key, digit) <= most_digits;
  return plain ? key : std::string_view{"?"};
}

/// What is wrong with the keys of `v`, whose path is `at`; nullopt when nothing is.
std::optional<error> find_bad_key(value v, const std::string& at) {
  if (v.is_array()) {
    std::size_t i = 0;
    for (const value item : v.get_array().value_unsafe()) {
      if (auto e = find_bad_key(item, fmt::format("{}[{}]", at, i++))) return e;
    }
  }
  if (!v.is_object()) return std::nullopt;
  std::set<std::string_view> seen;
  for (const auto& field : v.get_object().value_unsafe()) {
    if (field.key.find('\0') != std::string_view::npos) {
      return error{error_code::bad_request, "a key holds a NUL character", at, "invalid_json", {}};
    }
    const std::string_view key = shown_key(field.key);
    std::string inner = at.empty() ? std::string(key) : fmt::format("{}.{}", at, key);
    if (!seen.insert(field.key).second) {
      return error{
          error_code::bad_request, fmt::format("the key \"{}\" stands twice in one object", key), std::move(inner), "invalid_json", {}};
    }
    if (auto e = find_bad_key(field.value, inner)) return e;
  }
  return std::nullopt;
}

/// Parsers that a thread has used before: their memory is the larger part of what a small parse costs. A few, and none that a huge body
/// has blown up.
class parser_stock {
 public:
  std::unique_ptr<dom::parser> take() {
    if (kept_.empty()) return std::make_unique<dom::parser>();
    auto parser = std::move(kept_.back());
    kept_.pop_back();
    return parser;
  }
  void give_back(std::unique_ptr<dom::parser> parser) noexcept {
    if (parser && kept_.size() < most && parser->capacity() <= largest) kept_.push_back(std::move(parser));
  }

 private:
  static constexpr std::size_t most = 16;
  static constexpr std::size_t largest = 256 * 1024;
  std::vector<std::unique_ptr<dom::parser>> kept_ = [] {
    std::vector<std::unique_ptr<dom::parser>> empty;
    empty.reserve(most);
    return empty;
  }();
};

parser_stock& stock() {
  thread_local parser_stock here;
  return here;
}

}  // namespace

document::document() = default;
document::~document() {
  if (parser_) stock().give_back(std::move(parser_));
}
document::document(document&&) noexcept = default;
document& document::operator=(document&& other) noexcept {
  if (this != &other) {
    if (parser_) stock().give_back(std::move(parser_));
    parser_ = std::move(other.parser_);
    root_ = other.root_;
  }
  return *this;
}

result<document> document::parse(std::string_view text, const limits& limit, bool padded) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return fail(error_code::bad_request, "offset 0: want JSON, got a byte order mark", {}, "invalid_json");
  }
  document doc;
  doc.parser_ = stock().take();
  const bool fits = doc.parser_->capacity() >= text.size() && doc.parser_->max_depth() == limit.depth;
  if (!fits && doc.parser_->allocate(std::max<std::size_t>(text.size(), 4096), limit.depth) != simdjson::SUCCESS) {
    return fail(error_code::payload_too_large, "the body is too large to be read as JSON");
  }
  const auto parsed = doc.parser_->parse(text.data(), text.size(), !padded);
  if (const auto code = parsed.error(); code != simdjson::SUCCESS) {
    return fail(error_code::bad_request, describe(text, code, limit), {}, "invalid_json");
  }
  doc.root_ = parsed.value_unsafe();
  if (limit.unique_keys && !key_check{text.find("\\u0000") != std::string_view::npos}.good(doc.root_)) {
    if (auto e = find_bad_key(doc.root_, {})) return fail(std::move(*e));
  }
  return doc;
}

std::optional<value> find(object o, std::string_view key) noexcept {
  for (const auto& field : o) {
    if (field.key == key) return field.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> get_string(object o, std::string_view key) noexcept {
  const auto v = find(o, key);
  if (!v || !v->is_string()) return std::nullopt;
  return v->get_string().value_unsafe();
}

std::optional<std::uint64_t> get_uint(object o, std::string_view key) noexcept {
  const auto v = find(o, key);
  if (!v) return std::nullopt;
  std::uint64_t n = 0;
  if (v->get_uint64().get(n) != simdjson::SUCCESS) return std::nullopt;
  return n;
}

std::optional<object> get_object(object o, std::string_view key) noexcept {
  const auto v = find(o, key);
  if (!v || !v->is_object()) return std::nullopt;
  return v->get_object().value_unsafe();
}

std::optional<array> get_array(object o, std::string_view key) noexcept {
  const auto v = find(o, key);
  if (!v || !v->is_array()) return std::nullopt;
  return v->get_array().value_unsafe();
}

bool is_null(value v) noexcept { return v.is_null(); }

std::string_view type_name(value v) noexcept {
  switch (v.type()) {
    case dom::element_type::ARRAY: return "an array";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE: return "a number";
    case dom::element_type::STRING: return "a string";
    case dom::element_type::BOOL: return "a boolean";
    case dom::element_type::NULL_VALUE: return "null";
  }
  return "a value";
}

std::string to_text(value v) { return simdjson::minify(v); }

}  // namespace naru::json
