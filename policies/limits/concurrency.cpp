#include "policies/limits/concurrency.hpp"

#include <fmt/format.h>

#include <cassert>
#include <chrono>

namespace naru::limits {

bool concurrency_scope::enter() noexcept {
  std::uint32_t running = running_.load(std::memory_order_relaxed);
  while (running < limit()) {
    if (running_.compare_exchange_weak(running, running + 1, std::memory_order_acquire, std::memory_order_relaxed)) return true;
  }
  return false;
}

error to_error(const concurrency_refusal& r) {
  error e{error_code::rate_limited, {}, {}, "concurrency_limit", std::chrono::milliseconds{1000}};
  e.message = fmt::format(
      "{} already has {} request{} running, which is its limit: wait until one "
      "ends, or have `concurrent` under `rates:` raised",
      r.scope->name(), r.limit, r.limit == 1 ? "" : "s");
  return e;
}

concurrency_permit& concurrency_permit::operator=(concurrency_permit&& o) noexcept {
  if (this != &o) {
    release();
    scopes_ = std::move(o.scopes_);
  }
  return *this;
}

std::expected<concurrency_permit, concurrency_refusal> concurrency_permit::take(
    std::span<const std::shared_ptr<concurrency_scope>> scopes) {
  assert(scopes.size() <= most_scopes);
  concurrency_permit permit;  // leaves what it has entered when a later scope is full
  std::size_t entered = 0;
  for (const auto& scope : scopes) {
    if (!scope) continue;
    if (!scope->enter()) return std::unexpected(concurrency_refusal{scope, scope->limit()});
    permit.scopes_[entered++] = scope;
  }
  return permit;
}

void concurrency_permit::release() noexcept {
  for (auto& scope : scopes_) {
    if (!scope) continue;
    scope->leave();
    scope.reset();
  }
}

std::shared_ptr<concurrency_scope> concurrency_scopes::get(std::string_view name, std::uint32_t limit) {
  std::erase_if(by_name_, [](const auto& entry) { return entry.second.expired(); });
  if (const auto found = by_name_.find(name); found != by_name_.end()) {
    if (auto scope = found->second.lock()) {
      scope->set_limit(limit);
      return scope;
    }
  }
  auto scope = std::make_shared<concurrency_scope>(std::string{name}, limit);
  by_name_.insert_or_assign(std::string{name}, scope);
  return scope;
}

}  // namespace naru::limits
