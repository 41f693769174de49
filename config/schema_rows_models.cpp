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
  rows.push_back({.path = one + ".retention",
                  .is = form::duration,
                  .otherwise = "the provider's",
                  .lowest = "0s",
                  .highest = "3650d",
                  .says = "How long what it saw is kept there."});
  rows.push_back({.path = one + ".trains_on_data",
                  .is = form::flag,
                  .otherwise = "the provider's",
                  .says = "Whether the vendor may learn from what it saw."});
  rows.push_back({.path = one + ".provisioned",
                  .is = form::flag,
                  .fallback = "false",
                  .says =
                      "Capacity that is paid for anyway: tried first while it has room, and its tokens cost nothing more; near its limits "
                      "requests spill over to the others."});
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

}  // namespace

void add_require_rows(std::vector<row>& rows, const std::string& require, bool repeats) {
  const std::size_t before = rows.size();
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
  rows.push_back({.path = require + ".max_latency",
                  .is = form::duration,
                  .otherwise = "no limit",
                  .lowest = "1ms",
                  .highest = "10m",
                  .says = "Predicted time to the first content. Only measured figures exclude: what was not measured lately is tried."});
  rows.push_back(
      {.path = require + ".quality", .is = form::thousandths, .otherwise = "any", .lowest = "0", .highest = "1", .says = "Least quality."});
  rows.push_back({.path = require + ".retention",
                  .is = form::duration,
                  .otherwise = "any",
                  .lowest = "0s",
                  .highest = "3650d",
                  .says = "How long the vendor may keep what it saw at most. Where it is unknown, it does not."});
  rows.push_back({.path = require + ".trains_on_data",
                  .is = form::flag,
                  .fallback = "true",
                  .says = "`false`: only where the vendor is known not to learn from it."});
  for (std::size_t i = before; i < rows.size(); ++i) rows[i].repeats = repeats && i > before;
}

namespace {

void add_balance(std::vector<row>& rows) {
  const std::string balance = "models.*.balance";
  rows.push_back({.path = balance,
                  .is = form::block,
                  .otherwise = "cost 0.4, latency 0.3, quality 0.3",
                  .says = "Weights of `balanced`; only their proportions count. With equal ones half the cost is worth half the time, and "
                          "0.2 more quality (one class); a weight twice as large makes its factor count twice."});
  for (const auto& [key, says] : {std::pair{".cost", "Of the predicted cost."}, std::pair{".latency", "Of the predicted time to the end."},
                                  std::pair{".quality", "Of the quality."}}) {
    rows.push_back({.path = balance + key, .is = form::thousandths, .fallback = "0", .lowest = "0", .highest = "1000", .says = says});
  }
}

}  // namespace

std::vector<row> model_rows() {
  std::vector<row> rows;
  rows.push_back({.path = "translation",
                  .is = form::word,
                  .fallback = "strict",
                  .words = {"strict", "lenient"},
                  .says = "What becomes of a field that the wire form of every deployment in question lacks: `strict` refuses the request "
                          "and names it, `lenient` leaves it out and says so in x-naru-dropped."});
  rows.push_back({.path = "models",
                  .is = form::map,
                  .otherwise = "`auto` and `local`",
                  .says = "What clients ask for, by name. `provider/model` may always be asked for directly, if the caller may."});
  rows.push_back({.path = "models.*", .is = form::block, .says = "One model."});
  rows.push_back(
      {.path = "models.*.strategy",
       .is = form::word,
       .fallback = "cheapest",
       .words = {"cheapest", "fastest", "balanced", "weighted", "priority", "auto"},
       .says = "Who is tried first: the cheapest by its predicted cost, the fastest by its measured times, the best by `balance`, one by "
               "weight, the first of the list, or `balanced` with quality weighing most (auto)."});
  add_deployments(rows);
  rows.push_back({.path = "models.*.aliases", .is = form::list, .says = "Other names for it."});
  rows.push_back({.path = "models.*.aliases[]", .is = form::text, .says = "A name."});
  rows.push_back({.path = "models.*.label",
                  .is = form::label,
                  .otherwise = "sensitivity.default",
                  .says = "Base label of what is asked under this name."});
  add_require_rows(rows, "models.*.require", false);
  rows.push_back({.path = "models.*.expect", .is = form::block, .says = "What is usual, until it is learned."});
  rows.push_back({.path = "models.*.expect.output_tokens",
                  .is = form::integer,
                  .fallback = "400",
                  .lowest = "1",
                  .highest = "1000000",
                  .says = "Length of an answer, for predicted costs."});
  rows.push_back({.path = "models.*.expect.first_token",
                  .is = form::duration,
                  .fallback = "1s",
                  .lowest = "1ms",
                  .highest = "10m",
                  .says = "Time to the first token, of a deployment that has not been measured."});
  rows.push_back({.path = "models.*.expect.per_token",
                  .is = form::duration,
                  .fallback = "15ms",
                  .lowest = "1ms",
                  .highest = "1m",
                  .says = "Time for each token after it."});
  add_balance(rows);
  rows.push_back({.path = "models.*.explore",
                  .is = form::thousandths,
                  .fallback = "0.05",
                  .lowest = "0",
                  .highest = "0.5",
                  .says = "For `fastest`: the share of requests that goes where the figures are oldest, so that a recovery is noticed."});
  return rows;
}

}  // namespace naru::config
