#include "load_tests/routing/contest.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "policies/resilience/health.hpp"

namespace naru::routing_day {
namespace {

constexpr std::size_t most_calls = 3;

steady_time at(double second) {
  return steady_time{std::chrono::hours{1}} + std::chrono::duration_cast<steady_time::duration>(seconds{second});
}
wall_time wall_at(double second) {
  return std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::duration_cast<wall_time::duration>(seconds{second});
}

/// One request on its way.
struct journey {
  std::array<std::uint32_t, vendor_count> order{};
  std::size_t planned = 0;
  std::size_t next = 0;  ///< place in the order
  std::size_t calls = 0;
};

/// The end of a call.
struct ending {
  double at;
  std::uint64_t request;
  std::uint32_t vendor;
  double began;
  answer got;
  resilience::health::admission admission;
  bool operator>(const ending& other) const { return std::tie(at, request) > std::tie(other.at, other.request); }
};

class course {
 public:
  course(const contender& who, const std::vector<arrival>& day, std::uint64_t seed)
      : who_(who), day_(day), seed_(seed), journeys_(day.size()) {
    out_.name = who.name;
    for (std::size_t v = 0; v < vendor_count; ++v) {
      facts_[v].id = vendors()[v].id;
      facts_[v].clearance = {3};
      facts_[v].quality = vendors()[v].quality;
    }
  }

  outcome run() {
    for (std::uint64_t n = 0; n < day_.size(); ++n) {
      end_until(day_[n].at);
      ++out_.requests;
      plan(n);
      call(n, day_[n].at);
    }
    end_until(2 * day_seconds);
    return std::move(out_);
  }

 private:
  void end_until(double time) {
    while (!endings_.empty() && endings_.top().at <= time) {
      const ending e = endings_.top();
      endings_.pop();
      end(e);
    }
  }

  void plan(std::uint64_t n) {
    journey& j = journeys_[n];
    const arrival& a = day_[n];
    if (who_.round_robin) {
      for (std::uint32_t i = 0; i < vendor_count; ++i) j.order[i] = static_cast<std::uint32_t>((n + i) % vendor_count);
      j.planned = vendor_count;
      return;
    }
    const auto size = static_cast<std::size_t>(routing::size_class_of({a.input}));
    std::array<routing::candidate, vendor_count> candidates;
    for (std::size_t v = 0; v < vendor_count; ++v) {
      facts_[v].price = price_at(v, a.at / 3600);
      candidates[v].facts = &facts_[v];
      candidates[v].health = health_[v].view(at(a.at));
      candidates[v].pace = paces_[v][size];
      candidates[v].in_flight = in_flight_[v];
    }
    routing::demand d;
    d.input = {a.input};
    d.expected_output = {300};
    const auto made = routing::make_plan({.candidates = candidates,
                                          .demand = d,
                                          .require = none_,
                                          .strategy = who_.strategy,
                                          .labels = labels_,
                                          .seed = seed_ + n,
                                          .now = at(a.at),
                                          .wall_now = wall_at(a.at),
                                          .tuning = who_.tuning});
    std::ranges::copy(made.order, j.order.begin());
    j.planned = made.order.size();
  }

  /// The next call of a request, where one may be made.
  void call(std::uint64_t n, double now) {
    journey& j = journeys_[n];
    while (j.next < j.planned && j.calls < most_calls) {
      const std::uint32_t v = j.order[j.next++];
      const auto admission = health_[v].admit(at(now));
      if (!admission.granted) continue;
      ++j.calls;
      ++in_flight_[v];
      const answer got = ask(seed_, n, day_[n], v, now);
      endings_.push({now + got.total, n, v, now, got, admission});
      return;
    }
    ++out_.failed;
  }

  void end(const ending& e) {
    --in_flight_[e.vendor];
    const arrival& a = day_[e.request];
    routing::pace& pace = paces_[e.vendor][static_cast<std::size_t>(routing::size_class_of({a.input}))];
    if (e.got.how == answer::end::whole) {
      health_[e.vendor].succeeded(e.admission, at(e.at));
      pace = routing::learn(pace, {static_cast<float>(e.got.first_token), static_cast<float>(e.got.total), {a.output}}, who_.tuning.prior,
                            at(e.at));
      note(e, a);
      return;
    }
    failure f;
    f.cls = failure_class::transient;
    f.code = e.got.how == answer::end::timeout ? "timeout" : "connect";
    health_[e.vendor].failed(e.admission, f, at(e.at));
    if (e.got.how == answer::end::timeout)
      pace = routing::learn_at_least(pace, static_cast<float>(e.got.total), who_.tuning.prior, at(e.at));
    ++out_.failed_calls;
    call(e.request, e.at);
  }

  void note(const ending& e, const arrival& a) {
    const double dollars =
        static_cast<double>(pricing::predict(price_at(e.vendor, e.began / 3600), {a.input}, {a.output}, wall_at(e.began)).amount.value) /
        1e9;
    ++out_.answered[e.vendor];
    out_.cost += dollars;
    slot& s = out_.by_time[std::min(static_cast<std::size_t>(a.at / day_seconds * slots), slots - 1)];
    s.cost += dollars;
    s.first_tokens.push_back(e.began + e.got.first_token - a.at);
  }

  const contender& who_;
  const std::vector<arrival>& day_;
  std::uint64_t seed_;
  outcome out_;
  std::vector<journey> journeys_;
  std::priority_queue<ending, std::vector<ending>, std::greater<>> endings_;
  std::array<routing::deployment, vendor_count> facts_;
  std::array<resilience::health, vendor_count> health_;
  std::array<std::array<routing::pace, routing::size_classes>, vendor_count> paces_{};
  std::array<std::uint32_t, vendor_count> in_flight_{};
  routing::requirements none_;
  label_scheme labels_;
};

}  // namespace

const std::vector<contender>& contenders() {
  using routing::strategy;
  static const std::vector<contender> all{
      {.name = "cheapest", .strategy = strategy::cheapest},
      {.name = "fastest", .strategy = strategy::fastest},
      {.name = "balanced", .strategy = strategy::balanced, .tuning = {.balance = {500, 500, 0}, .explore = 0, .prior = {}}},
      {.name = "weighted", .strategy = strategy::weighted},
      {.name = "round-robin", .round_robin = true},
      {.name = "static priority", .strategy = strategy::priority}};
  return all;
}

outcome run(const contender& who, const std::vector<arrival>& day, std::uint64_t seed) { return course(who, day, seed).run(); }

double percentile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, place);
  return *place;
}

double first_token_percentile(const outcome& o, double p, double from_hour, double to_hour) {
  std::vector<double> all;
  for (std::size_t i = 0; i < slots; ++i) {
    const double hour = static_cast<double>(i) * 24 / slots;
    if (hour < from_hour || hour >= to_hour) continue;
    all.insert(all.end(), o.by_time[i].first_tokens.begin(), o.by_time[i].first_tokens.end());
  }
  return percentile(std::move(all), p);
}

}  // namespace naru::routing_day
