#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/build.hpp"
#include "config/suggest.hpp"

namespace naru::config {
namespace {

key_hash read_hex(std::string_view hex) {
  key_hash out{};
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); };
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
  return out;
}

std::optional<key_hash> read_key(const reader& r, build_context& c) {
  const reader key = r["key"];
  const reader hash = r["key_sha256"];
  if (key.present() == hash.present()) {
    c.problems.error(r.at(), r.path(), key.present() ? "want either key or key_sha256" : "want a key, or its SHA-256 as key_sha256");
    return std::nullopt;
  }
  std::string text = key.present() ? key.text() : hash.text();
  if (text.empty()) return std::nullopt;
  const key_hash out = key.present() ? sha256(text) : read_hex(text);
  secret::wipe(text);
  return out;
}

void read_models(const reader& list, caller& who, build_context& c) {
  const std::vector<std::string> names = model_names(c);
  if (list.is_list() && list.items().empty())
    c.problems.error(list.at(), list.path(), "want at least one model, got an empty list: without the key it may ask for all");
  for (const reader& each : list.items()) {
    const std::string name = each.text();
    if (name.empty()) continue;
    const std::string provider_name = name.substr(0, name.find('/'));
    const bool direct =
        provider_name.size() + 1 < name.size() && std::ranges::find(c.provider_names, provider_name) != c.provider_names.end();
    if (!direct && std::ranges::find(names, name) == names.end()) {
      c.problems.error(each.at(), each.path(), fmt::format("no model {}{}", shown(*each.raw()), did_you_mean(name, names)));
    }
    who.models.push_back(name);
  }
}

class caller_reader {
 public:
  explicit caller_reader(build_context& c) : c_(c) {}

  void read(const reader& r) {
    caller who;
    who.name = r["name"].text();
    who.team = r["team"].text();
    who.user = r["user"].text();
    read_models(r["models"], who, c_);
    who.label = read_label(r["label"], c_.out.sensitivity.labels, c_.problems);
    if (const auto limit = r["concurrent"].maybe_integer()) who.concurrent = static_cast<std::uint32_t>(*limit);
    const auto key = read_key(r, c_);
    if (!who.name.empty()) {
      const auto [earlier, is_new] = names_.emplace(who.name, r.at());
      if (!is_new)
        c_.problems.error(r.at(), r["name"].path(), fmt::format("{} is taken: {}", who.name, c_.problems.where(earlier->second)));
    }
    if (!key) return;
    const auto [earlier, is_new] = keys_.emplace(*key, r.at());
    if (!is_new) c_.problems.error(r.at(), r.path(), "has the same key as the caller in " + c_.problems.where(earlier->second));
    who.key_sha256 = *key;
    c_.out.callers.push_back(std::move(who));
  }

 private:
  build_context& c_;
  std::map<std::string, place> names_;
  std::map<key_hash, place> keys_;
};

class rate_reader {
 public:
  rate_reader(const reader& callers, build_context& c) : callers_(callers), c_(c) {}

  void read(const reader& r) {
    using scope = concurrency_limit::scope;
    std::vector<std::pair<scope, reader>> given;
    for (const auto& [of, key] : {std::pair{scope::team, "team"}, std::pair{scope::key, "key"}, std::pair{scope::user, "user"}}) {
      if (r[key].present()) given.emplace_back(of, r[key]);
    }
    if (given.size() != 1) return c_.problems.error(r.at(), r.path(), "want exactly one of team, key and user");
    const auto& [of, who] = given.front();
    check_name(of, who);
    const auto limit = r["concurrent"].maybe_integer();
    const bool other_limit = r["requests_per_minute"].present() || r["tokens_per_minute"].present();
    if (!r["concurrent"].present() && !other_limit) return c_.problems.error(r.at(), r.path(), "limits nothing: want concurrent");
    if (!limit || who.text().empty()) return;
    concurrency_limit line{of, who.text(), static_cast<std::uint32_t>(*limit)};
    const bool twice = std::ranges::any_of(c_.out.concurrency, [&](const auto& l) { return l.of == line.of && l.name == line.name; });
    if (twice) return c_.problems.error(r.at(), r.path(), fmt::format("a second limit for {}", shown(*who.raw())));
    c_.out.concurrency.push_back(std::move(line));
  }

 private:
  void check_name(concurrency_limit::scope of, const reader& who) {
    using scope = concurrency_limit::scope;
    const std::string_view word = of == scope::team ? "team" : of == scope::user ? "user" : "caller";
    const auto names = names_in(callers_, of == scope::team ? "team" : of == scope::user ? "user" : "name");
    const std::string name = who.text();
    if (name.empty()) return;
    if (std::ranges::find(names, name) == names.end()) {
      return c_.problems.error(
          who.at(), who.path(),
          fmt::format("no caller has the {} {}{}", of == scope::key ? "name" : word, shown(*who.raw()), did_you_mean(name, names)));
    }
    const auto own = std::ranges::find(c_.out.callers, name, &caller::name);
    if (of == scope::key && own != c_.out.callers.end() && own->concurrent) {
      c_.problems.error(who.at(), who.path(), fmt::format("the caller {} already says concurrent", name));
    }
  }

  reader callers_;
  build_context& c_;
};

}  // namespace

std::vector<std::string> model_names(const build_context& c) {
  std::vector<std::string> names;
  for (const model& m : c.out.models) {
    names.push_back(m.name);
    names.insert(names.end(), m.aliases.begin(), m.aliases.end());
  }
  return names;
}

std::vector<std::string> names_in(const reader& callers, std::string_view key) {
  std::set<std::string> names;
  for (const reader& each : callers.items()) {
    if (std::string name = each[key].text(); !name.empty()) names.insert(std::move(name));
  }
  return {names.begin(), names.end()};
}

void build_callers(const reader& root, build_context& c) {
  caller_reader callers(c);
  for (const reader& each : root["callers"].items()) callers.read(each);
  rate_reader rates(root["callers"], c);
  for (const reader& each : root["rates"].items()) rates.read(each);
}

}  // namespace naru::config
