#include "providers/dialects/strict.hpp"

#include <fmt/format.h>

namespace naru::dialects {

std::string place::text() const {
  if (is_index_) return fmt::format("{}[{}]", up_->text(), index_);
  return up_ == nullptr ? std::string{key_} : fmt::format("{}.{}", up_->text(), key_);
}

void strict::set(const place& at, std::string message) {
  if (first_) return;
  auto field = at.text();
  auto text = fmt::format("{}: {}", field, message);
  first_ = error{error_code::bad_request, std::move(text), std::move(field), {}, std::nullopt};
}

void strict::refuse(const place& at, std::string_view wanted, json::value got) {
  if (!first_) set(at, fmt::format("want {}, got {}", wanted, json::type_name(got)));
}

void strict::missing(const place& at, std::string_view wanted) {
  if (!first_) set(at, fmt::format("want {}, but it is missing", wanted));
}

void strict::refuse_word(const place& at, std::string_view wanted) {
  if (!first_) set(at, fmt::format("want {}, got another word", wanted));
}

void strict::refuse_rule(const place& at, std::string_view rule) {
  if (!first_) set(at, std::string{rule});
}

std::string_view strict::string(const place& at, json::value v, std::string_view wanted) {
  std::string_view s;
  if (v.get(s) != simdjson::SUCCESS) refuse(at, wanted, v);
  return s;
}

std::string_view strict::word(const place& at, json::value v, std::string_view wanted) {
  const auto s = string(at, v, wanted);
  if (s.empty() && v.is_string()) refuse_rule(at, fmt::format("want {}, got an empty one", wanted));
  return s;
}

std::optional<bool> strict::boolean(const place& at, json::value v) {
  bool b = false;
  if (v.get(b) == simdjson::SUCCESS) return b;
  refuse(at, "true or false", v);
  return std::nullopt;
}

std::optional<double> strict::number(const place& at, json::value v, double least, double most) {
  double d = 0;
  if (v.get(d) != simdjson::SUCCESS) {  // simdjson converts integers here
    refuse(at, fmt::format("a number from {} to {}", least, most), v);
  } else if (d >= least && d <= most) {
    return d;
  } else {
    refuse_rule(at, fmt::format("want a number from {} to {}, got another", least, most));
  }
  return std::nullopt;
}

std::optional<std::uint64_t> strict::whole(const place& at, json::value v, std::uint64_t least, std::uint64_t most) {
  std::uint64_t n = 0;
  if (v.get(n) == simdjson::SUCCESS) {
    if (n >= least && n <= most) return n;
    refuse_rule(at, fmt::format("want a whole number from {} to {}, got another", least, most));
  } else if (v.is_number()) {
    refuse_rule(at, fmt::format("want a whole number from {} to {}, got another number", least, most));
  } else {
    refuse(at, fmt::format("a whole number from {} to {}", least, most), v);
  }
  return std::nullopt;
}

std::optional<std::int64_t> strict::integer(const place& at, json::value v) {
  std::int64_t n = 0;
  if (v.get(n) == simdjson::SUCCESS) return n;
  refuse(at, "a whole number of at most 64 bits", v);
  return std::nullopt;
}

std::optional<json::object> strict::object(const place& at, json::value v, std::string_view wanted) {
  json::object o;
  if (v.get(o) == simdjson::SUCCESS) return o;
  refuse(at, wanted, v);
  return std::nullopt;
}

std::optional<json::array> strict::array(const place& at, json::value v, std::string_view wanted) {
  json::array a;
  if (v.get(a) == simdjson::SUCCESS) return a;
  refuse(at, wanted, v);
  return std::nullopt;
}

std::optional<json::value> strict::required(const place& at, json::object o, std::string_view key, std::string_view wanted) {
  auto found = member(o, key);
  if (!found) missing(place{at, key}, wanted);
  return found;
}

std::optional<json::value> member(json::object o, std::string_view key) noexcept {
  auto found = json::find(o, key);
  return found && !json::is_null(*found) ? found : std::nullopt;
}

}  // namespace naru::dialects
