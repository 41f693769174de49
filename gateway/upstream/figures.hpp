#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "policies/routing/pace.hpp"
#include "policies/routing/room.hpp"

/// The measured figures of one deployment, shared by all shards: fixed in size, without a lock.
namespace naru::upstream {

/// One value of a few words that is read whole or not at all (a sequence lock: Lameter 2005; with atomic words as in Boehm 2012, so that
/// no read is a data race). A writer who meets another one drops its value: these are averages, and one answer more or less is nothing.
/// Thread: any. Cost: a read is five loads.
template <class T>
class whole_value {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
  using words = std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>;

 public:
  whole_value() noexcept { store(T{}); }

  [[nodiscard]] T read() const noexcept {
    for (;;) {
      const std::uint32_t before = turn_.load(std::memory_order_acquire);
      const T value = load();
      if (before % 2 == 0 && turn_.load(std::memory_order_relaxed) == before) return value;
    }
  }
  /// Puts `change(value)` in place of the value. @return false: another thread was doing the same, and this change is lost
  template <class Change>
  bool update(Change change) noexcept {
    std::uint32_t turn = turn_.load(std::memory_order_relaxed);
    if (turn % 2 != 0 || !turn_.compare_exchange_strong(turn, turn + 1, std::memory_order_acquire)) return false;
    store(change(load()));
    turn_.store(turn + 2, std::memory_order_release);
    return true;
  }

 private:
  [[nodiscard]] T load() const noexcept {
    words w;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = words_[i].load(std::memory_order_acquire);
    T value;
    std::memcpy(&value, w.data(), sizeof value);
    return value;
  }
  void store(const T& value) noexcept {
    words w;
    std::memcpy(w.data(), &value, sizeof value);
    for (std::size_t i = 0; i < w.size(); ++i) words_[i].store(w[i], std::memory_order_release);
  }

  std::atomic<std::uint32_t> turn_{0};
  std::array<std::atomic<std::uint64_t>, sizeof(T) / sizeof(std::uint64_t)> words_;
};

/// What is known of how one deployment answers. Thread: any.
class figures {
 public:
  [[nodiscard]] routing::pace pace(routing::size_class size) const noexcept { return paces_[index(size)].read(); }
  [[nodiscard]] routing::room room() const noexcept { return room_.read(); }

  void answered(routing::size_class size, const routing::answer_time& took, const routing::pace_prior& prior, steady_time now) noexcept {
    paces_[index(size)].update([&](const routing::pace& known) { return routing::learn(known, took, prior, now); });
  }
  /// A call ended without content after so long.
  void gave_up(routing::size_class size, float seconds, const routing::pace_prior& prior, steady_time now) noexcept {
    paces_[index(size)].update([&](const routing::pace& known) { return routing::learn_at_least(known, seconds, prior, now); });
  }
  void told(const routing::room& r) noexcept {
    room_.update([&](const routing::room&) { return r; });
  }

 private:
  static std::size_t index(routing::size_class size) noexcept { return static_cast<std::size_t>(size); }
  std::array<whole_value<routing::pace>, routing::size_classes> paces_;
  whole_value<routing::room> room_;
};

}  // namespace naru::upstream
