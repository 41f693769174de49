#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/deadline.hpp"
#include "core/failure.hpp"
#include "policies/resilience/breaker.hpp"

namespace naru::resilience {

struct health_settings {
  breaker_settings breaker;
  std::chrono::milliseconds default_cooldown{1'000};      ///< after a 429 that names no wait; doubles with each one in a row
  std::chrono::milliseconds default_cooldown_max{6'000};  ///< below 10 s, as `breaker_settings::open_max` and for the same reason
  std::chrono::milliseconds max_cooldown{600'000};        ///< longer waits, as vendors name them with a 429, are cut to this
  std::chrono::milliseconds max_outage_wait{60'000};      ///< the same for a 503's or a 529's: one bad answer is no proof of an outage
  std::chrono::milliseconds off_for{60'000};              ///< account or settings failure: until the first probe; doubles
  std::chrono::milliseconds off_max{1'800'000};
};

enum class standing : std::uint8_t {
  up,
  cooling,  ///< the vendor limits us until `until`
  open,     ///< the breaker is open (or its probe is in flight) until `until`
  off,      ///< our account or settings were refused; a probe at `until`, or a reload
};
[[nodiscard]] std::string_view to_string(standing s) noexcept;

/// A deployment's state as a plan reads it.
struct health_view {
  standing is = standing::up;
  steady_time until{};                 ///< when it may be up again; only when not up
  std::optional<failure_class> why{};  ///< for off: account or settings
  bool probe = false;                  ///< up: a call now would find out whether it is back (see choose_next)
  bool unsure = false;                 ///< up: its last calls have failed
};

/// How long an answer took, for the breaker to say whether that was slow.
struct timing {
  std::chrono::milliseconds until_content{0};  ///< from the sending of the request; of a whole answer: until all of it was there
  std::uint64_t tokens = 0;                    ///< of a whole answer; 0 for a stream
};

/// Whether a deployment may be called, from what became of earlier calls: cooldown, off, breaker.
/// Thread: one at a time (a shard's own, or under its owner's lock). Cost: O(1), no allocation.
class health {
 public:
  explicit health(health_settings settings = {}) noexcept : settings_(settings), breaker_(settings.breaker) {}

  [[nodiscard]] health_view view(steady_time now) const noexcept;

  struct admission {
    bool granted = false;
    bool probe = false;
    steady_time until{};
  };
  /// Asks to make a call. A granted one owes exactly one of succeeded, failed, abandoned with this admission.
  [[nodiscard]] admission admit(steady_time now) noexcept;
  void succeeded(const admission& a, steady_time now, timing took = {}) noexcept;
  /// Applies the table of decide.hpp: cools down, turns off, counts against the breaker, or none of them.
  void failed(const admission& a, const failure& f, steady_time now) noexcept;
  /// The call ended without saying anything about the deployment (the client left).
  void abandoned(const admission& a) noexcept;
  /// The call was ended because another was faster: slow if it had waited for so long already, else it says nothing.
  void outrun(const admission& a, steady_time now, std::chrono::milliseconds waited) noexcept;
  /// New settings or credentials: everything is forgotten.
  void reset() noexcept { *this = health{settings_}; }
  /// Other numbers from now on; what is known stays.
  void configure(const health_settings& settings) noexcept {
    settings_ = settings;
    breaker_.configure(settings.breaker);
  }

 private:
  void turn_off(failure_class why, steady_time now) noexcept;
  void cool_down(const failure& f, steady_time now) noexcept;
  [[nodiscard]] bool is_slow(timing took) const noexcept;
  [[nodiscard]] bool off_probe_in_flight(steady_time now) const noexcept;

  health_settings settings_;
  resilience::breaker breaker_;
  steady_time cooling_until_{};
  std::chrono::milliseconds next_cooldown_{0};
  std::optional<failure_class> off_;
  steady_time off_until_{};
  std::chrono::milliseconds off_for_{0};
  bool off_probing_ = false;
  steady_time off_probe_since_{};
};

}  // namespace naru::resilience
