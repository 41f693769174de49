#include "gateway/observe/cells.hpp"

#include <algorithm>

namespace naru::observe {

cell* cells::find(metric m, std::initializer_list<std::string_view> labels) {
  key_.clear();
  for (const std::string_view value : labels) {
    key_ += value;
    key_ += '\x1f';
  }
  by_labels& series = by_metric_[static_cast<std::size_t>(m)];
  if (const auto at = series.find(std::string_view(key_)); at != series.end()) return &at->second;
  if (series.size() >= most_series) {
    ++dropped_;
    return nullptr;
  }
  cell& made = series[key_];
  made.labels.assign(labels.begin(), labels.end());
  if (const auto& f = family_of(m); f.type == metric_type::histogram) made.buckets.resize(f.buckets.size() + 1);
  return &made;
}

void cells::add(metric m, std::initializer_list<std::string_view> labels, double by) {
  if (cell* c = find(m, labels)) c->value += by;
}

void cells::observe(metric m, std::initializer_list<std::string_view> labels, double value) {
  cell* c = find(m, labels);
  if (c == nullptr) return;
  const auto bounds = family_of(m).buckets;
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value);
  ++c->buckets[static_cast<std::size_t>(at - bounds.begin())];
  c->value += value;
}

void cells::merge(const cells& other) {
  for (std::size_t m = 0; m < metric_count; ++m) {
    for (const auto& [key, theirs] : other.by_metric_[m]) {
      auto [at, fresh] = by_metric_[m].try_emplace(key, theirs);
      if (fresh) continue;
      at->second.value += theirs.value;
      for (std::size_t b = 0; b < theirs.buckets.size(); ++b) at->second.buckets[b] += theirs.buckets[b];
    }
  }
  dropped_ += other.dropped_;
}

std::vector<const cell*> cells::of(metric m) const {
  std::vector<const cell*> out;
  for (const auto& [unused, c] : by_metric_[static_cast<std::size_t>(m)]) out.push_back(&c);
  std::sort(out.begin(), out.end(), [](const cell* a, const cell* b) { return a->labels < b->labels; });
  return out;
}

std::size_t cells::series() const noexcept {
  std::size_t n = 0;
  for (const auto& series : by_metric_) n += series.size();
  return n;
}

}  // namespace naru::observe
