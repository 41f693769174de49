#include "config/schema.hpp"

/// Rows of `models:`.
namespace naru::config {
namespace {

void add_deployments(std::vector<row>& rows) {
  const std::string one = "models.*.deployments[]";
  rows.push_back({.path = "models.*.deployments",
                  .is = form::list,
                  .required = true,
                  .says = "Who can answer, in the order in which `priority` tries them."});
  rows.push_back({.path = one,
                  .is = form::block,
                  .shorthand = "use",
                  .says = "`provider/model`, or a block with what differs here. `local` is the local provider's only model."});
  rows.push_back({.path = one + ".use", .is = form::text, .required = true, .says = "`provider/model`."});
  rows.push_back({.path = one + ".weight",
                  .is = form::integer,
                  .fallback = "1",
                  .lowest = "0",
                  .highest = "1000000",
                  .says = "For `weighted`: its share; 0 is tried only when all others have failed."});
  rows.push_back({.path = one + ".clearance",
                  .is = form::label,
                  .otherwise = "the provider's",
                  .says = "The highest label that may be sent there. Asked for directly, `provider/model` may have the lowest of the "
                          "provider's clearance and those of all lines that name it."});
  rows.push_back({.path = one + ".region", .is = form::text, .otherwise = "the provider's", .says = "Where it is."});
  rows.push_back({.path = one + ".quality",
                  .is = form::thousandths,
                  .otherwise = "the catalogue's prior by class",
                  .lowest = "0",
                  .highest = "1",
                  .says = "How good its answers are."});
  for (const auto& [key, says] : {std::pair{"tools", "Can call tools."}, std::pair{"vision", "Can read images."},
                                  std::pair{"audio", "Can hear audio."}, std::pair{"json_schema", "Can answer by a JSON schema."}}) {
    rows.push_back(
        {.path = one + "." + key, .is = form::flag, .otherwise = "the catalogue's; unknown is tried after those known to", .says = says});
  }
  rows.push_back({.path = one + ".context",
                  .is = form::integer,
                  .otherwise = "the catalogue's",
                  .lowest = "256",
                  .highest = "100000000",
                  .says = "Tokens that prompt and answer may take together."});
  rows.push_back({.path = one + ".max_output",
                  .is = form::integer,
                  .otherwise = "the catalogue's",
                  .lowest = "1",
                  .highest = "100000000",
                  .says = "Tokens that an answer may take."});
  const std::size_t before = rows.size();
  add_price_rows(rows, one + ".price", false);
  for (std::size_t i = before + 1; i < rows.size(); ++i) rows[i].repeats = true;  // as at the provider
}

void add_require(std::vector<row>& rows) {
  const std::string require = "models.*.require";
  rows.push_back({.path = require, .is = form::block, .says = "Hard limits: a deployment that breaks one is not tried."});
  rows.push_back({.path = require + ".max_cost",
                  .is = form::usd,
                  .otherwise = "no limit",
                  .says = "USD that one call may cost at most, by its predicted tokens."});
  rows.push_back({.path = require + ".region",
                  .is = form::list,
                  .otherwise = "anywhere",
                  .one_or_list = true,
                  .says = "Countries or vendors' regions, any of them."});
  rows.push_back({.path = require + ".region[]", .is = form::text, .says = "`kr`, `eu`, `ap-northeast-2`."});
  rows.push_back({.path = require + ".max_latency", .is = form::duration, .not_yet = true, .says = "Time to the first content."});
  rows.push_back({.path = require + ".quality", .is = form::thousandths, .not_yet = true, .says = "Least quality."});
  rows.push_back(
      {.path = require + ".retention", .is = form::duration, .not_yet = true, .says = "How long the vendor may keep what it saw."});
  rows.push_back({.path = require + ".trains_on_data", .is = form::flag, .not_yet = true, .says = "Whether the vendor may learn from it."});
}

}  // namespace

std::vector<row> model_rows() {
  std::vector<row> rows;
  rows.push_back({.path = "models",
                  .is = form::map,
                  .otherwise = "`auto` and `local`",
                  .says = "What clients ask for, by name. `provider/model` may always be asked for directly, if the caller may."});
  rows.push_back({.path = "models.*", .is = form::block, .says = "One model."});
  rows.push_back(
      {.path = "models.*.strategy",
       .is = form::word,
       .fallback = "cheapest",
       .words = {"cheapest", "weighted", "priority", "auto"},
       .later = {"fastest", "balanced"},
       .says = "Who is tried first: the cheapest by its predicted cost, one by weight, the first of the list, or the best class of quality "
               "and the cheapest of it (auto)."});
  add_deployments(rows);
  rows.push_back({.path = "models.*.aliases", .is = form::list, .says = "Other names for it."});
  rows.push_back({.path = "models.*.aliases[]", .is = form::text, .says = "A name."});
  rows.push_back({.path = "models.*.label",
                  .is = form::label,
                  .otherwise = "sensitivity.default",
                  .says = "Base label of what is asked under this name."});
  add_require(rows);
  rows.push_back({.path = "models.*.expect", .is = form::block, .says = "What is usual, until it is learned."});
  rows.push_back({.path = "models.*.expect.output_tokens",
                  .is = form::integer,
                  .fallback = "400",
                  .lowest = "1",
                  .highest = "1000000",
                  .says = "Length of an answer, for predicted costs."});
  rows.push_back({.path = "models.*.balance", .is = form::block, .not_yet = true, .says = "Weights of the strategy `balanced`."});
  return rows;
}

}  // namespace naru::config
