#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>

#include "gateway/flow/load.hpp"
#include "gateway/flow/snapshot.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/observe/record.hpp"

namespace naru::upstream {
class gate;
}

namespace naru::flow {

struct exchange;

/// What a shard gives to the exchanges on it. One per shard; outlives them. Shard-local.
struct services {
  net::shard& shard;
  upstream::gate& gate;
  /// Told once per exchange, on every exit: metrics, access log, ledger.
  std::function<void(const observe::exchange_record&)> settled;
  std::mt19937_64 random;  ///< jitter, request ids

  services(net::shard& s, upstream::gate& g);
  /// The seed of the next plan: counts up, from somewhere of this shard's own.
  [[nodiscard]] std::uint64_t next_turn() noexcept { return ++turn_; }
  /// The settings of this moment. An exchange keeps what it began with.
  [[nodiscard]] const std::shared_ptr<const snapshot>& settings() const noexcept { return settings_; }
  /// New settings for exchanges from now on. On the shard's thread, or before it has started.
  void set_settings(const std::shared_ptr<const snapshot>& s);
  /// Ends every exchange on this shard with `shutting_down`: in its dialect, as a status or as an error event. On the shard's thread.
  void end_all();
  /// Why a new request is turned away now, before its body is read; nullopt: it is not. The error's field names the limit.
  /// @param retry_count  the client's X-Stainless-Retry-Count; empty when it sent none
  [[nodiscard]] std::optional<error> turn_away(std::string_view retry_count);
  /// "req_" and 24 characters: unique enough to find one request in a log.
  [[nodiscard]] std::string make_request_id();

 private:
  friend struct exchange;
  std::uint64_t turn_;
  [[nodiscard]] resilience::shedding shedding() const;
  [[nodiscard]] error overloaded(std::string_view limit);
  void shed_resting();

  std::shared_ptr<const snapshot> settings_;
  std::unordered_set<exchange*> live_;
  loop_lag lag_;
};

}  // namespace naru::flow
