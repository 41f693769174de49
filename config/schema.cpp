#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace naru::config {
namespace {

/// The node for a row's path, made where its parents are: a row must follow the row above it.
key_node& grow(key_node& root, const std::string& path) {
  key_node* at = &root;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t end = std::min({rest.find('.'), rest.find('['), rest.size()});
    const std::string_view key = rest.substr(0, end);
    if (!key.empty()) {
      if (key == "*") {
        if (!at->any) at->any = std::make_unique<key_node>();
        at = at->any.get();
      } else {
        at = &at->keys[std::string(key)];
      }
    }
    rest.remove_prefix(end);
    if (rest.starts_with("[]")) {
      if (!at->item) at->item = std::make_unique<key_node>();
      at = at->item.get();
      rest.remove_prefix(2);
    }
    if (rest.starts_with('.')) rest.remove_prefix(1);
  }
  return *at;
}

std::vector<row> all_rows() {
  std::vector<row> rows;
  for (auto part : {server_rows, provider_rows, model_rows, policy_rows, resilience_rows}) {
    std::vector<row> some = part();
    std::ranges::move(some, std::back_inserter(rows));
  }
  return rows;
}

std::string_view noun(form f) {
  switch (f) {
    case form::block: return "a block";
    case form::map: return "a block of names";
    case form::list: return "a list";
    case form::text: return "a text";
    case form::word: return "a word";
    case form::flag: return "true or false";
    case form::integer: return "a whole number";
    case form::thousandths: return "a number with at most 3 places";
    case form::share: return "a share with its %";
    case form::size: return "a size with its unit";
    case form::duration: return "a time with its unit";
    case form::date: return "a day such as 2026-12-31";
    case form::usd: return "USD with at most 9 places, such as 0.02";
    case form::rate: return "USD per million tokens with at most 6 places, such as 0.0375";
    case form::rate_each: return "USD with at most 9 places, such as 0.04";
    case form::label: return "a label";
    case form::secret: return "a secret: visible ASCII without blanks";
    case form::path: return "a path";
    case form::address: return "an IP address and a port, such as 127.0.0.1:8080";
    case form::url: return "an address such as https://host:port/path";
    case form::proxy: return "a proxy such as http://proxy:3128";
    case form::sha256: return "64 hex digits";
  }
  return "a value";
}

}  // namespace

schema::schema(std::vector<row> rows) : rows_(std::move(rows)) {
  for (const row& r : rows_) {
    key_node& at = grow(root_, r.path);
    if (at.self != nullptr) throw std::logic_error("settings table: " + r.path + " stands twice");
    at.self = &r;
  }
}

const schema& settings_schema() {
  static const schema table(all_rows());
  return table;
}

const schema& catalogue_schema() {
  static const schema table(catalogue_rows());
  return table;
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string wanted(const row& r) {
  if (r.is == form::word) return listed(r.words);
  std::string value{noun(r.is)};
  if (!r.lowest.empty()) {
    const std::string range = fmt::format("{}..{}", r.lowest, r.highest);
    value = r.is == form::integer ? range : r.is == form::thousandths ? range + ", at most 3 places" : fmt::format("{}, {}", value, range);
  }
  if (!r.shorthand.empty()) value = "a text or " + value;
  std::vector<std::string_view> all = r.words;
  all.push_back(value);
  return listed(all);
}

std::string in_short(const row& r) {
  if (r.not_yet) return "not yet";
  const std::string what = wanted(r);
  if (r.required) return what + "; required";
  if (!r.fallback.empty()) return fmt::format("{}; default {}", what, r.fallback);
  return r.otherwise.empty() ? what : fmt::format("{}; default: {}", what, r.otherwise);
}

}  // namespace naru::config
