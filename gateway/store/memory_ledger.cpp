#include <algorithm>
#include <mutex>

#include "gateway/store/ledger.hpp"

namespace naru::store {
namespace {

class memory_ledger final : public ledger {
 public:
  explicit memory_ledger(std::size_t capacity) { rows_.resize(std::max<std::size_t>(capacity, 1)); }

  void append(const observe::exchange_record& row) override {
    const std::scoped_lock lock(mutex_);
    totals_.requests += 1;
    totals_.attempts += row.attempts.size();
    totals_.cost += row.cost;
    rows_[next_ % rows_.size()] = row;
    ++next_;
  }

  std::vector<observe::exchange_record> latest(std::size_t count) const override {
    const std::scoped_lock lock(mutex_);
    std::vector<observe::exchange_record> out;
    const std::size_t there = std::min({count, next_, rows_.size()});
    for (std::size_t i = 1; i <= there; ++i) out.push_back(rows_[(next_ - i) % rows_.size()]);
    return out;
  }

  totals sum() const override {
    const std::scoped_lock lock(mutex_);
    return totals_;
  }

 private:
  // One of the few mutexes that shards share: held for one copy a request. The journal of the money issue replaces it by a
  // queue per shard.
  mutable std::mutex mutex_;
  std::vector<observe::exchange_record> rows_;
  std::size_t next_ = 0;
  totals totals_;
};

}  // namespace

std::unique_ptr<ledger> make_memory_ledger(std::size_t capacity) { return std::make_unique<memory_ledger>(capacity); }

}  // namespace naru::store
