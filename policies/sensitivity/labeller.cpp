#include "policies/sensitivity/labeller.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <tuple>

#include "policies/sensitivity/derived_text.hpp"
#include "policies/sensitivity/detectors.hpp"
#include "policies/sensitivity/text_walk.hpp"

namespace naru::sensitivity {
namespace {

constexpr std::size_t most_hits = 64;

/// Collects what the walk finds.
class finder {
 public:
  explicit finder(const std::array<std::optional<label>, detector_count>& actions) : actions_(actions) {}

  void operator()(std::string_view text, const place& at, bool is_key) { look(text, at, is_key, deepest); }
  [[nodiscard]] std::vector<hit> take() {
    std::sort(hits_.begin(), hits_.end(), [](const hit& a, const hit& b) {
      return std::tie(b.raises_to, a.place, a.detector) < std::tie(a.raises_to, b.place, b.detector);
    });
    if (hits_.size() > most_hits) hits_.resize(most_hits);
    return std::move(hits_);
  }

 private:
  void look(std::string_view text, const place& at, bool is_key, int deeper) {
    report(detect(text), at, is_key);
    if (deeper == 0) return;
    for (const std::string& inner : derived_texts(text)) look(inner, at, is_key, deeper - 1);
  }

  void report(detector_set found, const place& at, bool is_key) {
    if (found.empty()) return;
    for (std::size_t d = 0; d < detector_count; ++d) {
      if (!actions_[d] || !found.has(static_cast<detector>(d))) continue;
      std::string where = is_key ? at.parent_text() + " (key)" : at.text();
      const bool known =
          std::any_of(hits_.begin(), hits_.end(), [&](const hit& h) { return h.detector == detector_words[d] && h.place == where; });
      if (!known && hits_.size() < 4 * most_hits) hits_.push_back({detector_words[d], std::move(where), *actions_[d]});
    }
  }

  const std::array<std::optional<label>, detector_count>& actions_;
  std::vector<hit> hits_;
};

}  // namespace

const std::vector<std::string_view>& detector_names() {
  static const std::vector<std::string_view> names(detector_words.begin(), detector_words.end());
  return names;
}

struct labeller::impl {
  label_scheme scheme;
  std::array<std::optional<label>, detector_count> actions{};

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
};

labeller::labeller(label_scheme scheme, std::vector<detector_action> actions) {
  auto made = std::make_unique<impl>();
  made->scheme = std::move(scheme);
  for (const auto& a : actions) {
    const auto at = std::find(detector_words.begin(), detector_words.end(), a.detector);
    if (at == detector_words.end()) throw std::invalid_argument("no detector is called " + a.detector);
    made->actions[static_cast<std::size_t>(at - detector_words.begin())] = a.raises_to;
  }
  impl_ = std::move(made);
}

labeller::~labeller() = default;

judgement labeller::judge(const evidence& e) const noexcept {
  judgement j;
  try {
    j.label = e.base;
    j.set_by = e.base_source;
    impl_->apply_header(j, e);
    finder find(impl_->actions);
    place at;
    walk_text(e.body, at, find);
    j.hits = find.take();
    for (const hit& h : j.hits) impl_->raise(j, h.raises_to, "detector " + std::string(h.detector));
  } catch (...) {
    // Out of memory, or a bug: what cannot be judged is the highest (promise 1). The words are short enough to need no allocation.
    j.label = impl_->scheme.highest();
    j.set_by = "failure";
    j.hits.clear();
    j.failed = true;
  }
  return j;
}

}  // namespace naru::sensitivity
