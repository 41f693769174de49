#include "config/schema.hpp"

/// Rows of a price, wherever one stands: providers, deployments, the catalogue.
namespace naru::config {
namespace {

struct kind {
  std::string_view key;
  std::string_view otherwise;  ///< in an operator's price list, which is complete; in the catalogue a rate that is missing is unknown
  std::string_view says;
};
constexpr kind kinds[] = {
    {"input", "unknown", "Prompt tokens, USD per million."},
    {"output", "unknown", "Answer tokens, USD per million."},
    {"cached_input", "none", "Prompt tokens read from the vendor's cache; `none`: billed as input."},
    {"cache_write", "none", "Prompt tokens written to the vendor's cache, in place of input; `none`: writing costs nothing more."},
    {"cache_write_long", "none", "The same with the vendor's long retention (1 h, 12 h)."},
    {"reasoning", "none", "Reasoning tokens; `none`: billed as output."},
    {"audio_input", "none", "Audio tokens of the prompt; `none`: billed as input."},
    {"audio_output", "none", "Audio tokens of the answer; `none`: billed as output."},
};

void add_rates(std::vector<row>& rows, const std::string& path, bool repeats) {
  for (const kind& k : kinds) {
    rows.push_back({.path = path + "." + std::string(k.key),
                    .is = form::rate,
                    .otherwise = k.otherwise,
                    .words = {"unknown", "none"},
                    .repeats = repeats,
                    .says = k.says});
  }
  rows.push_back({.path = path + ".image",
                  .is = form::rate_each,
                  .otherwise = "unknown",
                  .words = {"unknown", "none"},
                  .repeats = repeats,
                  .says = "One image, USD."});
}

void add_tiers(std::vector<row>& rows, const std::string& path, bool repeats) {
  rows.push_back({.path = path + ".tiers",
                  .is = form::list,
                  .repeats = repeats,
                  .says = "Other prices for the whole of a request whose prompt is longer."});
  rows.push_back({.path = path + ".tiers[]", .is = form::block, .repeats = repeats, .says = "One tier: its own rates, as above."});
  rows.push_back({.path = path + ".tiers[].above_prompt_tokens",
                  .is = form::integer,
                  .lowest = "1",
                  .highest = "1000000000",
                  .required = true,
                  .repeats = repeats,
                  .says = "Prompts strictly longer than this, cached tokens included."});
  add_rates(rows, path + ".tiers[]", true);
}

void add_tariff(std::vector<row>& rows, const std::string& path, std::string_view says) {
  rows.push_back({.path = path, .is = form::block, .says = says});
  add_rates(rows, path, true);
  add_tiers(rows, path, true);
}

void add_modifiers(std::vector<row>& rows, const std::string& path) {
  rows.push_back(
      {.path = path + ".modifiers", .is = form::map, .says = "Factors on every token price, by the service tier that the answer reports."});
  rows.push_back({.path = path + ".modifiers.*", .is = form::block, .shorthand = "factor", .says = "A factor, or one that ends on a day."});
  rows.push_back({.path = path + ".modifiers.*.factor",
                  .is = form::thousandths,
                  .lowest = "0",
                  .highest = "1000",
                  .required = true,
                  .says = "0.5 is half."});
  rows.push_back({.path = path + ".modifiers.*.valid_until",
                  .is = form::date,
                  .otherwise = "for ever",
                  .says = "Last UTC day; after it the price is unknown."});
}

void add_schedule(std::vector<row>& rows, const std::string& path) {
  rows.push_back({.path = path + ".schedule", .is = form::block, .says = "Dearer hours; the other prices are those outside them."});
  rows.push_back({.path = path + ".schedule.peak_windows", .is = form::list, .required = true, .says = "Hours in UTC."});
  rows.push_back({.path = path + ".schedule.peak_windows[]", .is = form::text, .says = "From and to: \"01:00-04:00\"."});
  rows.push_back(
      {.path = path + ".schedule.peak_days", .is = form::list, .otherwise = "every day", .says = "Days in UTC on which they start."});
  rows.push_back({.path = path + ".schedule.peak_days[]",
                  .is = form::word,
                  .words = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
                  .says = "A day."});
  add_tariff(rows, path + ".schedule.peak_price", "Prices in those hours: rates and tiers, as above.");
}

}  // namespace

void add_price_rows(std::vector<row>& rows, const std::string& path, bool with_dates) {
  rows.push_back({.path = path,
                  .is = form::block,
                  .otherwise = "the catalogue's",
                  .words = {"free"},
                  .says = "What its answers cost, in place of the catalogue. `free` is zero on purpose."});
  add_rates(rows, path, false);
  add_tiers(rows, path, false);
  add_modifiers(rows, path);
  add_schedule(rows, path);
  rows.push_back({.path = path + ".currency",
                  .is = form::word,
                  .fallback = "USD",
                  .words = {"USD"},
                  .later = {"KRW", "EUR", "JPY", "GBP", "CNY"},
                  .says = "Of all these prices."});
  if (!with_dates) return;
  rows.push_back({.path = path + ".valid_from", .is = form::date, .says = "First UTC day of these prices."});
  rows.push_back({.path = path + ".valid_until", .is = form::date, .says = "Last UTC day of these prices."});
  add_tariff(rows, path + ".next", "Prices that replace these.");
  rows.push_back({.path = path + ".next.valid_from", .is = form::date, .required = true, .says = "First UTC day of the next prices."});
  add_tariff(rows, path + ".list", "Prices that a promotion goes back to after valid_until.");
}

}  // namespace naru::config
