#include "gateway/app/application.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <fstream>

#include "core/json/writer.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/api/traffic.hpp"
#include "gateway/app/banner.hpp"
#include "gateway/app/build_snapshot.hpp"
#include "gateway/app/cores.hpp"
#include "gateway/app/settings_watch.hpp"
#include "gateway/app/telemetry.hpp"
#include "gateway/app/worker.hpp"
#include "gateway/upstream/gate.hpp"

namespace naru::app {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr int exit_settings = 78;  ///< as EX_CONFIG; systemd's RestartPreventExitStatus knows it
constexpr auto tick = milliseconds{20};

std::shared_ptr<const net::server_limits> server_limits(const config::limits& l) {
  net::server_limits made;
  made.head = l.head;
  made.body = l.body;
  made.head_time = l.head_time;
  made.body_time = l.body_time;
  made.idle_time = l.idle_time;
  made.connections = l.connections;
  return std::make_shared<const net::server_limits>(made);
}

/// The admin listener shares nothing with traffic but the machine: small limits of its own.
std::shared_ptr<const net::server_limits> admin_limits() {
  net::server_limits made;
  made.connections = 256;
  return std::make_shared<const net::server_limits>(made);
}

/// As many descriptors as the system lets us have. @return how many that is
std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void log_problems(const std::vector<config::problem>& problems, spdlog::level::level_enum level) {
  for (const auto& p : problems) spdlog::log(level, "{}", p.to_string());
}

spdlog::level::level_enum level_of(config::log_level l) {
  switch (l) {
    case config::log_level::trace: return spdlog::level::trace;
    case config::log_level::debug: return spdlog::level::debug;
    case config::log_level::info: return spdlog::level::info;
    case config::log_level::warn: return spdlog::level::warn;
    case config::log_level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

struct open_listener {
  config::listener at;
  std::string address;  ///< with the real port
  std::shared_ptr<net::tls_server_context> tls;
};

class application {
 public:
  application(serve_options options, config::loaded first)
      : options_(std::move(options)), settings_(std::move(first.value)), signals_(loop_), timer_(loop_), watch_(loop_, [this] {
          reload("a file changed", false);
        }) {
    reloads_ = {
        .path = options_.load.path, .hash = first.hash, .at = std::chrono::system_clock::now(), .problems = {}, .warnings = first.warnings};
    watch_.watch(first.files);
  }

  ~application() {
    // In the order in which they lean on each other: listeners first, then the shards that serve them, then what those use.
    if (supervisor_) supervisor_->stop();
    traffic_server_.reset();
    admin_server_.reset();
    for (auto& shard : shards_) shard->stop();
    if (admin_shard_) admin_shard_->stop();
    for (auto& shard : shards_) shard->join();
    if (admin_shard_) admin_shard_->join();
  }

  int run() {
    if (const auto failed = build()) {
      spdlog::error("{}", *failed);
      return 1;
    }
    start();
    loop_.run();
    return 0;
  }

 private:
  std::optional<std::string> build() {
    auto log = observe::access_log::open(settings_->log.access);
    if (!log) return log.error().message;
    state_.worker = std::make_shared<upstream::worker_status>();
    state_.worker_socket = folder_.socket();
    state_.live.configure(settings_->health);
    state_.passing->configure(settings_->health);
    auto snapshot = build_snapshot(*settings_, state_);
    if (!snapshot) return snapshot.error().field + ": " + snapshot.error().message;
    snapshot_ = std::move(*snapshot);
    make_shards(settings_->shards == 0 ? available_cores() : settings_->shards);
    telemetry_ = std::make_unique<telemetry>(shards_, std::move(*log));
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      services_[i]->settled = [this, i](const observe::exchange_record& r) { telemetry_->settled(i, r); };
      services_[i]->set_settings(snapshot_);
    }
    telemetry_->create_series(*settings_);
    return listen();
  }

  void make_shards(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      shards_.push_back(std::make_unique<net::shard>(i));
      gates_.push_back(std::make_unique<upstream::gate>(*shards_.back()));
      services_.push_back(std::make_unique<flow::services>(*shards_.back(), *gates_.back()));
    }
    admin_shard_ = std::make_unique<net::shard>(count);
  }

  std::optional<std::string> listen() {
    std::vector<net::shard*> all;
    all.reserve(shards_.size());
    for (auto& shard : shards_) all.push_back(shard.get());
    traffic_api_ = std::make_unique<api::traffic>(services_, [this] { return ready(); });
    traffic_server_ = std::make_unique<net::server>(all, traffic_api_->hooks(), server_limits(settings_->limits));
    admin_api_ = std::make_unique<admin::api>(admin_context());
    admin_server_ = std::make_unique<net::server>(std::vector<net::shard*>{admin_shard_.get()}, admin_api_->hooks(), admin_limits());
    for (const auto& at : settings_->traffic) {
      if (auto failed = open(*traffic_server_, at, "traffic")) return failed;
    }
    return open(*admin_server_, settings_->admin.at, "admin");
  }

  std::optional<std::string> open(net::server& server, const config::listener& at, const std::string& tag) {
    open_listener made{at, {}, nullptr};
    if (at.tls) {
      auto tls = net::tls_server_context::load({at.tls->certificate, at.tls->key});
      if (!tls) return tls.error().message;
      made.tls = std::move(*tls);
    }
    const auto port = server.listen({.address = at.address(), .tag = tag, .tls = made.tls});
    if (!port) return port.error().message;
    made.at.port = *port;
    made.address = made.at.address();
    (tag == "admin" ? admin_listeners_ : traffic_listeners_).push_back(std::move(made));
    return std::nullopt;
  }

  admin::context admin_context() {
    admin::context c;
    c.settings = [this] { return locked(settings_); };
    c.snapshot = [this] { return locked(snapshot_); };
    c.reloads = [this] { return locked(reloads_); };
    c.metrics = [this] { return scrape(); };
    c.ready = [this] { return ready(); };
    c.load = options_.load;
    return c;
  }

  template <class T>
  T locked(const T& what) const {
    const std::scoped_lock lock(mutex_);
    return what;
  }

  std::string scrape() {
    telemetry::gauges g;
    g.counts = traffic_server_->counts();
    {
      const std::scoped_lock lock(mutex_);
      g.snapshot = snapshot_;
      g.config_path = reloads_.path;
      g.config_hash = reloads_.hash;
      g.last_reload = reloads_.at;
    }
    g.reload_failures = reload_failures_;
    for (const auto& l : traffic_listeners_) {
      if (l.tls) g.certificates.emplace_back(l.address, l.tls->not_after());
    }
    return telemetry_->scrape(g, admin_shard_->time().now());
  }

  /// Something can answer: a provider elsewhere, or the worker once it has loaded.
  [[nodiscard]] bool ready() const {
    if (draining_) return false;
    const auto settings = locked(settings_);
    const bool elsewhere = std::any_of(settings->providers.begin(), settings->providers.end(),
                                       [](const config::provider& p) { return !p.off && !(p.local && !p.local->remote); });
    return elsewhere || state_.worker->ready();
  }

  void start() {
    supervise();
    for (auto& shard : shards_) shard->start();
    admin_shard_->start();
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.add(SIGHUP);
    wait_for_signal();
    spdlog::info("naru {}: settings {} ({})", NARU_VERSION, reloads_.path.empty() ? "by default" : reloads_.path, reloads_.hash);
    for (const auto& line : banner(*settings_, std::chrono::system_clock::now())) spdlog::info("{}", line);
    for (const auto& l : traffic_listeners_) spdlog::info("traffic  {}://{}", l.tls ? "https" : "http", l.address);
    for (const auto& l : admin_listeners_) spdlog::info("admin    {}://{}", l.tls ? "https" : "http", l.address);
    every_tick([this] { return announce(); });
  }

  /// Calls `step` each tick until it says that it is done.
  void every_tick(std::function<bool()> step) {
    timer_.expires_after(tick);
    timer_.async_wait([this, step = std::move(step)](boost::system::error_code ec) {
      if (!ec && !step()) every_tick(step);
    });
  }

  /// Says once that we are ready: a line for people and machines, and a file for scripts.
  bool announce() {
    if (!ready()) return false;
    std::string line;
    json::writer w(line);
    w.begin_object().field("event", "ready").key("traffic").begin_array();
    for (const auto& l : traffic_listeners_) w.string(l.address);
    w.end_array().field("admin", admin_listeners_.front().address).end_object();
    fmt::print(stderr, "{}\n", line);
    if (!options_.ready_file.empty()) {
      const auto url = [](const open_listener& l) { return fmt::format("{}://{}", l.tls ? "https" : "http", l.address); };
      std::ofstream(options_.ready_file) << "NARU_URL=" << url(traffic_listeners_.front())
                                         << "\nNARU_ADMIN=" << url(admin_listeners_.front()) << "\n";
    }
    return true;
  }

  void supervise() {
    supervisor_.reset();
    const auto* p = supervised_worker(*settings_);
    worker_ = p == nullptr ? std::nullopt : std::optional(worker_command(*p->local, state_.worker_socket));
    if (worker_) {
      supervisor_ =
          std::make_unique<upstream::supervisor>(*worker_, state_.worker, [](std::string_view line) { spdlog::info("{}", line); });
    } else {
      state_.worker->set_down("not configured");
    }
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code ec, int number) {
      if (ec) return;
      if (number == SIGHUP) {
        reload("SIGHUP", true);
        telemetry_->log().reopen();
      } else {
        drain(number);
      }
      wait_for_signal();
    });
  }

  // Settings are swapped whole or not at all.
  /// @param asked  by an operator: what is off or rests gets another chance also when no file has changed, because an account may have
  ///               been mended at the vendor's
  void reload(std::string_view why, bool asked) {
    if (draining_) return;
    for (auto& l : traffic_listeners_) reload_certificate(l);
    for (auto& l : admin_listeners_) reload_certificate(l);
    config::loaded fresh = config::load(options_.load);
    watch_.watch(fresh.files);  // also when they are refused: the mistake may stand in a file that is new
    if (fresh.ok() && fresh.hash == reloads_.hash && !asked) {
      const std::scoped_lock lock(mutex_);
      reloads_.problems.clear();  // a refused file was put back as it was
      return;
    }
    std::shared_ptr<const flow::snapshot> snapshot;
    if (fresh.ok()) {
      auto built = build_snapshot(*fresh.value, state_);
      if (built)
        snapshot = std::move(*built);
      else
        fresh.errors.push_back({built.error().field, reloads_.path, 0, 0, built.error().message});
    }
    if (!snapshot) {
      ++reload_failures_;
      spdlog::error("{}: the new settings are refused, the old ones stay", why);
      log_problems(fresh.errors, spdlog::level::err);
      const std::scoped_lock lock(mutex_);
      reloads_.problems = fresh.errors;
      return;
    }
    take_over(fresh, snapshot);
    spdlog::info("{}: settings taken over ({})", why, reloads_.hash);
  }

  void take_over(const config::loaded& fresh, const std::shared_ptr<const flow::snapshot>& snapshot) {
    log_problems(fresh.warnings, spdlog::level::warn);
    warn_of_restart(*settings_, *fresh.value);
    {
      const std::scoped_lock lock(mutex_);
      settings_ = fresh.value;
      snapshot_ = snapshot;
      reloads_.hash = fresh.hash;
      reloads_.at = std::chrono::system_clock::now();
      reloads_.problems.clear();
      reloads_.warnings = fresh.warnings;
    }
    state_.live.configure(settings_->health);
    state_.passing->configure(settings_->health);
    state_.live.reset_health();
    state_.passing->forget();
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      shards_[i]->post([s = services_[i].get(), snapshot] { s->set_settings(snapshot); });
    }
    traffic_server_->set_limits(server_limits(settings_->limits));
    spdlog::set_level(level_of(settings_->log.level));
    telemetry_->create_series(*settings_);
    const auto* p = supervised_worker(*settings_);
    const auto wanted = p == nullptr ? std::nullopt : std::optional(worker_command(*p->local, state_.worker_socket));
    const bool same = wanted.has_value() == worker_.has_value() &&
                      (!wanted || (wanted->program == worker_->program && wanted->arguments == worker_->arguments));
    if (!same) supervise();
  }

  static void warn_of_restart(const settings& old, const settings& fresh) {
    const auto addresses = [](const settings& s) {
      std::vector<std::string> all{s.admin.at.address()};
      for (const auto& l : s.traffic) all.push_back(l.address());
      return all;
    };
    if (addresses(old) != addresses(fresh) || old.shards != fresh.shards || old.log.access != fresh.log.access) {
      spdlog::warn("listen, shards and log.access take effect at the next start");
    }
  }

  void reload_certificate(open_listener& l) {
    if (!l.tls) return;
    if (const auto done = l.tls->reload(); !done)
      spdlog::error("the certificate of {} stays as it is: {}", l.address, done.error().message);
  }

  // SIGTERM: not ready, serve a little longer, close the listeners, let what runs finish. SIGINT: without the little longer.
  void drain(int number) {
    if (draining_) {
      if (number == SIGINT || number == SIGTERM) ::_exit(128 + number);
    }
    draining_ = true;
    const auto now = std::chrono::steady_clock::now();
    close_at_ = number == SIGINT ? now : now + settings_->shutdown.delay;
    spdlog::info("ending: {} connections, {} requests running", traffic_server_->counts().connections, traffic_server_->counts().busy);
    every_tick([this] { return drain_step(std::chrono::steady_clock::now()); });
  }

  bool drain_step(steady_time now) {
    if (now < close_at_) return false;
    if (!closed_) {
      closed_ = true;
      traffic_server_->drain();
    }
    if (traffic_server_->counts().connections == 0) return end();
    if (!told_ && now >= close_at_ + settings_->shutdown.cap) {
      told_ = true;
      spdlog::warn("the time for ending is over: {} requests are told so", traffic_server_->counts().busy);
      for (std::size_t i = 0; i < shards_.size(); ++i) shards_[i]->post([s = services_[i].get()] { s->end_all(); });
    }
    if (told_ && now >= close_at_ + settings_->shutdown.cap + std::chrono::seconds{5}) {
      traffic_server_->abort_all();
      return end();
    }
    return false;
  }

  bool end() {
    spdlog::info("ended");
    loop_.stop();
    return true;
  }

  serve_options options_;
  runtime_folder folder_;
  asio::io_context loop_{1};
  // Read by the admin shard, written by the control loop alone: the one mutex between the two.
  mutable std::mutex mutex_;
  std::shared_ptr<const settings> settings_;
  std::shared_ptr<const flow::snapshot> snapshot_;
  admin::reload_state reloads_;
  std::atomic<std::uint64_t> reload_failures_{0};
  lasting state_;
  std::optional<upstream::worker_command> worker_;
  std::unique_ptr<upstream::supervisor> supervisor_;
  std::vector<std::unique_ptr<net::shard>> shards_;
  std::unique_ptr<net::shard> admin_shard_;
  std::vector<std::unique_ptr<upstream::gate>> gates_;
  std::vector<std::unique_ptr<flow::services>> services_;
  std::unique_ptr<telemetry> telemetry_;
  std::unique_ptr<api::traffic> traffic_api_;
  std::unique_ptr<admin::api> admin_api_;
  std::unique_ptr<net::server> traffic_server_;
  std::unique_ptr<net::server> admin_server_;
  std::vector<open_listener> traffic_listeners_, admin_listeners_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  settings_watch watch_;
  std::atomic<bool> draining_{false};
  bool closed_ = false;
  bool told_ = false;
  steady_time close_at_{};
};

}  // namespace

int serve(const serve_options& options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("naru"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-5l%$ %v", spdlog::pattern_time_type::utc);
  std::signal(SIGPIPE, SIG_IGN);
  serve_options with_limit = options;
  with_limit.load.descriptor_limit = raise_descriptor_limit();
  config::loaded first = config::load(with_limit.load);
  log_problems(first.warnings, spdlog::level::warn);
  if (!first.ok()) {
    log_problems(first.errors, spdlog::level::err);
    return exit_settings;
  }
  spdlog::set_level(level_of(first.value->log.level));
  return application(std::move(with_limit), std::move(first)).run();
}

}  // namespace naru::app
