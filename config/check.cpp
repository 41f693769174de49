#include "config/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/suggest.hpp"
#include "config/units.hpp"
#include "core/money.hpp"

namespace naru::config {
namespace {

/// A missing variable at a provider's own key turns that provider off: whoever builds the providers says so.
bool may_be_unset(const row& r) { return r.path == "providers.*.api_key" || r.path == "providers.*.api_keys[]"; }

class walker {
 public:
  explicit walker(problem_list& problems) : problems_(problems) {}

  void walk(const node& n, const key_node& k, const std::string& path) {
    if (k.self == nullptr || k.self->is == form::block) return walk_block(n, k, path);
    if (k.self->is == form::map) return walk_map(n, k, path);
    if (k.self->is == form::list) return walk_list(n, k, path);
    walk_value(n, *k.self, path);
  }

 private:
  void walk_block(const node& n, const key_node& k, const std::string& path) {
    if (n.is_scalar() && k.self != nullptr) {
      if (!k.self->shorthand.empty()) return walk(n, k.keys.find(k.self->shorthand)->second, path);
      if (std::ranges::find(k.self->words, n.text) != k.self->words.end()) return;
    }
    if (!n.is_map() && !n.is_null()) return wrong_shape(n, k, path);
    for (const entry& e : n.entries) {
      const auto known = k.keys.find(e.key);
      if (known == k.keys.end()) {
        unknown_key(e, k, path);
      } else if (known->second.self->not_yet) {
        problems_.not_yet(e.at, join(path, e.key));
      } else {
        walk(e.value, known->second, join(path, e.key));
      }
    }
    for (const auto& [key, below] : k.keys) {
      if (below.self->required && n.find(key) == nullptr) {
        problems_.error(n.at, join(path, key), fmt::format("is missing: want {}", wanted(*below.self)));
      }
    }
  }

  void walk_map(const node& n, const key_node& k, const std::string& path) {
    if (!n.is_map() && !n.is_null()) return wrong_shape(n, k, path);
    for (const entry& e : n.entries) {
      walk(e.value, *k.any, join(path, e.key));
    }
  }

  void walk_list(const node& n, const key_node& k, const std::string& path) {
    if (n.is_null()) return;
    if (!n.is_list()) {
      const bool alone = k.self->one_or_list && (k.item->self->is == form::block ? n.is_map() : n.is_scalar());
      return alone ? walk(n, *k.item, path) : wrong_shape(n, k, path);
    }
    for (std::size_t i = 0; i < n.items.size(); ++i) walk(n.items[i], *k.item, join(path, i));
  }

  void walk_value(const node& n, const row& r, const std::string& path) {
    if (!n.unset.empty()) {
      if (!may_be_unset(r)) {
        problems_.error(n.at, path, fmt::format("the variable {0} is not set; ${{env:{0}:-value}} gives a default", n.unset));
      }
      return;
    }
    if (!n.fault.empty()) return problems_.error(n.at, path, n.fault);
    if (const auto waits = std::ranges::find(r.later, n.text); n.is_scalar() && waits != r.later.end()) {
      return problems_.not_yet(n.at, n.text, path);
    }
    if (std::string fault = fault_of(n, r); !fault.empty()) return problems_.error(n.at, path, std::move(fault));
    if (!n.filled && (r.is == form::secret || (r.is == form::proxy && n.text.find('@') != std::string::npos))) {
      problems_.warn(n.at, path, "a secret typed in plain: ${env:NAME} or ${file:/path} keeps it out of this file");
    }
  }

  void wrong_shape(const node& n, const key_node& k, const std::string& path) {
    const bool hidden = k.item && k.item->self->is == form::secret;
    problems_.error(n.at, path, fmt::format("want {}, got {}", wanted(*k.self), shown(n, hidden)));
  }

  void unknown_key(const entry& e, const key_node& k, const std::string& path) {
    std::vector<std::string> known;
    for (const auto& [key, below] : k.keys) known.push_back(key);
    problems_.error(e.at, join(path, e.key), "unknown key" + did_you_mean(e.key, known));
  }

  problem_list& problems_;
};

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
  return std::ranges::find(words, text) != words.end();
}

/// What other YAML readers take for something else than the text that stands there. @return its reading; empty: no trap.
std::string_view trap(std::string_view text) noexcept {
  if (one_of(text, {"yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE", "y", "Y"})) return "true";
  if (one_of(text, {"no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE", "n", "N"})) return "false";
  const auto digits = [](std::string_view s) { return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; }); };
  if (text.size() > 1 && text.front() == '0' && digits(text)) return "an octal number";
  if (text.size() > 2 && (text.starts_with("0x") || text.starts_with("0o")) &&
      text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos) {
    return "a number";
  }
  const auto colon = text.find(':');
  if (colon != text.npos && digits(text.substr(0, colon)) && digits(text.substr(colon + 1))) return "a number in base 60";
  return {};
}

std::string want(const node& n, const row& r, std::string_view more = {}) {
  const bool holds_password = (r.is == form::proxy || r.is == form::url) && n.text.find('@') != std::string::npos;
  const bool hidden = r.is == form::secret || r.is == form::sha256 || holds_password;
  return fmt::format("want {}, got {}{}", wanted(r), shown(n, hidden), more);
}

template <class T, class Parse>
std::string ranged(const node& n, const row& r, Parse parse) {
  const std::optional<T> value = parse(n.text);
  if (!value) return want(n, r);
  const bool outside = !r.lowest.empty() && (*value < *parse(r.lowest) || *parse(r.highest) < *value);
  return outside ? want(n, r) : std::string{};
}

std::string size_fault(const node& n, const row& r) {
  if (const auto bare = parse_integer(n.text); bare && !n.filled) {
    const std::string readings = likely_sizes(*bare, parse_size(r.fallback).value_or(1), *parse_size(r.lowest), *parse_size(r.highest));
    return want(n, r, fmt::format(": write {}", readings));
  }
  return ranged<std::uint64_t>(n, r, parse_size);
}

std::string duration_fault(const node& n, const row& r) {
  if (const auto bare = parse_integer(n.text); bare && !n.filled) {
    using namespace std::chrono_literals;
    const std::string readings =
        likely_durations(*bare, parse_duration(r.fallback).value_or(10s), *parse_duration(r.lowest), *parse_duration(r.highest));
    return want(n, r, fmt::format(": write {}", readings));
  }
  return ranged<std::chrono::milliseconds>(n, r, parse_duration);
}

std::string share_fault(const node& n, const row& r) {
  if (const auto bare = parse_thousandths(n.text); bare && !n.filled) {
    const std::string as_part = *bare <= 1000 ? fmt::format(" or {:g}%", *bare / 10.0) : std::string{};
    return want(n, r, fmt::format(": write {}%{}", n.text, as_part));
  }
  return ranged<std::uint32_t>(n, r, parse_share);
}

std::string integer_fault(const node& n, const row& r) {
  std::string fault = ranged<std::uint64_t>(n, r, parse_integer);
  if (!fault.empty() && n.plain && trap(n.text) == "an octal number")
    fault += " (a leading zero makes an octal number elsewhere: take it out)";
  return fault;
}

std::string text_fault(const node& n, const row& r) {
  if (n.text.empty() || n.text.size() > 4096) return want(n, r);
  if (std::ranges::any_of(n.text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return want(n, r, ": no control characters");
  const std::string_view other = n.plain ? trap(n.text) : std::string_view{};
  return other.empty() ? std::string{} : want(n, r, fmt::format(", which YAML may read as {}: put it in quotes", other));
}

std::string word_fault(const node& n, const row& r) {
  std::vector<std::string> known(r.words.begin(), r.words.end());
  known.insert(known.end(), r.later.begin(), r.later.end());
  return want(n, r, n.filled ? std::string{} : did_you_mean(n.text, known));
}

bool is_visible(char c) noexcept { return c > ' ' && c < 0x7f; }
bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string secret_fault(const node& n, const row& r) {
  if (n.text.empty()) return n.filled ? fmt::format("an empty secret, from {}", shown(n)) : "an empty secret";
  return std::ranges::all_of(n.text, is_visible) && n.text.size() <= 8192 ? std::string{} : want(n, r);
}

std::string flag_fault(const node& n, const row& r) { return n.text == "true" || n.text == "false" ? std::string{} : want(n, r); }

template <class Parse>
std::string parsed(const node& n, const row& r, Parse parse) {
  return parse(n.text) ? std::string{} : want(n, r);
}

}  // namespace

std::string fault_of(const node& n, const row& r) {
  if (!n.is_scalar()) return want(n, r);
  if (std::ranges::find(r.words, n.text) != r.words.end()) return {};
  switch (r.is) {
    case form::integer: return integer_fault(n, r);
    case form::thousandths: return ranged<std::uint32_t>(n, r, parse_thousandths);
    case form::share: return share_fault(n, r);
    case form::size: return size_fault(n, r);
    case form::duration: return duration_fault(n, r);
    case form::word: return word_fault(n, r);
    case form::flag: return flag_fault(n, r);
    case form::text:
    case form::label:
    case form::path: return text_fault(n, r);
    case form::secret: return secret_fault(n, r);
    case form::date: return parsed(n, r, parse_date);
    case form::usd:
    case form::rate_each: return parsed(n, r, parse_usd);
    case form::rate: return parsed(n, r, parse_usd_per_million);
    case form::address: return parsed(n, r, parse_address);
    case form::url: return parsed(n, r, parse_url);
    case form::proxy: return parsed(n, r, parse_proxy);
    case form::sha256: return n.text.size() == 64 && std::ranges::all_of(n.text, is_hex) ? std::string{} : want(n, r);
    case form::block:
    case form::map:
    case form::list: break;
  }
  return want(n, r);
}

void check(const node& tree, const schema& table, problem_list& problems) {
  if (!tree.is_map() && !tree.is_null())
    return problems.error(tree.at, {}, fmt::format("want keys such as `providers:`, got {}", shown(tree)));
  walker(problems).walk(tree, table.root(), {});
}

}  // namespace naru::config
