#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/failure.hpp"
#include "core/label.hpp"
#include "core/usage.hpp"
#include "policies/pricing/price.hpp"

/// What is known of an exchange when it has ended: the one source of its metrics, its access-log line and its ledger row.
/// No content, no secret: names, numbers and words of closed sets only.
namespace naru::observe {

/// One upstream call of an exchange.
struct attempt_record {
  std::string deployment;               ///< "openai/gpt-6-luna"
  std::string provider;                 ///< "openai"
  std::string model;                    ///< the vendor's name
  std::optional<failure_class> failed;  ///< nullopt: answered
  std::string_view result = "ok";       ///< ok, timeout, 429, 5xx, 4xx, connect, stream_broken, canceled, busy, outrun
  int status = 0;                       ///< the vendor's HTTP status; 0: none came
  naru::usage usage;
  pricing::charge charge;
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> first_token;  ///< from the sending of the request to the first content
};

enum class outcome : std::uint8_t { ok, client_error, upstream_error, policy_denied, canceled };
[[nodiscard]] std::string_view to_string(outcome o) noexcept;

struct exchange_record {
  std::string request_id;
  wall_time at{};
  std::string_view api = "chat";  ///< static: chat, models
  std::string key;                ///< caller's name; "" without callers
  std::string team;
  std::string user;
  std::string model;  ///< as asked, if the settings know it; else "other"
  std::string label;  ///< word
  std::string label_set_by;
  std::string rule;           ///< rule that acted; empty until rules are there
  std::string_view strategy;  ///< static; empty before the plan
  std::string deployment;     ///< that answered; empty when none did
  std::string provider;
  std::string vendor_model;
  int status = 0;  ///< what the client got; 499 when it had left
  observe::outcome outcome = outcome::ok;
  std::optional<error_code> error;
  std::string_view finish;  ///< stop, length ...; static; empty when none
  bool stream = false;
  naru::usage usage;  ///< of all attempts together
  nano_usd cost;      ///< of all attempts together
  bool cost_known = true;
  std::vector<attempt_record> attempts;
  std::string_view hedge;       ///< won, lost, failed: what became of the second call beside a late one; static; empty: none was made
  std::string_view shed;        ///< requests, lag, connections: the limit that the request was turned away for; static; empty: it was not
  std::string fallback_reason;  ///< class of the first failure that was fallen over from; empty
  std::chrono::microseconds duration{0};
  std::optional<std::chrono::microseconds> first_token;  ///< from the request's arrival to the first content sent
  std::chrono::microseconds overhead{0};                 ///< duration less the time spent waiting for upstreams
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

}  // namespace naru::observe
