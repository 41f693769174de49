#pragma once
#include <atomic>
#include <cstdint>
#include <expected>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "gateway/upstream/figures.hpp"
#include "gateway/upstream/latency_window.hpp"
#include "policies/resilience/health.hpp"

namespace naru::upstream {

/// How one deployment is just now: health, draining, calls in flight, measured figures. One object for all shards, kept over a reload by
/// its id, so that what one shard learns (a refused key, a cooldown) holds for all at once. Thread: any. A plan reads without a lock that
/// waits for a call: `view` takes the mutex for a copy of three words.
class live_state {
 public:
  explicit live_state(resilience::health_settings settings = {}) : health_(settings) {}

  [[nodiscard]] resilience::health_view view(steady_time now) const {
    const std::scoped_lock lock(mutex_);
    return health_.view(now);
  }

  /// The right to make one call. Owes an outcome: what is destroyed without one counts as abandoned.
  class call {
   public:
    call(call&& other) noexcept : owner_(std::move(other.owner_)), admission_(other.admission_) {}
    call& operator=(call&&) = delete;
    ~call() { abandoned(); }
    void succeeded(steady_time now, resilience::timing took = {}) noexcept {
      finish([&](auto& health) { health.succeeded(admission_, now, took); });
    }
    void failed(const failure& f, steady_time now) noexcept {
      finish([&](auto& health) { health.failed(admission_, f, now); });
    }
    void abandoned() noexcept {
      finish([&](auto& health) { health.abandoned(admission_); });
    }
    /// Another call was faster, after this one had waited for so long.
    void outrun(steady_time now, std::chrono::milliseconds waited) noexcept {
      finish([&](auto& health) { health.outrun(admission_, now, waited); });
    }
    [[nodiscard]] bool probe() const noexcept { return admission_.probe; }

   private:
    friend class live_state;
    call(std::shared_ptr<live_state> owner, resilience::health::admission a) : owner_(std::move(owner)), admission_(a) {}
    template <class Report>
    void finish(Report report) noexcept {
      if (!owner_) return;
      {
        const std::scoped_lock lock(owner_->mutex_);
        report(owner_->health_);
      }
      owner_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
      owner_.reset();
    }
    std::shared_ptr<live_state> owner_;
    resilience::health::admission admission_;
  };

  /// @return a call, or when to ask again
  [[nodiscard]] static std::expected<call, steady_time> admit(const std::shared_ptr<live_state>& state, steady_time now) {
    const std::scoped_lock lock(state->mutex_);
    const auto a = state->health_.admit(now);
    if (!a.granted) return std::unexpected(a.until);
    state->in_flight_.fetch_add(1, std::memory_order_relaxed);
    return call(state, a);
  }

  void reset_health() {
    const std::scoped_lock lock(mutex_);
    health_.reset();
  }
  /// Other numbers from now on; what is known stays.
  void configure(const resilience::health_settings& settings) {
    const std::scoped_lock lock(mutex_);
    health_.configure(settings);
  }

  /// Notes how long the first content of a call took; of one that was outrun, how long it had waited. Streams and whole answers are kept
  /// apart: the first content of a whole answer is its end.
  void note_first_content(bool stream, std::chrono::milliseconds took, steady_time now) {
    const std::scoped_lock lock(mutex_);
    (stream ? streams_ : wholes_).add(took, now);
  }
  /// The 95th percentile of that; nullopt while too little is known.
  [[nodiscard]] std::optional<std::chrono::milliseconds> usual_first_content(bool stream, steady_time now) const {
    const std::scoped_lock lock(mutex_);
    return (stream ? streams_ : wholes_).quantile(950, now);
  }
  [[nodiscard]] bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
  void set_draining(bool on) noexcept { draining_.store(on, std::memory_order_relaxed); }
  [[nodiscard]] upstream::figures& figures() noexcept { return figures_; }
  [[nodiscard]] const upstream::figures& figures() const noexcept { return figures_; }
  [[nodiscard]] std::uint32_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

 private:
  // One of the few mutexes shards share: held for a few nanoseconds, twice a call and once a plan.
  mutable std::mutex mutex_;
  resilience::health health_;
  latency_window streams_, wholes_;
  std::atomic<bool> draining_{false};
  std::atomic<std::uint32_t> in_flight_{0};
  upstream::figures figures_;
};

/// Live states by deployment id, so that a reload keeps what is known. Thread: any.
class live_states {
 public:
  [[nodiscard]] std::shared_ptr<live_state> get(std::string_view id) {
    const std::scoped_lock lock(mutex_);
    auto& slot = by_id_[std::string(id)];
    if (!slot) slot = std::make_shared<live_state>(settings_);
    return slot;
  }
  /// Numbers of the settings, for all that are there and will be.
  void configure(const resilience::health_settings& settings) {
    const std::scoped_lock lock(mutex_);
    settings_ = settings;
    for (auto& [unused, state] : by_id_) state->configure(settings);
  }
  /// After a reload: what was off for a refused key or a missing model gets another chance.
  void reset_health() {
    const std::scoped_lock lock(mutex_);
    for (auto& [unused, state] : by_id_) state->reset_health();
  }

 private:
  std::mutex mutex_;
  resilience::health_settings settings_;
  std::map<std::string, std::shared_ptr<live_state>, std::less<>> by_id_;
};

/// Live states of models that nobody configured (asked as provider/model): the names come from clients, so only the last few hundred are
/// remembered, and what one name did wrong says nothing about another. Thread: any.
class passing_states {
 public:
  static constexpr std::size_t most = 512;

  [[nodiscard]] std::shared_ptr<live_state> get(std::string_view id) {
    const std::scoped_lock lock(mutex_);
    if (const auto at = by_id_.find(id); at != by_id_.end()) {
      order_.splice(order_.begin(), order_, at->second);
      return at->second->state;
    }
    order_.push_front({std::string(id), std::make_shared<live_state>(settings_)});
    by_id_.emplace(order_.front().id, order_.begin());
    if (order_.size() > most) {
      by_id_.erase(order_.back().id);
      order_.pop_back();
    }
    return order_.front().state;
  }
  /// Numbers of the settings, for those that are made from now on.
  void configure(const resilience::health_settings& settings) {
    const std::scoped_lock lock(mutex_);
    settings_ = settings;
  }
  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return order_.size();
  }
  /// After a reload.
  void forget() {
    const std::scoped_lock lock(mutex_);
    by_id_.clear();
    order_.clear();
  }

 private:
  struct entry {
    std::string id;
    std::shared_ptr<live_state> state;
  };
  mutable std::mutex mutex_;
  resilience::health_settings settings_;
  std::list<entry> order_;  ///< last asked for first
  std::map<std::string, std::list<entry>::iterator, std::less<>> by_id_;
};

}  // namespace naru::upstream
