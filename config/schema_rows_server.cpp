#include "config/schema.hpp"

/// Rows of the sections that are about the server itself.
namespace naru::config {
namespace {

void add_tls(std::vector<row>& rows, const std::string& path) {
  rows.push_back({.path = path, .is = form::block, .otherwise = "plain HTTP", .says = "Serves HTTPS (TLS 1.2 and 1.3) here."});
  rows.push_back({.path = path + ".certificate",
                  .is = form::path,
                  .required = true,
                  .says = "PEM file with the certificate and its chain, leaf first."});
  rows.push_back({.path = path + ".key", .is = form::path, .required = true, .says = "PEM file with the private key."});
}

void add_listen(std::vector<row>& rows) {
  rows.push_back({.path = "listen", .is = form::block, .says = "Where Naru listens."});
  rows.push_back({.path = "listen.traffic",
                  .is = form::list,
                  .otherwise = "one, with its defaults",
                  .one_or_list = true,
                  .says = "The API that clients call: one block, or a list of them."});
  rows.push_back({.path = "listen.traffic[]", .is = form::block, .says = "One listener."});
  rows.push_back({.path = "listen.traffic[].address",
                  .is = form::address,
                  .fallback = "127.0.0.1:8080",
                  .says = "IP address and port; `:8080` is every address. Anything but loopback needs `callers`."});
  add_tls(rows, "listen.traffic[].tls");
  rows.push_back({.path = "listen.admin", .is = form::block, .says = "Metrics, health and the admin API, on a listener of their own."});
  rows.push_back({.path = "listen.admin.address",
                  .is = form::address,
                  .fallback = "127.0.0.1:8081",
                  .says = "IP address and port. Anything but loopback needs a token."});
  rows.push_back({.path = "listen.admin.token",
                  .is = form::secret,
                  .otherwise = "only loopback, only what changes nothing",
                  .says = "Bearer token of the admin API."});
  add_tls(rows, "listen.admin.tls");
}

void add_limits(std::vector<row>& rows) {
  rows.push_back({.path = "limits", .is = form::block, .says = "What one request may take. All are totals, not per read."});
  rows.push_back({.path = "limits.head",
                  .is = form::size,
                  .fallback = "64KiB",
                  .lowest = "1KiB",
                  .highest = "1MiB",
                  .says = "Request line and headers; past it 431."});
  rows.push_back({.path = "limits.body",
                  .is = form::size,
                  .fallback = "32MiB",
                  .lowest = "1KiB",
                  .highest = "1GiB",
                  .says = "A request's body; past it 413."});
  rows.push_back({.path = "limits.head_time",
                  .is = form::duration,
                  .fallback = "10s",
                  .lowest = "100ms",
                  .highest = "10m",
                  .says = "From a connection's first byte to the end of the head; past it 408."});
  rows.push_back({.path = "limits.body_time",
                  .is = form::duration,
                  .fallback = "30s",
                  .lowest = "100ms",
                  .highest = "1h",
                  .says = "From the end of the head to the end of the body; past it 408."});
  rows.push_back({.path = "limits.idle_time",
                  .is = form::duration,
                  .fallback = "60s",
                  .lowest = "1s",
                  .highest = "1h",
                  .says = "How long a connection is kept between two requests."});
  rows.push_back({.path = "limits.connections",
                  .is = form::integer,
                  .fallback = "20000",
                  .lowest = "1",
                  .highest = "1000000",
                  .says = "Open client connections; past it 503. A proxied stream takes two descriptors: where the limit of descriptors "
                          "allows fewer, the default is lowered to what it allows, and the start says so."});
  rows.push_back({.path = "limits.attempts",
                  .is = form::integer,
                  .fallback = "3",
                  .lowest = "1",
                  .highest = "10",
                  .says = "Upstream calls that a request may cost, the first one included."});
  rows.push_back({.path = "limits.deadline",
                  .is = form::duration,
                  .fallback = "10m",
                  .lowest = "1s",
                  .highest = "1d",
                  .says = "The longest that a request may take, all attempts together."});
}

void add_running(std::vector<row>& rows) {
  rows.push_back({.path = "log", .is = form::block, .says = "What is written down."});
  rows.push_back({.path = "log.access",
                  .is = form::path,
                  .fallback = "stdout",
                  .words = {"stdout", "stderr", "off"},
                  .says = "Where one JSON line a request goes."});
  rows.push_back({.path = "log.level",
                  .is = form::word,
                  .fallback = "info",
                  .words = {"trace", "debug", "info", "warn", "error"},
                  .says = "The program's own log, on stderr."});
  rows.push_back({.path = "log.content",
                  .is = form::word,
                  .fallback = "never",
                  .words = {"never"},
                  .says = "What requests and answers say is never written."});
  rows.push_back({.path = "stream", .is = form::block, .says = "Streamed answers."});
  rows.push_back(
      {.path = "stream.hold_head",
       .is = form::duration,
       .fallback = "15s",
       .lowest = "100ms",
       .highest = "10m",
       .says = "How long the status line waits for the first content, so that a failure before it can still be answered truthfully."});
  rows.push_back({.path = "stream.ping",
                  .is = form::duration,
                  .fallback = "15s",
                  .lowest = "1s",
                  .highest = "10m",
                  .says = "Time between two comments that keep a quiet stream open."});
  rows.push_back({.path = "shutdown", .is = form::block, .says = "What happens on SIGTERM."});
  rows.push_back({.path = "shutdown.delay",
                  .is = form::duration,
                  .fallback = "15s",
                  .lowest = "0s",
                  .highest = "10m",
                  .says = "Not ready, but still serving: time for load balancers to look elsewhere."});
  rows.push_back({.path = "shutdown.cap",
                  .is = form::duration,
                  .fallback = "10m",
                  .lowest = "0s",
                  .highest = "1d",
                  .says = "The longest that streams in flight may take after that."});
}

}  // namespace

std::vector<row> server_rows() {
  std::vector<row> rows;
  rows.push_back(
      {.path = "include",
       .is = form::list,
       .one_or_list = true,
       .says = "More settings files, as globs relative to this one. Lists are appended, maps merged; a name in two files is an error."});
  rows.push_back({.path = "include[]", .is = form::path, .says = "A file, or a pattern such as models.d/*.yaml."});
  add_listen(rows);
  rows.push_back({.path = "shards",
                  .is = form::integer,
                  .fallback = "auto",
                  .lowest = "1",
                  .highest = "1024",
                  .words = {"auto"},
                  .says = "Threads that serve; auto is the cores that the cgroup gives."});
  add_limits(rows);
  add_running(rows);
  return rows;
}

}  // namespace naru::config
