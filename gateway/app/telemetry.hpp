#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "gateway/flow/snapshot.hpp"
#include "gateway/net/server.hpp"
#include "gateway/observe/access_log.hpp"
#include "gateway/observe/cells.hpp"
#include "gateway/store/ledger.hpp"

namespace naru::app {

/// Where every settled exchange goes: the shard's metrics, the access log, the ledger; and the scrape that gathers them.
class telemetry {
 public:
  telemetry(std::vector<std::unique_ptr<net::shard>>& shards, std::unique_ptr<observe::access_log> log);

  /// Counts one exchange on the shard of this index, on its thread.
  void settled(std::size_t shard, const observe::exchange_record& r);
  /// The series that must be there before anything happens.
  void create_series(const settings& s);

  struct gauges {
    net::server_counts counts;
    std::shared_ptr<const flow::snapshot> snapshot;
    std::string config_path, config_hash;
    wall_time last_reload{};
    std::uint64_t reload_failures = 0;
    std::vector<std::pair<std::string, wall_time>> certificates;  ///< listener, end
  };
  /// The text of /metrics. Asks each shard for a copy of its figures and waits for them; not on one of these shards, and one scrape at a
  /// time. One that does not answer within 2 s is shown as it was: a counter that falls would look like a restart.
  [[nodiscard]] std::string scrape(const gauges& now, steady_time at);

  [[nodiscard]] observe::access_log& log() noexcept { return *log_; }
  [[nodiscard]] store::ledger& ledger() noexcept { return *ledger_; }

 private:
  std::vector<std::unique_ptr<net::shard>>& shards_;
  std::unique_ptr<observe::access_log> log_;
  std::unique_ptr<store::ledger> ledger_;
  std::vector<std::unique_ptr<observe::cells>> cells_;  ///< by shard index; each touched by its shard alone
  std::vector<observe::cells> last_;                    ///< by shard index: the copies of the last scrape; the scraping shard's
};

}  // namespace naru::app
