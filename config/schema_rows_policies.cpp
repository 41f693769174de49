#include "config/schema.hpp"

/// Rows of the sections about who may what: sensitivity, callers, rates, and what later versions bring.
namespace naru::config {
namespace {

void add_sensitivity(std::vector<row>& rows) {
  rows.push_back({.path = "sensitivity", .is = form::block, .says = "What a request is, and who decides it."});
  rows.push_back({.path = "sensitivity.labels",
                  .is = form::list,
                  .otherwise = "public, internal, confidential, restricted",
                  .says = "A company's own words, lowest first, 1 to 16 of them."});
  rows.push_back({.path = "sensitivity.labels[]", .is = form::text, .says = "A word."});
  rows.push_back(
      {.path = "sensitivity.default", .is = form::label, .otherwise = "internal", .says = "The label of what nothing else labels."});
  rows.push_back({.path = "sensitivity.detectors",
                  .is = form::map,
                  .says = "What is looked for, and the label it raises to. A group sets all of its members; a member's own line wins."});
  rows.push_back({.path = "sensitivity.detectors.*",
                  .is = form::label,
                  .otherwise = "see docs/reference/detectors.md",
                  .words = {"off"},
                  .says = "A detector or a group: a label, or off."});
  rows.push_back({.path = "sensitivity.opaque",
                  .is = form::label,
                  .fallback = "inherit",
                  .words = {"inherit"},
                  .says = "Label of parts that nobody can read: images, audio, files, encrypted reasoning."});
  rows.push_back({.path = "sensitivity.trust_header",
                  .is = form::flag,
                  .fallback = "true",
                  .says = "Whether the header x-naru-label may raise a label. It never lowers one."});
  rows.push_back({.path = "sensitivity.budget",
                  .is = form::size,
                  .fallback = "256MiB",
                  .lowest = "1MiB",
                  .highest = "64GiB",
                  .says =
                      "What looking through one request may cost, in bytes looked at: its text, what is decoded from it, and 256 for each "
                      "place that a detector looks at closer. A request that costs more gets the highest label."});
  rows.push_back({.path = "sensitivity.custom",
                  .is = form::list,
                  .otherwise = "none",
                  .says = "Patterns of one's own, at most 64: regular expressions over UTF-8 that can be matched in linear time, so "
                          "without back-references and looking around."});
  rows.push_back({.path = "sensitivity.custom[]", .is = form::block, .says = "One pattern."});
  rows.push_back({.path = "sensitivity.custom[].name", .is = form::text, .required = true, .says = "As hits call it; no detector's name."});
  rows.push_back({.path = "sensitivity.custom[].pattern",
                  .is = form::text,
                  .required = true,
                  .says = "What is looked for. `\\b` stands before the first or behind the last character only."});
  rows.push_back({.path = "sensitivity.custom[].label", .is = form::label, .required = true, .says = "The label that it raises to."});
  rows.push_back(
      {.path = "sensitivity.custom[].examples", .is = form::block, .says = "Texts that the pattern is tried on when the file is read."});
  rows.push_back({.path = "sensitivity.custom[].examples.match", .is = form::list, .otherwise = "none", .says = "Must match."});
  rows.push_back({.path = "sensitivity.custom[].examples.match[]", .is = form::text, .says = "A text."});
  rows.push_back({.path = "sensitivity.custom[].examples.no_match", .is = form::list, .otherwise = "none", .says = "Must not match."});
  rows.push_back({.path = "sensitivity.custom[].examples.no_match[]", .is = form::text, .says = "A text."});
}

void add_callers(std::vector<row>& rows) {
  rows.push_back(
      {.path = "callers", .is = form::list, .otherwise = "only loopback is served, without a key", .says = "Who may ask, by key."});
  rows.push_back({.path = "callers[]", .is = form::block, .says = "One caller."});
  rows.push_back({.path = "callers[].name", .is = form::text, .required = true, .says = "As logs and metrics call it."});
  rows.push_back({.path = "callers[].key", .is = form::secret, .says = "The key that it sends as a bearer token. It is hashed at once."});
  rows.push_back({.path = "callers[].key_sha256", .is = form::sha256, .says = "The key's SHA-256 in hex, in place of `key`."});
  rows.push_back({.path = "callers[].team", .is = form::text, .otherwise = "none", .says = "The team that its requests count for."});
  rows.push_back({.path = "callers[].user", .is = form::text, .otherwise = "none", .says = "The user that its requests count for."});
  rows.push_back({.path = "callers[].models", .is = form::list, .otherwise = "all", .says = "What it may ask for."});
  rows.push_back({.path = "callers[].models[]", .is = form::text, .says = "A model, an alias, or `provider/model`."});
  rows.push_back({.path = "callers[].label", .is = form::label, .otherwise = "the model's", .says = "Base label of all that it asks."});
  rows.push_back({.path = "callers[].concurrent",
                  .is = form::integer,
                  .otherwise = "no limit",
                  .lowest = "1",
                  .highest = "1000000",
                  .says = "Requests at once; past it 429."});
}

void add_rates(std::vector<row>& rows) {
  rows.push_back({.path = "rates", .is = form::list, .says = "Limits for a team, a key (a caller's name) or a user."});
  rows.push_back({.path = "rates[]", .is = form::block, .says = "One limit: exactly one of team, key and user."});
  rows.push_back({.path = "rates[].team", .is = form::text, .says = "A team of a caller."});
  rows.push_back({.path = "rates[].key", .is = form::text, .says = "A caller's name."});
  rows.push_back({.path = "rates[].user", .is = form::text, .says = "A user of a caller."});
  rows.push_back(
      {.path = "rates[].concurrent", .is = form::integer, .lowest = "1", .highest = "1000000", .says = "Requests at once; past it 429."});
  rows.push_back({.path = "rates[].requests_per_minute", .is = form::integer, .not_yet = true, .says = "Requests a minute."});
  rows.push_back({.path = "rates[].tokens_per_minute", .is = form::integer, .not_yet = true, .says = "Tokens a minute."});
}

/// A list of names, or one of them.
void add_names(std::vector<row>& rows, const std::string& path, std::string_view otherwise, std::string_view says, std::string_view each) {
  rows.push_back({.path = path, .is = form::list, .otherwise = otherwise, .one_or_list = true, .says = says});
  rows.push_back({.path = path + "[]", .is = form::text, .says = each});
}

void add_conditions(std::vector<row>& rows) {
  const std::string when = "rules[].when";
  rows.push_back({.path = when, .is = form::block, .otherwise = "always", .says = "All that is said must hold; of a list, one of it."});
  add_names(rows, when + ".team", "any", "The caller's team.", "A team of a caller.");
  add_names(rows, when + ".key", "any", "The caller.", "A caller's name.");
  add_names(rows, when + ".user", "any", "The caller's user.", "A user of a caller.");
  add_names(rows, when + ".model", "any", "What was asked for.", "A model, an alias, or `provider/model`.");
  rows.push_back({.path = when + ".api", .is = form::list, .otherwise = "any", .one_or_list = true, .says = "The API that was called."});
  rows.push_back({.path = when + ".api[]", .is = form::word, .words = {"chat"}, .says = "An API."});
  rows.push_back({.path = when + ".header", .is = form::map, .otherwise = "any", .says = "Headers of the request."});
  rows.push_back({.path = when + ".header.*", .is = form::list, .one_or_list = true, .says = "The header's value, as it stands."});
  rows.push_back({.path = when + ".header.*[]", .is = form::text, .says = "A value."});
  rows.push_back({.path = when + ".label",
                  .is = form::text,
                  .otherwise = "any",
                  .says = "The request's label: `confidential`, `>=confidential`, `<restricted`."});
  rows.push_back(
      {.path = when + ".input_tokens", .is = form::text, .otherwise = "any", .says = "Estimated: `>50000`, `<=1000`, `1000..5000`."});
  rows.push_back({.path = when + ".time", .is = form::block, .otherwise = "any", .shorthand = "between", .says = "Hours of the day."});
  rows.push_back(
      {.path = when + ".time.between", .is = form::text, .required = true, .says = "`09:00-18:00`; `22:00-06:00` ends on the next day."});
  rows.push_back({.path = when + ".time.days",
                  .is = form::list,
                  .otherwise = "every day",
                  .one_or_list = true,
                  .says = "The days on which the hours begin."});
  rows.push_back(
      {.path = when + ".time.days[]", .is = form::word, .words = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, .says = "A day."});
  rows.push_back(
      {.path = when + ".time.zone", .is = form::text, .fallback = "UTC", .says = "`UTC`, `+09:00`, or a name such as `Asia/Seoul`."});
  add_names(rows, when + ".language", "any", "The language of the last user message, by CLD2 over its first 2 KiB.",
            "A code of ISO 639, such as `ko`.");
}

void add_rules(std::vector<row>& rows) {
  rows.push_back({.path = "rules", .is = form::list, .says = "Steer before a model's own strategy: the first that matches acts."});
  rows.push_back({.path = "rules[]", .is = form::block, .says = "One rule."});
  rows.push_back({.path = "rules[].name", .is = form::text, .required = true, .says = "As x-naru-rule, logs and metrics call it."});
  add_conditions(rows);
  add_names(rows, "rules[].prefer", "none", "Moved to the front of what is allowed, in this order.", "`provider/model`, or a provider.");
  add_names(rows, "rules[].deny", "none", "Never tried.", "`provider/model`, or a provider.");
  add_require_rows(rows, "rules[].require", true);
  rows.push_back(
      {.path = "rules[].use", .is = form::text, .otherwise = "the model asked for", .says = "Another model, which answers in its place."});
}

}  // namespace

std::vector<row> policy_rows() {
  std::vector<row> rows;
  add_sensitivity(rows);
  add_callers(rows);
  add_rates(rows);
  add_rules(rows);
  rows.push_back({.path = "budgets", .is = form::list, .not_yet = true, .says = "Money that a key, user or team may spend."});
  rows.push_back({.path = "cache", .is = form::block, .not_yet = true, .says = "Answers that need not be bought twice."});
  rows.push_back({.path = "store", .is = form::block, .not_yet = true, .says = "Where keys and spend are kept."});
  return rows;
}

}  // namespace naru::config
