#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>

#include "core/json/writer.hpp"
#include "load_tests/loadgen/run.hpp"

// naru-load: closed-loop HTTP/1.1 load on this machine, in bounds: the number of connections, requests and seconds is limited, and only
// loopback addresses are taken. Prints one line of JSON.
namespace {

using naru::load::outcome;

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The value below which the share `p` of them lies.
std::uint32_t percentile(std::vector<std::uint32_t>& values, double p) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

std::string to_json(outcome& o) {
  std::string out;
  naru::json::writer w(out);
  w.begin_object().field("seconds", o.seconds).field("requests", o.answers);
  w.field("requests_per_s", o.seconds > 0 ? std::round(static_cast<double>(o.answers) / o.seconds * 10) / 10 : 0.0);
  w.field("p50_us", percentile(o.latencies_us, 0.50)).field("p99_us", percentile(o.latencies_us, 0.99));
  w.field("events", o.events).field("events_per_s", o.seconds > 0 ? std::round(static_cast<double>(o.events) / o.seconds * 10) / 10 : 0.0);
  w.field("first_event_p50_us", percentile(o.first_event_us, 0.50)).field("first_event_p99_us", percentile(o.first_event_us, 0.99));
  w.field("body_bytes", o.body_bytes).field("held", o.held).field("errors", o.errors).end_object();
  return out;
}

std::string request_text(const naru::load::target& to, const std::vector<std::string>& headers, const std::string& body) {
  std::string out = "POST " + to.path + " HTTP/1.1\r\nHost: " + to.host + "\r\nContent-Type: application/json\r\n";
  for (const auto& header : headers) out += header + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// As many descriptors as connections want; the hard limit is the system's word.
void raise_descriptors(unsigned connections) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, connections + 64));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"naru-load: closed-loop HTTP/1.1 load against this machine"};
  naru::load::job job;
  std::string url, body_file;
  std::vector<std::string> headers;
  double seconds = 10;
  double warm_up = 0;
  app.add_option("url", url, "http(s)://127.0.0.1:PORT/PATH; only loopback")->required();
  app.add_option("--connections", job.connections, "connections, each with one request at a time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--requests", job.requests, "end after so many answers; 0: by time alone")->check(CLI::Range(0, 10'000'000));
  app.add_option("--seconds", seconds, "end after so long")->check(CLI::Range(0.1, 600.0))->capture_default_str();
  app.add_option("--warm-up", warm_up, "seconds before counting begins")->check(CLI::Range(0.0, 60.0));
  app.add_option("--body", body_file, "file with the JSON body")->required();
  app.add_option("--header", headers, "a header line, \"name: value\"; may be given again");
  app.add_option("--ca", job.ca, "PEM certificates for https; without it the certificate is not checked");
  app.add_flag("--idle", job.idle, "open a stream on each connection and hold them");
  CLI11_PARSE(app, argc, argv);
  try {
    job.to = naru::load::read_target(url);
    job.request = request_text(job.to, headers, file_text(body_file));
    job.time = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    job.warm_up = std::chrono::milliseconds(static_cast<std::int64_t>(warm_up * 1000));
    raise_descriptors(job.connections);
    outcome o = naru::load::run(job);
    std::printf("%s\n", to_json(o).c_str());
    return o.answers + o.held > 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "naru-load: %s\n", e.what());
    return 1;
  }
}
