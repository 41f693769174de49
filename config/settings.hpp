#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/secret.hpp"
#include "core/chat.hpp"
#include "core/label.hpp"
#include "core/money.hpp"
#include "policies/pricing/price.hpp"
#include "policies/resilience/health.hpp"
#include "policies/resilience/hedge.hpp"
#include "policies/resilience/shed.hpp"
#include "policies/routing/plan.hpp"
#include "policies/routing/rules.hpp"
#include "policies/sensitivity/labeller.hpp"
#include "providers/vendors/bedrock/credentials.hpp"
#include "providers/vendors/google_auth/google_auth.hpp"

/// What the operator wrote, checked and complete: every default filled in, every name resolved, every unit converted.
/// Plain values; built once by `config::load`, immutable from then on, shared by all threads. The ranges below are those of the table in
/// config/schema_rows.cpp, from which the parser, the JSON Schema and docs/reference/settings.md come.
namespace naru::config {

using std::chrono::milliseconds;

/// The two files of a server certificate. Both exist and can be read when the settings were loaded.
struct tls_files {
  std::string certificate;  ///< PEM, the chain, leaf first
  std::string key;          ///< PEM
};

/// A place to listen at.
struct listener {
  std::string host;                           ///< an IP address, without brackets; never a name
  std::uint16_t port = 0;                     ///< 0: any free one (tests)
  bool loopback = true;                       ///< whether only this machine can connect there (127.0.0.0/8, ::1)
  std::optional<tls_files> tls;               ///< absent: plain HTTP
  [[nodiscard]] std::string address() const;  ///< "127.0.0.1:8080", "[::1]:8080"
};

struct admin_listener {
  listener at;
  std::optional<secret> token;  ///< absent: loopback only, and only what changes nothing
};

/// `limits:` totals over one request, not per read.
struct limits {
  std::uint64_t head = 64 * 1024;            ///< bytes of a request's head, 1 KiB..1 MiB
  std::uint64_t body = 32ULL * 1024 * 1024;  ///< bytes of a request's body, 1 KiB..1 GiB
  milliseconds head_time{10'000};            ///< 100 ms..10 min
  milliseconds body_time{30'000};            ///< 100 ms..1 h
  milliseconds idle_time{60'000};            ///< between two requests of a connection, 1 s..1 h
  std::uint32_t connections = 20'000;        ///< open client connections, 1..1'000'000
  bool connections_lowered = false;          ///< the default did not fit the descriptor limit: `connections` is what does
  std::uint32_t attempts = 3;                ///< upstream calls that a request may cost, 1..10
  milliseconds deadline{600'000};            ///< of a whole exchange, 1 s..24 h
};

/// Where a provider's `base_url` points.
struct endpoint {
  bool tls = true;
  std::string host;  ///< a name or an IP address, without brackets
  std::uint16_t port = 443;
  std::string path;  ///< without a slash at its end; the dialect's path follows; may be empty
};

/// A proxy that is asked for a tunnel (CONNECT).
struct proxy {
  std::string host;
  std::uint16_t port = 0;
  std::optional<secret> credentials;  ///< "user:password" for Proxy-Authorization: Basic
  std::string source;                 ///< "settings", or the variable that it came from
};

/// A role that a token file may take (AWS, Kubernetes): passing keys are fetched for it while the gateway runs.
struct aws_role {
  std::string arn;
  std::string session;
  std::string token_file;  ///< read again at each fetch
};

/// Credentials of an account where they are no key. At most one of the three.
struct cloud_account {
  std::optional<vendors::aws_credentials> aws;
  std::optional<aws_role> role;
  std::optional<vendors::google_auth::service_account> google;
};

/// All 1 ms..24 h.
struct timeouts {
  milliseconds connect{5'000};       ///< DNS, TCP and TLS together
  milliseconds first_byte{300'000};  ///< from the request's last byte to the answer's first
  milliseconds idle{120'000};        ///< between two reads of an answer
  milliseconds total{600'000};       ///< of one attempt
};

/// How the embedded model runs; only for `type: local`. See local_backend/options.hpp.
struct local_model {
  std::string model;                ///< path of the GGUF file; empty with `remote` alone
  std::uint32_t sequences = 4;      ///< answers at once, 1..64
  std::uint32_t context = 0;        ///< tokens that all sequences share, 256..1'048'576; 0: 2048 for each sequence
  std::uint32_t threads = 0;        ///< 1..1024; 0: the cores that the cgroup gives, less one
  std::uint32_t queue = 64;         ///< requests that may wait, 0..10'000
  std::uint32_t max_tokens = 1024;  ///< of an answer whose request gives no limit, 1..1'048'576
  std::string chat_template;        ///< path of a Jinja file instead of the model's own; empty: the model's
  std::string socket;               ///< path of the Unix socket; empty: one of our own in the run-time directory
  std::string program;              ///< path of naru-worker; empty: beside naru
  int nice = 10;                    ///< 0..19
  bool remote = false;              ///< `base_url` names a naru-worker that runs elsewhere: nothing is started here
};

/// An account with a vendor, or a server of one's own.
struct provider {
  std::string name;
  std::string type;              ///< a vendor's name: vendors::find_vendor(type) is never null
  std::string base_url;          ///< as configured, or the vendor's; empty for a local worker on a socket
  std::optional<endpoint> to;    ///< base_url taken apart; absent for a local worker on a socket
  std::vector<secret> api_keys;  ///< share the load; may be empty where the vendor needs none
  naru::clearance clearance;
  bool clearance_set = false;             ///< by the operator, rather than by default
  std::string region;                     ///< a country or a vendor's own name; empty: unknown
  std::string resource;                   ///< Azure: the resource's name; see vendors::account
  std::string project;                    ///< Google Cloud: the project's id
  std::string api_version;                ///< Azure: of the older form; empty: the v1 form
  std::string credentials;                ///< path of a file with the account's credentials; empty: looked for as the vendor's own tools do
  bool bearer = false;                    ///< `api_keys` travel as bearer keys, whatever the vendor's usual way
  cloud_account cloud;                    ///< what calls are signed with; empty where there are `api_keys`
  std::optional<milliseconds> retention;  ///< how long what it saw is kept there; absent: unknown
  routing::ability trains_on_data = routing::ability::unknown;  ///< whether the vendor may learn from it
  std::optional<config::proxy> proxy;
  config::timeouts timeouts;
  std::string tls_ca;                   ///< path of a PEM file with further authorities; empty: the system's. Always verified
  std::optional<pricing::price> price;  ///< overrides the catalogue for all of its models
  std::optional<local_model> local;     ///< for type local
  bool off = false;                     ///< known, but nothing is sent there
  std::string off_reason;               ///< "OPENAI_API_KEY is not set"; empty while it is on
};

/// One provider's model, as it stands under one name: catalogue, provider and the line itself already merged.
struct deployment {
  routing::deployment facts;             ///< id "provider/model", clearance, region, capabilities, price, quality, weight
  std::string provider;                  ///< name of an entry of `settings::providers`
  std::string model;                     ///< the vendor's name for it; may hold slashes
  std::optional<request_kind> kind;      ///< what it is for; absent: nobody knows, and what its vendor has a form for is tried
  std::vector<std::string> constraints;  ///< the catalogue's words and the vendor's deviations, each once
  bool in_catalogue = false;             ///< false: nobody shipped knows its price and abilities
};

/// What clients ask for.
struct model {
  std::string name;
  std::vector<std::string> aliases;
  routing::strategy strategy = routing::strategy::cheapest;
  std::vector<deployment> deployments;  ///< in the file's order, 1..256; those of providers that are off among them
  routing::requirements require;
  routing::tuning tuning;                           ///< balance, explore, and the prior of `expect`
  std::optional<naru::label> label;                 ///< base label of what is asked under this name
  std::optional<tokens> expected_output;            ///< expect.output_tokens, 1..1'000'000
  std::optional<resilience::hedge_settings> hedge;  ///< absent: off
};

struct sensitivity {
  label_scheme labels;                                        ///< with the default label in it
  std::vector<naru::sensitivity::detector_action> detectors;  ///< those that are on
  bool trust_header = true;                                   ///< x-naru-label may raise a label
  naru::sensitivity::labeller_options more;                   ///< opaque parts, the budget, a company's own patterns
};

using key_hash = std::array<unsigned char, 32>;

/// Who may ask. The key itself is hashed while loading and never kept.
struct caller {
  std::string name;
  key_hash key_sha256{};
  std::string team;                 ///< may be empty
  std::string user;                 ///< may be empty
  std::vector<std::string> models;  ///< names, aliases and provider/model ids it may ask for; empty: all
  std::optional<naru::label> label;
  std::optional<std::uint32_t> concurrent;  ///< requests at once, 1..1'000'000
};

/// A line of `rates:`: how many requests run at once for one team, key (caller) or user.
struct concurrency_limit {
  enum class scope : std::uint8_t { team, key, user };
  scope of = scope::team;
  std::string name;
  std::uint32_t concurrent = 1;  ///< 1..1'000'000
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error };

struct log {
  std::string access = "stdout";  ///< stdout, stderr, off, or the absolute path of a file
  log_level level = log_level::info;
};

struct stream {
  milliseconds hold_head{15'000};  ///< how long a stream's status line waits for the first content, 100 ms..10 min
  milliseconds ping{15'000};       ///< between two comments of a quiet stream, 1 s..10 min
};

struct shutdown {
  milliseconds delay{15'000};  ///< not ready, but still serving, 0..10 min
  milliseconds cap{600'000};   ///< the longest that streams in flight may take, 0..24 h
};

}  // namespace naru::config

namespace naru {

struct settings {
  std::vector<config::listener> traffic;  ///< 1..64, no address twice
  config::admin_listener admin;
  std::uint32_t shards = 0;  ///< 1..1024; 0: auto, the cores that the cgroup gives
  config::limits limits;
  resilience::health_settings health;  ///< `breaker:`
  resilience::overload_settings overload;
  std::vector<config::provider> providers;  ///< in the file's order, 1..256; `local` is the last when the file does not name it
  std::vector<config::model> models;        ///< in the file's order
  /// What may be asked for directly as provider/model and is known: each provider's models of the catalogue, and its models
  /// named anywhere in the settings. Cleared for the lowest of the provider's clearance and those of the lines that name it.
  /// For others see `config::direct_deployment`.
  std::vector<config::deployment> direct;
  bool lenient = false;  ///< `translation:` what a wire form cannot carry is left out and told, instead of refused
  config::sensitivity sensitivity;
  std::vector<config::caller> callers;  ///< empty: only loopback is served
  std::vector<config::concurrency_limit> concurrency;
  std::vector<routing::rule> rules;       ///< in the file's order
  std::vector<std::string> rule_headers;  ///< that rules look at, in lower case, as their conditions count them
  config::log log;
  config::stream stream;
  config::shutdown shutdown;

  [[nodiscard]] const config::provider* find_provider(std::string_view name) const noexcept;
  /// By name or alias. @return nullptr: no such model.
  [[nodiscard]] const config::model* find_model(std::string_view name) const noexcept;
};

}  // namespace naru

namespace naru::config {

/// The deployment behind "provider/model" that stands neither in the settings nor in the catalogue: everything unknown but what its
/// provider says. @param p  an entry of the settings' providers; @param model  the vendor's name, not empty
[[nodiscard]] deployment direct_deployment(const settings& s, const provider& p, std::string_view model);

}  // namespace naru::config
