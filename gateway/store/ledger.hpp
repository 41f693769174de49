#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "gateway/observe/record.hpp"

namespace naru::store {

/// Where every exchange is written once it has been settled. Here in memory; SQLite and PostgreSQL come with the money issue.
class ledger {
 public:
  virtual ~ledger() = default;
  /// Takes one settled exchange. Thread: any shard. Never waits for a disk.
  virtual void append(const observe::exchange_record& row) = 0;
  /// The last rows, newest first, at most `count`.
  [[nodiscard]] virtual std::vector<observe::exchange_record> latest(std::size_t count) const = 0;
  /// What all rows ever appended cost together: true also for those that have been forgotten.
  struct totals {
    std::uint64_t requests = 0;
    std::uint64_t attempts = 0;
    nano_usd cost;
  };
  [[nodiscard]] virtual totals sum() const = 0;
};

/// Keeps the last `capacity` rows; what is older is forgotten, but stays in the totals.
[[nodiscard]] std::unique_ptr<ledger> make_memory_ledger(std::size_t capacity);

}  // namespace naru::store
