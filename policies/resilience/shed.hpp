#pragma once
#include <chrono>
#include <cstdint>
#include <string_view>

namespace naru::resilience {

/// Where a shard begins to shed work.
struct overload_settings {
  std::uint32_t requests = 10'000;               ///< being served on it
  std::chrono::milliseconds lag{500};            ///< how late its event loop runs; 0: not looked at
  std::chrono::milliseconds retry_after{1'000};  ///< what a client is told at least
};

/// How loaded a shard is.
struct load_seen {
  std::uint32_t requests = 0;
  std::chrono::milliseconds lag{0};
};

/// What is shed, each level with all before it. The cheapest to retry goes first: what has cost nobody anything yet, and of that whose
/// client comes back by itself. What has a vendor's call running is never shed: its answer is being paid for; a stream that has begun
/// least of all, because it cannot be retried without being paid for again.
enum class shed_level : std::uint8_t {
  none,
  retrying,  ///< from the limit on: new requests, before their body is read, whose client has said that it retries
  fresh,     ///< from 5/4 of it on: every new request; a client that does not retry shows the failure to somebody
  resting,   ///< from 3/2 of it on: also what waits between two calls; it holds its body and has been read and planned for
};

struct shedding {
  shed_level level = shed_level::none;
  std::string_view limit;  ///< that is exceeded most: requests, lag; static; empty when none is
};
[[nodiscard]] shedding what_to_shed(const overload_settings& limits, load_seen load) noexcept;

/// Whether a client will come back by itself, by its X-Stainless-Retry-Count: the official SDKs send how often they have retried, and by
/// default do so twice. No such header: nothing is known, so it counts as one that does not.
[[nodiscard]] bool will_retry(std::string_view retry_count) noexcept;

}  // namespace naru::resilience
