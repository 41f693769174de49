#include "policies/sensitivity/labeller.hpp"

#include <algorithm>
#include <stdexcept>

#include "policies/sensitivity/finder.hpp"

namespace naru::sensitivity {
namespace {

/// "a@b.io", "8.8.8.8": what any detector finds has at least so many bytes.
constexpr std::size_t shortest_finding = 6;

constexpr std::string_view out_of_budget = "looking through it costs more than sensitivity.budget";
constexpr std::string_view broke = "a detector failed";

prepared prepare(const std::vector<detector_action>& actions, labeller_options more) {
  const auto table = all_detectors();
  scan::detector_bits on = 0;
  std::array<label, 64> raises_to{};
  for (const auto& a : actions) {
    const auto at = std::ranges::find(table, a.detector, &detector::name);
    if (at == table.end()) throw std::invalid_argument("no detector is called " + a.detector);
    const auto index = static_cast<std::size_t>(at - table.begin());
    on |= scan::detector_bits{1} << index;
    raises_to[index] = a.raises_to;
  }
  std::vector<std::string> texts;
  for (const custom_pattern& c : more.custom) texts.push_back(c.pattern);
  auto patterns = pattern_set::compile(texts);
  if (!patterns) throw std::invalid_argument("pattern " + patterns.error().field + ": " + patterns.error().message);
  const std::size_t shortest = std::min(shortest_finding, patterns->shortest());
  return {scan::scanner(table, on), raises_to, std::move(*patterns), std::move(more.custom), more.opaque, shortest};
}

}  // namespace

const std::vector<std::string_view>& detector_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const detector& d : all_detectors()) all.push_back(d.name);
    return all;
  }();
  return names;
}

struct labeller::impl {
  label_scheme scheme;
  std::uint64_t budget;
  prepared what;

  void raise(judgement& j, label to, std::string by) const {
    if (to <= j.label) return;
    j.label = to;
    j.set_by = std::move(by);
  }

  void apply_header(judgement& j, const evidence& e) const {
    if (e.header.empty() || !e.trust_header) return;
    if (const auto said = scheme.find(e.header))
      raise(j, *said, "header");
    else
      raise(j, scheme.highest(), "unknown header label");
  }

  /// What cannot be judged is the highest (promise 1). The word is short enough to need no allocation.
  void give_up(judgement& j, std::string_view why) const noexcept {
    j.label = scheme.highest();
    j.set_by = "failure";
    j.failed = true;
    j.why_failed = why;
  }
};

labeller::labeller(label_scheme scheme, std::vector<detector_action> actions, labeller_options more) {
  const std::uint64_t budget = more.budget;
  impl_ = std::make_unique<const impl>(std::move(scheme), budget, prepare(actions, std::move(more)));
}

labeller::~labeller() = default;

judgement labeller::judge(const evidence& e) const noexcept {
  judgement j;
  try {
    j.label = e.base;
    j.set_by = e.base_source;
    impl_->apply_header(j, e);
    work_budget work(impl_->budget);
    finder find(impl_->what, work);
    walk_text(e.body, place{}, find);
    j.hits = find.take();
    for (const hit& h : j.hits) impl_->raise(j, h.raises_to, h.detector == "opaque" ? "opaque" : "detector " + std::string(h.detector));
    if (work.spent()) impl_->give_up(j, out_of_budget);
  } catch (...) {  // out of memory, or a bug
    j.hits.clear();
    impl_->give_up(j, broke);
  }
  return j;
}

}  // namespace naru::sensitivity
