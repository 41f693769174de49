#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/units.hpp"

namespace naru::config {
namespace {

std::optional<tls_files> read_tls(const reader& r, build_context& c) {
  if (!r.present()) return std::nullopt;
  tls_files files;
  for (auto [key, file] : {std::pair{"certificate", &files.certificate}, std::pair{"key", &files.key}}) {
    const reader at = r[key];
    const std::string path = at.text();
    if (path.empty()) continue;
    *file = c.from.resolve(path);
    if (const auto why = unreadable(c, *file)) c.problems.error(at.at(), at.path(), fmt::format("{} cannot be read: {}", *file, *why));
  }
  return files;
}

listener read_listener(const reader& r, build_context& c) {
  listener at = parse_address(r["address"].text()).value_or(listener{});
  at.tls = read_tls(r["tls"], c);
  return at;
}

/// Whether both cannot be bound: the same address, or one of them is every address.
bool collide(const listener& a, const listener& b) {
  if (a.port != b.port || a.port == 0) return false;
  const auto takes = [](const listener& all, const listener& one) {
    return all.host == "::" || (all.host == "0.0.0.0" && one.host.find(':') == std::string::npos);
  };
  return a.host == b.host || takes(a, b) || takes(b, a);
}

void read_listeners(const reader& r, build_context& c) {
  struct found {
    reader from;
    listener at;
  };
  std::vector<found> all;
  const reader traffic = r["traffic"];
  for (const reader& each : traffic.items()) all.push_back({each["address"], read_listener(each, c)});
  if (traffic.present() && all.empty()) c.problems.error(traffic.at(), traffic.path(), "want at least one listener, got an empty list");
  if (all.size() > 64) c.problems.error(traffic.at(), traffic.path(), fmt::format("want at most 64 listeners, got {}", all.size()));
  for (const found& f : all) c.out.traffic.push_back(f.at);
  if (all.empty()) {
    c.out.traffic.push_back(*parse_address("127.0.0.1:8080"));
    all.push_back({traffic, c.out.traffic.front()});
  }
  c.out.admin.at = read_listener(r["admin"], c);
  all.push_back({r["admin"]["address"], c.out.admin.at});
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!collide(all[i].at, all[k].at)) continue;
      c.problems.error(all[i].from.at(), all[i].from.path(),
                       fmt::format("two listeners on one address: {} and {}", all[k].at.address(), all[i].at.address()));
      break;
    }
  }
}

void read_admin(const reader& r, build_context& c) {
  if (const std::string token = r["token"].text(); !token.empty()) c.out.admin.token.emplace(token);
  if (c.out.admin.at.loopback || r["token"].present()) return;
  c.problems.error(r["address"].at(), r["address"].path(),
                   fmt::format("want a token, or loopback: {} can be reached from other machines", c.out.admin.at.address()));
}

void read_limits(const reader& r, limits& l) {
  l.head = r["head"].size();
  l.body = r["body"].size();
  l.head_time = r["head_time"].duration();
  l.body_time = r["body_time"].duration();
  l.idle_time = r["idle_time"].duration();
  l.connections = r["connections"].integer();
  l.attempts = r["attempts"].integer();
  l.deadline = r["deadline"].duration();
}

void read_log(const reader& r, build_context& c) {
  constexpr std::array<std::string_view, 5> levels{"trace", "debug", "info", "warn", "error"};
  const reader access = r["access"];
  const std::string to = access.text();
  const bool word = to == "stdout" || to == "stderr" || to == "off";
  c.out.log.access = word ? to : c.from.resolve(to);
  c.out.log.level = static_cast<log_level>(std::ranges::find(levels, r["level"].text()) - levels.begin());
}

}  // namespace

std::string listener::address() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::optional<std::string> unreadable(build_context& c, const std::string& path) {
  c.from.watch(path);
  const auto found = c.options.files->readable(path);
  if (found) return std::nullopt;
  return found.error().message;
}

void build_server(const reader& root, build_context& c) {
  read_listeners(root["listen"], c);
  read_admin(root["listen"]["admin"], c);
  c.out.shards = root["shards"].integer();
  read_limits(root["limits"], c.out.limits);
  read_log(root["log"], c);
  c.out.stream = {root["stream"]["hold_head"].duration(), root["stream"]["ping"].duration()};
  c.out.shutdown = {root["shutdown"]["delay"].duration(), root["shutdown"]["cap"].duration()};
}

}  // namespace naru::config
