#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/money.hpp"
#include "core/usage.hpp"

/// What a deployment's answers cost. Prices are data (the catalogue, or `price:` in the settings); this says how they are read.
/// Pure: time is an argument. Thread: values; a `price` is immutable once the settings are built.
namespace naru::pricing {

/// The price of one kind of unit.
struct rate {
  enum class state : std::uint8_t {
    unknown,         ///< nobody knows: a cost that needs it is flagged, never silently zero
    not_applicable,  ///< no price of its own: billed as what contains it (cached as input, reasoning as output)
    known,
  };
  state is = state::unknown;
  pico_usd per_unit;  ///< only when known

  [[nodiscard]] static constexpr rate of(pico_usd p) noexcept { return {state::known, p}; }
  [[nodiscard]] static constexpr rate none() noexcept { return {state::not_applicable, {}}; }
  [[nodiscard]] constexpr bool known() const noexcept { return is == state::known; }
  bool operator==(const rate&) const = default;
};

/// One set of prices. Per token, `image` per image.
struct rates {
  rate input;
  rate output;
  rate cached_input;      ///< read from the vendor's cache; without a price they cost as much as input
  rate cache_write;       ///< short retention; replaces the input price of those tokens
  rate cache_write_long;  ///< Anthropic 1 h, OpenAI 12 h
  rate reasoning = rate::none();
  rate audio_input;
  rate audio_output;
  rate image;
  bool operator==(const rates&) const = default;
};

/// Prices of a whole request whose prompt (cached tokens included) is strictly longer than `above_prompt`.
struct tier {
  tokens above_prompt;
  pricing::rates rates;
  bool operator==(const tier&) const = default;
};

/// A complete price list: the short prompt's rates and the tiers above it, in any order.
struct tariff {
  pricing::rates rates;
  std::vector<tier> tiers;
  bool operator==(const tariff&) const = default;
};

/// Multiplies every token price when the *answer* reports this service tier: batch 0.5 is 500.
struct modifier {
  std::string service_tier;
  std::uint32_t milli = 1000;
  std::optional<std::chrono::sys_days> valid_until;  ///< last UTC day of it; after that the tier's price is unknown
  bool operator==(const modifier&) const = default;
};

/// Dearer hours. A window that ends before it starts goes past midnight and belongs to the day on which it starts.
struct peak_hours {
  struct window {
    std::chrono::minutes from;  ///< since midnight UTC, included
    std::chrono::minutes to;    ///< excluded
    bool operator==(const window&) const = default;
  };
  std::vector<window> windows;
  std::uint8_t days = 0x7f;  ///< bit 0 Monday .. bit 6 Sunday (UTC). Public holidays are not known here: they count as working days
  pricing::tariff tariff;
  bool operator==(const peak_hours&) const = default;
};

struct next_tariff {
  std::chrono::sys_days valid_from;
  pricing::tariff tariff;
  bool operator==(const next_tariff&) const = default;
};

enum class confidence : std::uint8_t { doc, third_party, derived, unconfirmed };
[[nodiscard]] std::string_view to_string(confidence c) noexcept;
[[nodiscard]] std::optional<confidence> find_confidence(std::string_view word) noexcept;

struct price {
  bool free = false;  ///< zero on purpose: `price: free`, or a model of one's own
  pricing::tariff tariff;
  std::vector<modifier> modifiers;
  std::optional<peak_hours> peak;
  std::optional<std::chrono::sys_days> valid_from;   ///< first UTC day
  std::optional<std::chrono::sys_days> valid_until;  ///< last UTC day
  std::optional<next_tariff> next;                   ///< replaces `tariff` (and `peak`) from its day
  std::optional<pricing::tariff> list;               ///< after `valid_until`: what a promotion's price goes back to
  pricing::confidence confidence = confidence::doc;  ///< unconfirmed: computed, but flagged
  bool operator==(const price&) const = default;
};

/// What a call cost, or will.
struct charge {
  nano_usd amount;  ///< with `known == false` the best figure there is, 0 when there is none; the ledger keeps the flag
  bool known = true;
  std::string_view why_unknown;  ///< static text; empty when known
  std::string_view note;         ///< static text about a known figure ("cached tokens billed at the input price"); may be empty
};

/// Cost of one call. Summed in 128 bits, rounded up once to a nano-dollar, saturated at `nano_usd::max()`.
/// A subset that is larger than its whole (a vendor's figures that do not add up) is billed in full: never less than reported.
/// @param at      when the call was sent: dates and peak hours
/// @param images  images made by it
/// Cost: no allocation. Errors: none; an unknown price is a flag.
[[nodiscard]] charge cost(const price& p, const usage& u, wall_time at, std::uint64_t images = 0) noexcept;

/// What a call with so many tokens will cost at the standard service tier with nothing cached.
[[nodiscard]] charge predict(const price& p, tokens input, tokens output, wall_time at) noexcept;

/// The dearest token that a request can be charged for at `at`: over input, output, reasoning, cache writes, audio, all tiers and
/// service tiers. @return nullopt when no rate is known; 0 when free. `to_usd_per_million_string` prints it.
[[nodiscard]] std::optional<pico_usd> dearest_per_million(const price& p, wall_time at) noexcept;

}  // namespace naru::pricing
