#include "core/json/document.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// Path of a value while the document is walked, so that an error can name its place.
class path {
 public:
  struct scope {
    path& owner;
    std::size_t size;
    ~scope() { owner.text_.resize(size); }
  };
  [[nodiscard]] scope enter(std::string_view key) {
    const scope s{*this, text_.size()};
    if (!text_.empty()) text_ += '.';
    text_ += key;
    return s;
  }
  [[nodiscard]] scope enter(std::size_t index) {
    const scope s{*this, text_.size()};
    fmt::format_to(std::back_inserter(text_), "[{}]", index);
    return s;
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// First duplicate or NUL-bearing key of an object. Small objects are compared pairwise; large ones are sorted.
class key_check {
 public:
  result<void> operator()(object o, const path& at) {
    keys_.clear();
    for (const auto& field : o) {
      if (field.key.find('\0') != std::string_view::npos) {
        return fail(error_code::bad_request, "a key holds a NUL character", at.text(), "invalid_json");
      }
      keys_.push_back(field.key);
    }
    if (keys_.size() > 16) {
      std::sort(keys_.begin(), keys_.end());
      const auto twice = std::adjacent_find(keys_.begin(), keys_.end());
      if (twice != keys_.end()) return duplicate(*twice, at);
      return {};
    }
    for (std::size_t i = 1; i < keys_.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (keys_[i] == keys_[k]) return duplicate(keys_[i], at);
      }
    }
    return {};
  }

 private:
  static result<void> duplicate(std::string_view key, const path& at) {
    std::string where = at.text().empty() ? std::string(key) : fmt::format("{}.{}", at.text(), key);
    return fail(error_code::bad_request, fmt::format("the key \"{}\" stands twice in one object", key), std::move(where), "invalid_json");
  }
  std::vector<std::string_view> keys_;
};

result<void> check(value v, path& at, key_check& keys) {
  if (v.is_object()) {
    const object o = v.get_object().value_unsafe();
    if (auto ok = keys(o, at); !ok) return ok;
    for (const auto& field : o) {
      if (!field.value.is_object() && !field.value.is_array()) continue;
      const auto in = at.enter(field.key);
      if (auto ok = check(field.value, at, keys); !ok) return ok;
    }
  } else if (v.is_array()) {
    std::size_t i = 0;
    for (const value item : v.get_array().value_unsafe()) {
      const std::size_t index = i++;
      if (!item.is_object() && !item.is_array()) continue;
      const auto in = at.enter(index);
      if (auto ok = check(item, at, keys); !ok) return ok;
    }
  }
  return {};
}

}  // namespace

namespace {

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
  path at;
  key_check keys;
  if (auto ok = check(doc.root_, at, keys); !ok) return fail(std::move(ok.error()));
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
