#include "gateway/app/telemetry.hpp"

#include <array>
#include <future>
#include <set>

#include "gateway/observe/count.hpp"
#include "gateway/observe/exposition.hpp"

namespace naru::app {
namespace {

constexpr std::size_t ledger_rows = 1'000;

double epoch_seconds(wall_time t) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
}

void add_deployments(observe::cells& all, const flow::snapshot& now, steady_time at) {
  using observe::metric;
  for (const auto& [id, d] : now.deployments) {
    if (d->off) continue;
    const auto standing = d->live->view(at).is;
    for (const auto s : {resilience::standing::up, resilience::standing::cooling, resilience::standing::open, resilience::standing::off}) {
      all.add(metric::breaker_state, {d->provider->name, d->model, resilience::to_string(s)}, s == standing ? 1 : 0);
    }
    const bool worker_down = d->provider->worker && !d->provider->worker->ready();
    all.add(metric::upstream_up, {d->provider->name, d->model},
            standing == resilience::standing::up && !d->live->draining() && !worker_down ? 1 : 0);
    all.add(metric::inflight_calls, {d->provider->name, d->model}, d->live->in_flight());
  }
}

}  // namespace

telemetry::telemetry(std::vector<std::unique_ptr<net::shard>>& shards, std::unique_ptr<observe::access_log> log)
    : shards_(shards), log_(std::move(log)), ledger_(store::make_memory_ledger(ledger_rows)) {
  for (std::size_t i = 0; i < shards.size(); ++i) cells_.push_back(std::make_unique<observe::cells>());
}

void telemetry::settled(std::size_t shard, const observe::exchange_record& r) {
  observe::count(*cells_[shard], r);
  ledger_->append(r);
  log_->write(r);
}

void telemetry::create_series(const settings& s) {
  std::set<std::string> teams{""};
  for (const auto& c : s.callers) teams.insert(c.team);
  std::vector<std::array<std::string, 3>> series;
  for (const auto& m : s.models) {
    for (const auto& d : m.deployments) {
      const auto* p = s.find_provider(d.provider);
      if (p == nullptr || p->off) continue;
      for (const auto& team : teams) series.push_back({team, m.name, d.provider});
    }
  }
  shards_.front()->post([cells = cells_.front().get(), series = std::move(series)] {
    for (const auto& [team, model, provider] : series) observe::create_series(*cells, team, model, provider);
  });
}

std::string telemetry::scrape(const gauges& now, steady_time at) {
  return observe::exposition([&] {
    observe::cells all;
    std::vector<std::future<observe::cells>> copies;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      auto promise = std::make_shared<std::promise<observe::cells>>();
      copies.push_back(promise->get_future());
      shards_[i]->post([promise, own = cells_[i].get()] { promise->set_value(*own); });
    }
    last_.resize(copies.size());
    for (std::size_t i = 0; i < copies.size(); ++i) {
      if (copies[i].wait_for(std::chrono::seconds{2}) == std::future_status::ready) last_[i] = copies[i].get();
      all.merge(last_[i]);
    }
    using observe::metric;
    all.add(metric::inflight_requests, {}, static_cast<double>(now.counts.busy));
    all.add(metric::connections, {}, static_cast<double>(now.counts.connections));
    all.add(metric::access_log_dropped, {}, static_cast<double>(log_->dropped()));
    if (now.snapshot) add_deployments(all, *now.snapshot, at);
    all.add(metric::config_last_reload_success, {}, epoch_seconds(now.last_reload));
    all.add(metric::config_reload_failures, {}, static_cast<double>(now.reload_failures));
    all.add(metric::config_info, {now.config_path, now.config_hash}, 1);
    all.add(metric::build_info, {NARU_VERSION}, 1);
    for (const auto& [listener, end] : now.certificates) all.add(metric::certificate_expiry, {listener}, epoch_seconds(end));
    all.add(metric::metric_series_dropped, {}, static_cast<double>(all.dropped()));
    all.add(metric::metric_series, {}, static_cast<double>(all.series() + 1));
    return all;
  });
}

}  // namespace naru::app
