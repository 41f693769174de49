#include "config/schema.hpp"
#include "providers/vendors/vendor.hpp"

/// Rows of `providers:`.
namespace naru::config {
namespace {

std::vector<std::string_view> vendor_words() {
  std::vector<std::string_view> words;
  for (const vendors::vendor& v : vendors::all_vendors()) words.push_back(v.name);
  return words;
}

void add_reach(std::vector<row>& rows) {
  rows.push_back({.path = "providers.*.type",
                  .is = form::word,
                  .otherwise = "the provider's name",
                  .words = vendor_words(),
                  .says = "Which vendor, or `compatible` for any server that speaks OpenAI's chat form."});
  rows.push_back({.path = "providers.*.api_key",
                  .is = form::secret,
                  .otherwise = "the vendor's usual variable",
                  .says = "The account's key. When only its variable is not set, the provider is off and said to be."});
  rows.push_back({.path = "providers.*.api_keys", .is = form::list, .says = "Several keys that share the load, in place of `api_key`."});
  rows.push_back({.path = "providers.*.api_keys[]", .is = form::secret, .says = "One key."});
  rows.push_back(
      {.path = "providers.*.base_url",
       .is = form::url,
       .otherwise = "the vendor's",
       .says =
           "Means what it means in the vendor's own SDK: OpenAI's and its imitators' ends in /v1, Anthropic's and Google's is the host. "
           "Required for `compatible`; for `local` a naru-worker on another machine."});
  rows.push_back({.path = "providers.*.clearance",
                  .is = form::label,
                  .otherwise = "the default label; the highest for `local`",
                  .says = "The highest label that may be sent there."});
  rows.push_back({.path = "providers.*.region",
                  .is = form::text,
                  .otherwise = "unknown",
                  .says = "Where it is: a country (`kr`) or a vendor's own name (`koreacentral`, `ap-northeast-2`)."});
  rows.push_back({.path = "providers.*.retention",
                  .is = form::duration,
                  .otherwise = "unknown; nothing is kept by a model on this machine",
                  .lowest = "0s",
                  .highest = "3650d",
                  .says = "How long what it saw is kept there, by your contract: `require.retention` compares it."});
  rows.push_back({.path = "providers.*.trains_on_data",
                  .is = form::flag,
                  .otherwise = "unknown; not by a model on this machine",
                  .says = "Whether the vendor may learn from what it saw, by your contract."});
  rows.push_back(
      {.path = "providers.*.proxy",
       .is = form::proxy,
       .otherwise = "HTTPS_PROXY and NO_PROXY of the environment",
       .words = {"off"},
       .says =
           "A corporate proxy, by CONNECT; the vendor's certificate is verified through it. `off`: none, whatever the environment says."});
  rows.push_back({.path = "providers.*.timeouts", .is = form::block, .says = "How long an attempt may take here."});
  rows.push_back({.path = "providers.*.timeouts.connect",
                  .is = form::duration,
                  .fallback = "5s",
                  .lowest = "1ms",
                  .highest = "1d",
                  .says = "DNS, TCP and TLS together."});
  rows.push_back({.path = "providers.*.timeouts.first_byte",
                  .is = form::duration,
                  .fallback = "5m",
                  .lowest = "1ms",
                  .highest = "1d",
                  .says = "From the end of the request to the answer's first byte."});
  rows.push_back({.path = "providers.*.timeouts.idle",
                  .is = form::duration,
                  .fallback = "2m",
                  .lowest = "1ms",
                  .highest = "1d",
                  .says = "Between two pieces of an answer."});
  rows.push_back({.path = "providers.*.timeouts.total",
                  .is = form::duration,
                  .fallback = "10m",
                  .lowest = "1ms",
                  .highest = "1d",
                  .says = "A whole attempt."});
  rows.push_back({.path = "providers.*.tls", .is = form::block, .says = "How its certificate is checked. It always is."});
  rows.push_back({.path = "providers.*.tls.ca",
                  .is = form::path,
                  .otherwise = "the system's",
                  .says = "PEM file with authorities that are trusted for this provider, in place of the system's."});
  rows.push_back({.path = "providers.*.resource",
                  .is = form::text,
                  .otherwise = "none",
                  .says = "For `azure`: the resource's name, as in https://NAME.openai.azure.com."});
  rows.push_back(
      {.path = "providers.*.project", .is = form::text, .otherwise = "none", .says = "For `vertex`: the Google Cloud project's id."});
  rows.push_back({.path = "providers.*.api_version",
                  .is = form::text,
                  .otherwise = "the v1 form, which has none",
                  .says = "For `azure`: the version of the older form with deployments in the path, such as 2024-10-21."});
  rows.push_back(
      {.path = "providers.*.credentials",
       .is = form::text,
       .fallback = "auto",
       .says = "A file with the account's credentials: for `bedrock` one such as ~/.aws/credentials, for `vertex` a service "
               "account's JSON, for `azure` an Entra token that something else renews. `auto`: as the vendor's own tools find them."});
}

void add_local(std::vector<row>& rows) {
  rows.push_back({.path = "providers.*.model",
                  .is = form::path,
                  .otherwise = "the variable NARU_MODEL",
                  .says = "For `local`: the GGUF file. With `base_url`, the name of the model there."});
  rows.push_back({.path = "providers.*.sequences",
                  .is = form::integer,
                  .fallback = "4",
                  .lowest = "1",
                  .highest = "64",
                  .says = "For `local`: answers at once."});
  rows.push_back({.path = "providers.*.context",
                  .is = form::integer,
                  .otherwise = "2048 for each sequence",
                  .lowest = "256",
                  .highest = "1048576",
                  .says = "For `local`: tokens that all sequences share, prompts and answers together."});
  rows.push_back({.path = "providers.*.threads",
                  .is = form::integer,
                  .fallback = "auto",
                  .lowest = "1",
                  .highest = "1024",
                  .words = {"auto"},
                  .says = "For `local`: auto is the cores that the cgroup gives, less one."});
  rows.push_back({.path = "providers.*.queue",
                  .is = form::integer,
                  .fallback = "64",
                  .lowest = "0",
                  .highest = "10000",
                  .says = "For `local`: requests that may wait; past it the next deployment is tried."});
  rows.push_back({.path = "providers.*.max_tokens",
                  .is = form::integer,
                  .fallback = "1024",
                  .lowest = "1",
                  .highest = "1048576",
                  .says = "For `local`: length of an answer whose request gives none."});
  rows.push_back({.path = "providers.*.chat_template",
                  .is = form::path,
                  .otherwise = "the model's own",
                  .says = "For `local`: a Jinja file with another chat template."});
  rows.push_back({.path = "providers.*.socket",
                  .is = form::path,
                  .otherwise = "one in the run-time directory",
                  .says = "For `local`: the Unix socket that naru-worker serves."});
  rows.push_back({.path = "providers.*.program",
                  .is = form::path,
                  .otherwise = "naru-worker beside naru",
                  .says = "For `local`: the worker's program."});
  rows.push_back({.path = "providers.*.nice",
                  .is = form::integer,
                  .fallback = "10",
                  .lowest = "0",
                  .highest = "19",
                  .says = "For `local`: how much the worker gives way to the gateway."});
}

}  // namespace

std::vector<row> provider_rows() {
  std::vector<row> rows;
  rows.push_back({.path = "providers",
                  .is = form::map,
                  .otherwise = "every vendor whose usual variable is set, and `local`",
                  .says = "Accounts with vendors and servers of one's own, by name. A known vendor needs its key alone."});
  rows.push_back(
      {.path = "providers.*", .is = form::block, .words = {"off"}, .says = "One provider. `local` is there unless it says `local: off`."});
  add_reach(rows);
  add_price_rows(rows, "providers.*.price", false);
  add_local(rows);
  return rows;
}

}  // namespace naru::config
