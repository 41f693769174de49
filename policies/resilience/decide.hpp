#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/error.hpp"
#include "core/failure.hpp"

/// Who falls over and who does not: one table, as data, and the decision that reads it.
namespace naru::resilience {

enum class next_step : std::uint8_t {
  retry_or_next,  ///< here again with jitter where it is likely to help, else the next deployment
  next_or_wait,   ///< the next deployment at once; the only one is waited for while the deadline allows
  next,           ///< the next deployment
  next_larger,    ///< the next deployment whose context is known to be larger
  relay,          ///< the vendor's refusal goes to the client; no other deployment is asked
  end,            ///< the exchange ends
};

/// One row of the table.
struct rule {
  failure_class cls;
  next_step next;
  bool cools_down;        ///< the deployment rests for the wait that the vendor named
  bool turns_off;         ///< off until a probe or a reload
  bool counts;            ///< against the deployment's breaker
  error_code told;        ///< what the client is told when nothing is left
  std::string_view when;  ///< what was seen, for people
  std::string_view then;  ///< what is done, for people
};
[[nodiscard]] std::span<const rule> rules() noexcept;
[[nodiscard]] const rule& rule_of(failure_class c) noexcept;
/// The table as Markdown.
[[nodiscard]] std::string print_table();
/// docs/reference/resilience.md: the table, and the rules around it with their default numbers.
[[nodiscard]] std::string print_page();

struct retry_settings {
  std::chrono::milliseconds first_wait{500};  ///< doubles with each try here
  std::chrono::milliseconds longest_wait{8'000};
  std::uint32_t tries_beside_others = 2;                   ///< calls to one deployment while others are left
  std::chrono::milliseconds longest_limited_wait{60'000};  ///< a 429's wait beyond this is told to the client instead
};

/// Where an exchange stands when a call has failed; the failed call is counted in it.
struct attempt_state {
  std::uint32_t tries_here = 1;       ///< calls made to this deployment
  std::uint32_t calls_made = 1;       ///< calls made to all
  std::uint32_t call_limit = 3;       ///< `limits.attempts`
  std::chrono::milliseconds left{0};  ///< until the exchange's deadline; <= 0: passed
  std::uint32_t others_left = 0;      ///< untried deployments of the plan that are up
  std::uint32_t larger_left = 0;      ///< of these, with a context known to be larger than this one's
  bool content_sent = false;          ///< to the client: nothing can be tried any more
  bool all_limited_before = true;     ///< every earlier failed call of this exchange was `limited` (true when there was none)
  std::optional<std::chrono::milliseconds> soonest_wait;  ///< the shortest wait, from now, that an earlier `limited` one left
  bool content_policy_falls_over = false;                 ///< a rule allows it
};

struct retry_here {
  std::chrono::milliseconds after;  ///< always shorter than `left`
};
struct next_deployment {
  bool larger_only = false;  ///< skip those whose context is not known to be larger
};
struct stop {
  error told;
};
using decision = std::variant<retry_here, next_deployment, stop>;

/// What to do about a failed call. Never more than `call_limit` calls, never past the deadline, never after content.
/// Transport faults (status 0) are told apart by `failure::code`: connect, tls, dns, reset, timeout, unreadable. Only what is over in
/// an instant (reset, unreadable, no word) is retried at the same deployment while others are left. One that says `not_here_again` is
/// never asked a second time; the others are.
/// @param seed  for the jitter; the same seed decides the same
/// Thread: any. Errors: none; `stop` carries what the client is told.
[[nodiscard]] decision decide(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& settings = {});

/// What the client is told about a failure when nothing else is left. Never an upstream's address, credential or status of ours:
/// 401 and 403 become 502 without detail; only a refusal of the request itself is relayed in the vendor's words.
[[nodiscard]] error told_to_client(const failure& f, const attempt_state& s);

}  // namespace naru::resilience
