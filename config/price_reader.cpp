#include "config/price_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/units.hpp"

namespace naru::config {
namespace {

using pricing::rate;
using pricing::rates;
using pricing::tariff;

constexpr std::array<std::string_view, 7> day_words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// @param missing  what a rate is that does not stand there
rate read_rate(const reader& r, rate missing) {
  if (r.says("none")) return rate::none();
  if (r.says("unknown")) return {};
  const auto price = r.maybe_rate();
  return price ? rate::of(*price) : missing;
}

rate read_image(const reader& r) {
  if (r.says("none")) return rate::none();
  const auto price = r.maybe_usd();
  // An operator's amount is below 2^64 nano-dollars, which may be too large in pico-dollars: nobody charges that for an image.
  return price && price->value <= nano_usd::max().value / 1000 ? rate::of({price->value * 1000}) : rate{};
}

/// @param below  of the rates that these stand beside: what is not billed there is not billed here
rates read_rates(const reader& r, price_list whose, const rates* below) {
  const auto missing = [&](rate rates::* which) {
    if (whose == price_list::operators) return rate::none();
    return below != nullptr && (below->*which).is == rate::state::not_applicable ? rate::none() : rate{};
  };
  rates out;
  out.input = read_rate(r["input"], {});
  out.output = read_rate(r["output"], {});
  out.cached_input = read_rate(r["cached_input"], missing(&rates::cached_input));
  out.cache_write = read_rate(r["cache_write"], missing(&rates::cache_write));
  out.cache_write_long = read_rate(r["cache_write_long"], missing(&rates::cache_write_long));
  out.reasoning = read_rate(r["reasoning"], rate::none());
  out.audio_input = read_rate(r["audio_input"], missing(&rates::audio_input));
  out.audio_output = read_rate(r["audio_output"], missing(&rates::audio_output));
  out.image = read_image(r["image"]);
  return out;
}

tariff read_tariff(const reader& r, price_list whose, const rates* below, problem_list& problems) {
  tariff out;
  out.rates = read_rates(r, whose, below);
  for (const reader& each : r["tiers"].items()) {
    const tokens above{each["above_prompt_tokens"].maybe_integer().value_or(0)};
    if (std::ranges::find(out.tiers, above, &pricing::tier::above_prompt) != out.tiers.end()) {
      problems.error(each.at(), each.path(), fmt::format("a second tier above {} tokens", above.value));
    }
    out.tiers.push_back({above, read_rates(each, whose, &out.rates)});
  }
  return out;
}

pricing::peak_hours read_schedule(const reader& r, price_list whose, const rates& off_peak, problem_list& problems) {
  pricing::peak_hours out;
  for (const reader& each : r["peak_windows"].items()) {
    const std::string text = each.text();
    if (const auto window = parse_hours(text)) {
      out.windows.push_back({window->first, window->second});
    } else if (!text.empty()) {
      problems.error(each.at(), each.path(), fmt::format("want hours such as \"01:00-04:00\", got {}", shown(*each.raw())));
    }
  }
  if (r["peak_days"].present()) {
    out.days = 0;
    for (const reader& each : r["peak_days"].items()) {
      const auto day = std::ranges::find(day_words, each.text()) - day_words.begin();
      if (day < 7) out.days = static_cast<std::uint8_t>(out.days | (1U << static_cast<unsigned>(day)));
    }
  }
  out.tariff = read_tariff(r["peak_price"], whose, &off_peak, problems);
  return out;
}

void read_dates(const reader& r, pricing::price& out, problem_list& problems) {
  out.valid_from = r["valid_from"].maybe_date();
  out.valid_until = r["valid_until"].maybe_date();
  if (r["list"].present()) out.list = read_tariff(r["list"], price_list::shipped, &out.tariff.rates, problems);
  if (!r["next"].present()) return;
  const auto from = r["next"]["valid_from"].maybe_date();
  if (from) out.next = pricing::next_tariff{*from, read_tariff(r["next"], price_list::shipped, &out.tariff.rates, problems)};
}

}  // namespace

pricing::price read_price(const reader& r, price_list whose, problem_list& problems) {
  pricing::price out;
  if (r.says("free")) {
    out.free = true;
    return out;
  }
  out.tariff = read_tariff(r, whose, nullptr, problems);
  for (const auto& [name, each] : r["modifiers"].entries()) {
    out.modifiers.push_back({name, each["factor"].maybe_thousandths().value_or(1000), each["valid_until"].maybe_date()});
  }
  if (r["schedule"].present()) out.peak = read_schedule(r["schedule"], whose, out.tariff.rates, problems);
  if (whose == price_list::shipped) read_dates(r, out, problems);
  return out;
}

}  // namespace naru::config
