#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace naru::resilience {

/// One step of a plan, as the choice of the next call sees it.
struct prospect {
  bool possible = true;  ///< not tried yet, up, and large enough
  bool probe = false;    ///< its breaker is half open, or it was off: the call would find out whether it is back
  bool unsure = false;   ///< it, or another deployment of its provider in this very exchange, has just failed
};

/// Which step of a plan is called next: the first that is possible, with three exceptions while sure ones are left, so that an outage of
/// several vendors does not use up a request's calls on those that are known to be down:
///
/// * an exchange probes once: whoever is down together becomes due together, and one request must not pay for all of them;
/// * a last call is no probe (unless it is also the first: where one call is all that there is, somebody has to find out);
/// * an unsure one is passed over when no more calls are left than there are sure ones.
///
/// @param steps       in plan order
/// @param calls_made  by this exchange
/// @param calls_left  1 or more, else nothing is chosen
/// @param probed      whether one of the calls made was a probe
/// Thread: any; pure. Cost: O(n).
[[nodiscard]] std::optional<std::size_t> choose_next(std::span<const prospect> steps, std::uint32_t calls_made, std::uint32_t calls_left,
                                                     bool probed) noexcept;

}  // namespace naru::resilience
