#include "load_tests/routing/world.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace naru::routing_day {
namespace {

constexpr double brown_out_factor = 5;
constexpr double price_factor = 8;
constexpr double patience = 30;  // seconds until a call that never answers is given up
constexpr double scatter = 0.3;  // of the logarithm of times

/// Numbers that belong to one request at one vendor.
class luck {
 public:
  luck(std::uint64_t seed, std::uint64_t n, std::size_t vendor) : gen_(seed * 0x9e3779b97f4a7c15U + n * 31 + vendor) {}
  double even() { return std::uniform_real_distribution<double>(0, 1)(gen_); }
  double around_one() { return std::exp(std::normal_distribution<double>(0, scatter)(gen_)); }

 private:
  std::mt19937_64 gen_;
};

/// 1 at `hour`, 0 half a day away.
double nearness(double hour, double to) noexcept { return 0.5 + 0.5 * std::cos((hour - to) / 12 * std::numbers::pi); }

bool happens(std::size_t which, std::size_t vendor, double hour) noexcept {
  const incident& i = incidents()[which];
  return i.vendor == vendor && hour >= i.from_hour && hour < i.to_hour;
}

}  // namespace

const std::array<incident, 3>& incidents() noexcept {
  static constexpr std::array<incident, 3> all{{{"outage", 1, 4.0, 4.75}, {"brown-out", 0, 13.0, 14.5}, {"price x8", 1, 18.0, 24.0}}};
  return all;
}

const std::array<vendor, vendor_count>& vendors() noexcept {
  static constexpr std::array<vendor, vendor_count> all{{{"swift/large", 0.35, 0.00004, 0.008, 0.8, 19, 1.0, 4.0, 600},
                                                         {"thrift/large", 0.9, 0.00008, 0.020, 1.0, 8, 0.15, 0.6, 600},
                                                         {"steady/large", 0.6, 0.00006, 0.014, 0.3, 14, 0.4, 1.6, 600}}};
  return all;
}

pricing::price price_at(std::size_t vendor, double hour) {
  const routing_day::vendor& v = vendors()[vendor];
  const double factor = happens(2, vendor, hour) ? price_factor : 1;
  pricing::price p;
  p.tariff.rates.input = pricing::rate::of({static_cast<std::uint64_t>(v.input_price * factor * 1e6)});
  p.tariff.rates.output = pricing::rate::of({static_cast<std::uint64_t>(v.output_price * factor * 1e6)});
  return p;
}

std::vector<arrival> arrivals(std::uint64_t seed) {
  std::mt19937_64 gen(seed);
  constexpr double busiest = 0.85;  // requests a second
  std::exponential_distribution<double> gap(busiest);
  std::uniform_real_distribution<double> even(0, 1);
  std::lognormal_distribution<double> input(std::log(900.0), 1.0), output(std::log(250.0), 0.7);
  std::vector<arrival> all;
  for (double t = gap(gen); t < day_seconds; t += gap(gen)) {
    const double wanted = 0.15 + 0.85 * nearness(t / 3600, 14);
    const arrival a{t, static_cast<std::uint64_t>(std::min(input(gen), 60'000.0)),
                    static_cast<std::uint64_t>(std::clamp(output(gen), 2.0, 4'000.0))};
    if (even(gen) < wanted) all.push_back(a);
  }
  return all;
}

answer ask(std::uint64_t seed, std::uint64_t n, const arrival& request, std::size_t vendor, double at) {
  constexpr double odd_error = 0.003;
  const routing_day::vendor& v = vendors()[vendor];
  const double hour = at / 3600;
  luck l(seed, n, vendor);
  const double first_luck = l.around_one(), rest_luck = l.around_one(), trouble = l.even();
  if (happens(0, vendor, hour) || trouble < odd_error) return {answer::end::refused, 0.15, 0.15};
  const bool brown = happens(1, vendor, hour);
  if (brown && trouble > 0.95) return {answer::end::timeout, patience, patience};
  const double slowness = (1 + v.busy * nearness(hour, v.busy_hour)) * (brown ? brown_out_factor : 1);
  const double first = (v.first_token + v.per_input * static_cast<double>(request.input)) * slowness * first_luck;
  return {answer::end::whole, first, first + v.per_token * slowness * rest_luck * static_cast<double>(request.output)};
}

}  // namespace naru::routing_day
