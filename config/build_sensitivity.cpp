#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/suggest.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/patterns.hpp"

namespace naru::config {
namespace {

namespace sens = naru::sensitivity;

struct group {
  std::string_view name;
  sens::detector_group is;
};
constexpr std::array<group, 4> groups{{{"secrets", sens::detector_group::secrets},
                                       {"ids", sens::detector_group::ids},
                                       {"finance", sens::detector_group::finance},
                                       {"contact", sens::detector_group::contact}}};

std::vector<std::string> known_names() {
  std::vector<std::string> known;
  for (const group& g : groups) known.emplace_back(g.name);
  for (const sens::detector& d : sens::all_detectors()) known.emplace_back(d.name);
  return known;
}

label_scheme read_scheme(const reader& r, build_context& c) {
  std::vector<std::string> names = label_scheme{}.names();
  if (r["labels"].present()) {
    names.clear();
    for (const reader& each : r["labels"].items()) {
      std::string name = each.text();
      if (name.empty()) continue;
      if (std::ranges::find(names, name) != names.end())
        c.problems.error(each.at(), each.path(), fmt::format("{} stands twice", name));
      else
        names.push_back(std::move(name));
    }
    if (names.empty() || names.size() > 16) {
      c.problems.error(r["labels"].at(), r["labels"].path(), fmt::format("want 1..16 labels, got {}", names.size()));
      names = label_scheme{}.names();
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const reader wanted = r["default"];
  const std::string word = wanted.present() ? wanted.text() : "internal";
  const auto found = std::ranges::find(names, word);
  if (found != names.end()) return {names, static_cast<std::uint8_t>(found - names.begin())};
  if (!wanted.present()) {
    c.problems.error(wanted.at(), wanted.path(), fmt::format("is missing: want {}, because no label is called internal", listed(known)));
  } else if (!word.empty()) {
    c.problems.error(wanted.at(), wanted.path(),
                     fmt::format("want {}, got {}{}", listed(known), shown(*wanted.raw()), did_you_mean(word, names)));
  }
  return {names, 0};
}

/// What a line says: nullopt for off, or for no label (reported).
std::optional<label> line_of(const reader& r, build_context& c) {
  return r.says("off") ? std::nullopt : read_label(r, c.out.sensitivity.labels, c.problems);
}

void refuse_unknown(const reader& lines, build_context& c) {
  const std::vector<std::string> known = known_names();
  for (const auto& [name, r] : lines.entries()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    c.problems.error(lines.raw()->find_entry(name)->at, r.path(), "no such detector or group" + did_you_mean(name, known));
  }
}

void read_detectors(const reader& lines, build_context& c) {
  refuse_unknown(lines, c);
  const auto all = lines.entries();
  const auto line = [&](std::string_view name) {
    return std::ranges::find(all, name, [](const auto& e) -> std::string_view { return e.first; });
  };
  const label_scheme& labels = c.out.sensitivity.labels;
  for (const group& g : groups) {
    std::optional<std::optional<label>> whole;
    if (const auto said = line(g.name); said != all.end()) whole = line_of(said->second, c);
    for (const sens::detector& d : sens::all_detectors()) {
      if (d.group != g.is) continue;
      std::optional<label> raises_to = d.raises_to == sens::usual_label::highest ? labels.highest() : labels.default_label();
      if (whole) raises_to = *whole;
      if (const auto said = line(d.name); said != all.end()) raises_to = line_of(said->second, c);
      if (raises_to) c.out.sensitivity.detectors.push_back({std::string(d.name), *raises_to});
    }
  }
}

/// Whether the pattern does what its author says of it.
void try_examples(const reader& r, const sens::pattern_set& pattern, build_context& c) {
  for (const bool wanted : {true, false}) {
    for (const reader& each : r[wanted ? "match" : "no_match"].items()) {
      if ((pattern.matches(each.text()) != 0) == wanted) continue;
      c.problems.error(each.at(), each.path(), wanted ? "the pattern does not match this" : "the pattern matches this");
    }
  }
}

void read_custom(const reader& list, build_context& c) {
  std::vector<std::string> taken = known_names();
  taken.emplace_back("opaque");
  const auto items = list.items();
  if (items.size() > sens::most_patterns) {
    c.problems.error(list.at(), list.path(), fmt::format("want at most {} patterns, got {}", sens::most_patterns, items.size()));
    return;
  }
  for (const reader& r : items) {
    const reader name = r["name"], pattern = r["pattern"];
    const auto raises_to = read_label(r["label"], c.out.sensitivity.labels, c.problems);
    if (name.text().empty() || pattern.text().empty() || !raises_to) continue;  // reported
    if (std::ranges::find(taken, name.text()) != taken.end()) {
      c.problems.error(name.at(), name.path(), fmt::format("{} is the name of another detector or group", shown(*name.raw())));
      continue;
    }
    taken.push_back(name.text());
    const std::vector<std::string> one{pattern.text()};
    const auto compiled = sens::pattern_set::compile(one);
    if (!compiled) {
      c.problems.error(pattern.at(), pattern.path(), compiled.error().message);
      continue;
    }
    try_examples(r["examples"], *compiled, c);
    c.out.sensitivity.more.custom.push_back({name.text(), pattern.text(), *raises_to});
  }
}

/// Each pattern is good by itself; together they may be too large.
void check_together(const reader& list, build_context& c) {
  std::vector<std::string> all;
  for (const auto& p : c.out.sensitivity.more.custom) all.push_back(p.pattern);
  if (const auto together = sens::pattern_set::compile(all); !together) {
    c.problems.error(list.at(), list.path(), "all patterns together: " + together.error().message);
  }
}

}  // namespace

std::optional<label> read_label(const reader& r, const label_scheme& labels, problem_list& problems) {
  const std::string word = r.text();
  if (word.empty()) return std::nullopt;
  const auto found = labels.find(word);
  if (!found) {
    const std::vector<std::string_view> known(labels.names().begin(), labels.names().end());
    problems.error(r.at(), r.path(), fmt::format("want {}, got {}{}", listed(known), shown(*r.raw()), did_you_mean(word, labels.names())));
  }
  return found;
}

void build_sensitivity(const reader& root, build_context& c) {
  const reader r = root["sensitivity"];
  c.out.sensitivity.labels = read_scheme(r, c);
  c.out.sensitivity.trust_header = r["trust_header"].flag();
  read_detectors(r["detectors"], c);
  if (const reader opaque = r["opaque"]; opaque.present() && !opaque.says("inherit")) {
    c.out.sensitivity.more.opaque = read_label(opaque, c.out.sensitivity.labels, c.problems);
  }
  c.out.sensitivity.more.budget = r["budget"].size();
  read_custom(r["custom"], c);
  check_together(r["custom"], c);
}

}  // namespace naru::config
