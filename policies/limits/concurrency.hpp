#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

/// How many requests of a caller or team run at once. One scope is shared by all shards.
namespace naru::limits {

/// One counter with its limit. Thread: any (two atomics, no lock). Lives behind a shared_ptr: permits keep it alive over a reload.
class concurrency_scope {
 public:
  /// @param name   as a refusal says it: "team shop", "key web"
  /// @param limit  requests at once; 0: none are let in
  concurrency_scope(std::string name, std::uint32_t limit) : name_(std::move(name)), limit_(limit) {}
  concurrency_scope(const concurrency_scope&) = delete;
  concurrency_scope& operator=(const concurrency_scope&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::uint32_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t running() const noexcept { return running_.load(std::memory_order_relaxed); }
  /// A lower limit ends nothing that runs: nothing new is let in until enough have ended.
  void set_limit(std::uint32_t limit) noexcept { limit_.store(limit, std::memory_order_relaxed); }

 private:
  friend class concurrency_permit;
  [[nodiscard]] bool enter() noexcept;
  void leave() noexcept { running_.fetch_sub(1, std::memory_order_release); }

  std::string name_;
  std::atomic<std::uint32_t> limit_;
  std::atomic<std::uint32_t> running_{0};
};

struct concurrency_refusal {
  std::shared_ptr<const concurrency_scope> scope;  ///< the one that was full
  std::uint32_t limit = 0;
};
/// 429 with the scope and its limit in words, `retry_after` 1 s (nobody knows when a stream ends), reason "concurrency_limit".
[[nodiscard]] error to_error(const concurrency_refusal& r);

/// The right to run one request: leaves its scopes when it is destroyed. Movable, not copyable.
class concurrency_permit {
 public:
  static constexpr std::size_t most_scopes = 4;

  concurrency_permit() = default;
  concurrency_permit(concurrency_permit&& o) noexcept : scopes_(std::move(o.scopes_)) {}
  concurrency_permit& operator=(concurrency_permit&& o) noexcept;
  ~concurrency_permit() { release(); }

  /// Enters all scopes or none. Null entries are skipped (a caller without a limit). @param scopes at most `most_scopes` (asserted).
  [[nodiscard]] static std::expected<concurrency_permit, concurrency_refusal> take(
      std::span<const std::shared_ptr<concurrency_scope>> scopes);
  /// Leaves early. Idempotent.
  void release() noexcept;

 private:
  std::array<std::shared_ptr<concurrency_scope>, most_scopes> scopes_{};
};

/// The scopes by name, so that a reload keeps the counts of what runs. Thread: the control thread only.
class concurrency_scopes {
 public:
  /// The scope of this name with this limit from now on; made when there is none.
  [[nodiscard]] std::shared_ptr<concurrency_scope> get(std::string_view name, std::uint32_t limit);

 private:
  std::map<std::string, std::weak_ptr<concurrency_scope>, std::less<>> by_name_;
};

}  // namespace naru::limits
