#include "config/schema.hpp"

/// Rows of config/models.yaml.
namespace naru::config {

std::vector<row> catalogue_rows() {
  std::vector<row> rows;
  rows.push_back({.path = "as_of", .is = form::date, .required = true, .says = "The day on which the facts were gathered."});
  rows.push_back({.path = "quality", .is = form::map, .required = true, .says = "Priors by class."});
  rows.push_back({.path = "quality.*", .is = form::block, .says = "One class."});
  rows.push_back(
      {.path = "quality.*.prior", .is = form::thousandths, .lowest = "0", .highest = "1", .required = true, .says = "The number."});
  rows.push_back({.path = "quality.*.reason", .is = form::text, .required = true, .says = "Why."});
  rows.push_back({.path = "sources", .is = form::map, .required = true, .says = "Where facts come from."});
  rows.push_back({.path = "sources.*", .is = form::text, .says = "One source."});
  rows.push_back({.path = "models", .is = form::map, .required = true, .says = "Models by vendor/model."});
  const std::string one = "models.*";
  rows.push_back({.path = one, .is = form::block, .says = "One model."});
  rows.push_back({.path = one + ".kind",
                  .is = form::word,
                  .words = {"chat", "embedding", "image", "speech", "transcription", "moderation", "rerank"},
                  .required = true,
                  .says = "What it does."});
  rows.push_back({.path = one + ".default", .is = form::flag, .fallback = "false", .says = "Offered by `auto` when its vendor is on."});
  rows.push_back({.path = one + ".quality", .is = form::text, .says = "A class; only of chat models."});
  add_price_rows(rows, one + ".price", true);
  rows.push_back({.path = one + ".other_prices", .is = form::map, .says = "Units that no bill here counts yet, USD."});
  rows.push_back({.path = one + ".other_prices.*", .is = form::usd, .says = "A price."});
  for (const std::string key : {"context", "max_output", "max_input", "dimensions"}) {
    rows.push_back({.path = one + "." + key,
                    .is = form::integer,
                    .lowest = "1",
                    .highest = "100000000",
                    .words = {"unknown", "none"},
                    .says = "Tokens."});
  }
  for (const std::string key : {"reads", "writes", "constraints", "source"}) {
    rows.push_back({.path = one + "." + key, .is = form::list, .says = "Words."});
    rows.push_back({.path = one + "." + key + "[]", .is = form::text, .says = "A word."});
  }
  rows.push_back({.path = one + ".supports", .is = form::block, .says = "What it can do; a key that is missing is unknown."});
  for (const std::string key : {"tools", "json_schema", "vision", "reasoning"}) {
    rows.push_back({.path = one + ".supports." + key, .is = form::flag, .says = "Whether."});
  }
  rows.push_back({.path = one + ".confidence",
                  .is = form::word,
                  .words = {"doc", "third_party", "derived", "unconfirmed"},
                  .required = true,
                  .says = "Of the price."});
  rows.push_back({.path = one + ".note", .is = form::text, .says = "For people."});
  return rows;
}

}  // namespace naru::config
