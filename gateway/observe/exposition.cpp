#include "gateway/observe/exposition.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace naru::observe {
namespace {

prometheus::MetricType type_of(metric_type t) {
  switch (t) {
    case metric_type::counter: return prometheus::MetricType::Counter;
    case metric_type::gauge: return prometheus::MetricType::Gauge;
    case metric_type::histogram: return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

void fill_histogram(prometheus::ClientMetric::Histogram& out, const family& f, const cell& c) {
  out.sample_sum = c.value;
  std::uint64_t so_far = 0;
  for (std::size_t b = 0; b < f.buckets.size(); ++b) {
    so_far += c.buckets[b];
    out.bucket.push_back({so_far, f.buckets[b]});
  }
  out.sample_count = so_far + c.buckets.back();
}

prometheus::ClientMetric to_metric(const family& f, const cell& c) {
  prometheus::ClientMetric out;
  for (std::size_t i = 0; i < f.labels.size(); ++i) out.label.push_back({std::string(f.labels[i]), c.labels[i]});
  switch (f.type) {
    case metric_type::counter: out.counter.value = c.value; break;
    case metric_type::gauge: out.gauge.value = c.value; break;
    case metric_type::histogram: fill_histogram(out.histogram, f, c); break;
  }
  return out;
}

/// The house's counters as prometheus-cpp sees them: nothing is counted through its own types, which lock a mutex each time.
class collector final : public prometheus::Collectable {
 public:
  explicit collector(const std::function<cells()>& collect) : collect_(collect) {}
  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override {
    const cells all = collect_();
    std::vector<prometheus::MetricFamily> out;
    for (const family& f : families()) {
      prometheus::MetricFamily made{std::string(f.name), std::string(f.help), type_of(f.type), {}};
      for (const cell* c : all.of(f.id)) made.metric.push_back(to_metric(f, *c));
      if (!made.metric.empty()) out.push_back(std::move(made));
    }
    return out;
  }

 private:
  const std::function<cells()>& collect_;
};

}  // namespace

std::string exposition(const std::function<cells()>& collect) {
  return prometheus::TextSerializer().Serialize(collector(collect).Collect());
}

}  // namespace naru::observe
