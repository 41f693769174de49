#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "config/build.hpp"
#include "config/suggest.hpp"
#include "config/time_zone.hpp"
#include "config/units.hpp"

/// `rules:`: names resolved, ranges read, header names counted.
namespace naru::config {
namespace {

constexpr std::array<std::string_view, 7> day_words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// ">", ">=", "<", "<=" before a value; empty: none.
std::string_view comparison(std::string_view text) noexcept {
  const std::size_t size = text.starts_with(">=") || text.starts_with("<=") ? 2 : text.starts_with('>') || text.starts_with('<') ? 1 : 0;
  return text.substr(0, size);
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// What a comparison with `value` leaves of 0..most; nullopt: nothing.
template <class T>
std::optional<routing::between<T>> range_of(std::string_view how, std::uint64_t value, T most) {
  if (how == ">=") return routing::between<T>{static_cast<T>(value), most};
  if (how == "<=") return routing::between<T>{0, static_cast<T>(value)};
  if (how == ">") return value >= most ? std::nullopt : std::optional{routing::between<T>{static_cast<T>(value + 1), most}};
  if (how == "<") return value == 0 ? std::nullopt : std::optional{routing::between<T>{0, static_cast<T>(value - 1)}};
  return routing::between<T>{static_cast<T>(value), static_cast<T>(value)};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& ch : out) ch = ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
  return out;
}

bool is_rule_name(std::string_view name) noexcept {
  return name.size() <= 64 && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
         });
}

class rule_reader {
 public:
  rule_reader(const reader& root, build_context& c) : root_(root), c_(c) {}

  void read(const reader& r) {
    routing::rule made;
    made.name = read_name(r["name"]);
    made.when = read_when(r["when"]);
    made.prefer = read_deployments(r["prefer"]);
    made.deny = read_deployments(r["deny"]);
    made.require = read_require(r["require"], c_);
    made.use = read_model(r["use"]);
    if (made.prefer.size() > 64)
      c_.problems.error(r["prefer"].at(), r["prefer"].path(), fmt::format("want at most 64 names, got {}", made.prefer.size()));
    const bool acts = r["prefer"].present() || r["deny"].present() || r["require"].present() || r["use"].present();
    if (!acts) c_.problems.error(r.at(), r.path(), "does nothing: want prefer, deny, require or use");
    if (always_)
      c_.problems.warn(r.at(), r.path(), fmt::format("is never reached: the rule in {} always matches", c_.problems.where(*always_)));
    if (!always_ && !r["when"].present()) always_ = r.at();
    c_.out.rules.push_back(std::move(made));
  }

 private:
  std::string read_name(const reader& r) {
    std::string name = r.text();
    if (name.empty()) return name;
    if (!is_rule_name(name))
      c_.problems.error(r.at(), r.path(), "want a name of letters, digits, _, - and ., at most 64: it stands in a header");
    const auto [earlier, is_new] = names_.emplace(name, r.at());
    if (!is_new) c_.problems.error(r.at(), r.path(), fmt::format("{} is taken: {}", name, c_.problems.where(earlier->second)));
    return name;
  }

  routing::condition read_when(const reader& r) {
    routing::condition when;
    when.teams = read_callers(r["team"], "team");
    when.keys = read_callers(r["key"], "name");
    when.users = read_callers(r["user"], "user");
    for (const reader& each : r["model"].items()) {
      if (std::string name = read_model(each); !name.empty()) when.models.push_back(std::move(name));
    }
    for (const reader& each : r["api"].items()) when.apis.push_back(each.text());
    for (const reader& each : r["language"].items()) read_language(each, when);
    for (const auto& [name, values] : r["header"].entries()) read_header(lower(name), values, when);
    if (r["label"].present()) read_labels(r["label"], when);
    if (r["input_tokens"].present()) read_tokens(r["input_tokens"], when);
    if (r["time"].present()) when.hours = read_hours(r["time"]);
    return when;
  }

  std::vector<std::string> read_callers(const reader& list, std::string_view key) {
    const std::vector<std::string> known = names_in(root_["callers"], key);
    std::vector<std::string> out;
    for (const reader& each : list.items()) {
      const std::string name = each.text();
      if (name.empty()) continue;
      if (std::ranges::find(known, name) == known.end()) {
        c_.problems.error(each.at(), each.path(),
                          fmt::format("no caller has the {} {}{}", key, shown(*each.raw()), did_you_mean(name, known)));
      }
      out.push_back(name);
    }
    return out;
  }

  /// A model by its canonical name; `provider/model` as it stands. Empty: nothing good (reported).
  std::string read_model(const reader& r) {
    const std::string name = r.text();
    if (name.empty()) return name;
    if (const model* m = find(name)) return m->name;
    const std::string first = name.substr(0, name.find('/'));
    if (first.size() + 1 < name.size() && is_provider(first)) return name;
    c_.problems.error(r.at(), r.path(), fmt::format("no model {}{}", shown(*r.raw()), did_you_mean(name, model_names(c_))));
    return {};
  }

  void read_language(const reader& r, routing::condition& when) {
    std::string code = r.text();
    if (code.empty()) return;
    const auto letters = [](std::string_view s) { return std::ranges::all_of(s, [](char ch) { return ch >= 'a' && ch <= 'z'; }); };
    const std::size_t end = std::min(code.find('-'), code.size());
    if (end < 2 || end > 3 || !letters(std::string_view(code).substr(0, end)))
      return c_.problems.error(r.at(), r.path(), fmt::format("want a code of ISO 639 such as ko or en, got {}", shown(*r.raw())));
    when.languages.push_back(std::move(code));
  }

  void read_header(const std::string& name, const reader& values, routing::condition& when) {
    auto& known = c_.out.rule_headers;
    auto at = std::ranges::find(known, name);
    if (at == known.end()) at = known.insert(known.end(), name);
    routing::condition::header h{static_cast<std::size_t>(at - known.begin()), {}};
    for (const reader& each : values.items()) h.values.push_back(each.text());
    if (h.values.empty()) c_.problems.error(values.at(), values.path(), "want at least one value, got none");
    when.headers.push_back(std::move(h));
  }

  void read_labels(const reader& r, routing::condition& when) {
    const std::string text = r.text();
    const std::string_view how = comparison(text);
    const std::string word{trimmed(std::string_view(text).substr(how.size()))};
    const label_scheme& labels = c_.out.sensitivity.labels;
    const auto found = labels.find(word);
    if (!found) {
      const std::vector<std::string_view> known(labels.names().begin(), labels.names().end());
      return c_.problems.error(r.at(), r.path(),
                               fmt::format("want {}, alone or behind >=, <=, > or <, got {}{}", listed(known), shown(*r.raw()),
                                           did_you_mean(word, labels.names())));
    }
    when.label_ranks = range_of<std::uint8_t>(how, found->rank, labels.highest().rank);
    if (!when.label_ranks) never(r);
  }

  void read_tokens(const reader& r, routing::condition& when) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::string text = r.text();
    const std::string_view how = comparison(text);
    const std::string_view rest = trimmed(std::string_view(text).substr(how.size()));
    const std::size_t dots = rest.find("..");
    if (how.empty() && dots != std::string_view::npos) {
      const auto from = parse_integer(trimmed(rest.substr(0, dots)));
      const auto to = parse_integer(trimmed(rest.substr(dots + 2)));
      if (from && to && *from <= *to) {
        when.input_tokens = {*from, *to};
        return;
      }
    } else if (const auto value = parse_integer(rest); value && !how.empty()) {
      when.input_tokens = range_of<std::uint64_t>(how, *value, most);
      if (!when.input_tokens) never(r);
      return;
    }
    if (!text.empty())
      c_.problems.error(r.at(), r.path(), fmt::format("want \">50000\", \"<=1000\" or 1000..5000, got {}", shown(*r.raw())));
  }

  void never(const reader& r) { c_.problems.error(r.at(), r.path(), fmt::format("{} never holds", shown(*r.raw()))); }

  std::optional<routing::hours> read_hours(const reader& r) {
    const reader between = r["between"];
    routing::hours out;
    const auto window = parse_hours(between.text());
    if (window) {
      out.from = window->first;
      out.to = window->second;
    } else if (!between.text().empty()) {
      c_.problems.error(between.at(), between.path(), fmt::format("want hours such as \"09:00-18:00\", got {}", shown(*between.raw())));
    }
    if (r["days"].present()) {
      out.days = 0;
      for (const reader& each : r["days"].items()) {
        const auto day = std::ranges::find(day_words, each.text()) - day_words.begin();
        if (day < 7) out.days = static_cast<std::uint8_t>(out.days | 1U << static_cast<unsigned>(day));
      }
      if (r["days"].is_list() && r["days"].items().empty()) never(r["days"]);
    }
    if (r.raw()->is_map()) out.zone = read_zone_of(r["zone"]);
    return out;
  }

  std::shared_ptr<const routing::time_zone> read_zone_of(const reader& r) {
    const std::string name = r.text();
    if (auto fixed = fixed_zone(name)) return std::make_shared<const routing::time_zone>(std::move(*fixed));
    if (!is_zone_name(name)) {
      c_.problems.error(r.at(), r.path(),
                        fmt::format("want UTC, an offset such as +09:00, or a name such as Asia/Seoul, got {}", shown(*r.raw())));
      return nullptr;
    }
    const auto bytes = c_.options.files->read(std::string(zone_folder) + name, longest_zone_file);
    if (!bytes) {
      c_.problems.error(r.at(), r.path(), fmt::format("no time zone {} in {}: {}", name, zone_folder, bytes.error().message));
      return nullptr;
    }
    auto zone = read_zone(name, *bytes);
    if (zone) return std::make_shared<const routing::time_zone>(std::move(*zone));
    c_.problems.error(r.at(), r.path(), zone.error().message);
    return nullptr;
  }

  /// Deployments, or providers that stand for all of theirs. `local` is both.
  std::vector<std::string> read_deployments(const reader& list) {
    std::vector<std::string> out;
    for (const reader& each : list.items()) {
      const std::string name = each.text();
      if (name.empty()) continue;
      if (!is_provider(name)) check_deployment(each, name);
      out.push_back(name);
    }
    if (list.is_list() && list.items().empty()) c_.problems.error(list.at(), list.path(), "want at least one name, got an empty list");
    return out;
  }

  void check_deployment(const reader& r, const std::string& name) {
    const std::string first = name.substr(0, name.find('/'));
    const provider* p = c_.out.find_provider(first);
    if (p == nullptr) {
      if (!is_provider(first))
        c_.problems.error(r.at(), r.path(), fmt::format("no provider {}{}", first, did_you_mean(first, c_.provider_names)));
      return;  // else it waits for a later version, which was said where it stands
    }
    std::vector<std::string> known;
    for (const deployment& d : c_.out.direct) {
      if (d.provider == first) known.push_back(d.facts.id);
    }
    if (std::ranges::find(known, name) != known.end()) return;
    if (c_.models.chat_models_of(p->type).empty() && first.size() + 1 < name.size()) return;  // nobody knows what such a server has
    c_.problems.error(r.at(), r.path(), fmt::format("no deployment {}{}", shown(*r.raw()), did_you_mean(name, known)));
  }

  [[nodiscard]] const model* find(std::string_view name) const { return c_.out.find_model(name); }
  [[nodiscard]] bool is_provider(const std::string& name) const {
    return std::ranges::find(c_.provider_names, name) != c_.provider_names.end();
  }

  reader root_;
  build_context& c_;
  std::map<std::string, place> names_;
  std::optional<place> always_;
};

}  // namespace

void build_rules(const reader& root, build_context& c) {
  constexpr std::size_t most = 1000;
  rule_reader rules(root, c);
  const reader list = root["rules"];
  if (list.items().size() > most)
    return c.problems.error(list.at(), list.path(), fmt::format("want at most {} rules, got {}", most, list.items().size()));
  for (const reader& each : list.items()) rules.read(each);
}

}  // namespace naru::config
