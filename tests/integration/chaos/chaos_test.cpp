#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include "tests/integration/support.hpp"
#include "tests/support/seeded_random.hpp"

// The real gateway under load, with a vendor that does everything wrong at random, clients that leave at random, and settings that are
// read again meanwhile. NARU_CHAOS_SECONDS says how long (20); the seed is printed (NARU_TEST_SEED runs it again). Built with the address
// sanitizer, the gateway's own end says whether memory leaked.
using namespace naru::test;
using namespace std::chrono_literals;

namespace {

std::chrono::seconds length() {
  const char* given = std::getenv("NARU_CHAOS_SECONDS");
  const long seconds = given != nullptr ? std::strtol(given, nullptr, 10) : 20;
  return std::chrono::seconds(std::clamp(seconds, 1L, 7200L));
}

constexpr std::array answers{"ok",      "sse-30x40",  "paced-20x200",    "tools",      "think",  "long",
                             "gzip+ok", "interim+ok", "pings+sse-10x20", "usage-none", "slow-80"};
constexpr std::array faults{"status-500",
                            "status-503",
                            "status-529",
                            "status-429-retryms-50",
                            "status-401",
                            "status-404",
                            "status-400",
                            "quota",
                            "ctx",
                            "content-policy",
                            "reset-before",
                            "stall-before",
                            "reset-after-2",
                            "stall-after-2",
                            "cut-after-2",
                            "idle",
                            "silent-end-after-1",
                            "empty",
                            "badjson",
                            "badsse-after-1",
                            "error-frame-first",
                            "error-frame-after-2",
                            "bare-error-after-1",
                            "short-length",
                            "long-length",
                            "badhead",
                            "bighead",
                            "drip-1",
                            "usage-negative",
                            "usage-huge",
                            "usage-text"};
constexpr std::array providers{"oa", "an", "go"};
constexpr unsigned at_once = 12;  ///< requests of the one caller
constexpr std::string_view key = "naru-chaos-0123456789abcdef0123456789";

std::string settings(const mock_upstream& mock) {
  constexpr std::string_view times = ", timeouts: {connect: 2s, first_byte: 1500ms, idle: 1500ms, total: 6s}";
  std::string out = listening_anywhere() + "providers:\n";
  out += provider_line("oa", "openai", mock, std::string(", price: {input: 2, output: 10}").append(times));
  out += provider_line("an", "anthropic", mock, std::string(", price: {input: 3, output: 15}").append(times));
  out += provider_line("go", "google", mock, std::string(", price: {input: 1, output: 4}").append(times));
  out.replace(out.find("shards: 1"), 9, "shards: 2");
  out += "  local: off\nmodels:\n";
  out += "  chat: {strategy: priority, deployments: [oa/c--status-503, an/c--reset-after-2, go/c--ok]}\n";
  out +=
      "  hedged: {strategy: priority, hedge: {after: 60ms, share: 100%}, deployments: [oa/h--slow-150, an/h--sse-20x30, go/h--slow-40]}\n";
  out +=
      "  both: {strategy: weighted, hedge: {after: 40ms, share: 100%}, deployments: [oa/b--slow-60, an/b--slow-60, go/b--stall-before]}\n";
  out += "limits: {deadline: 8s}\nbreaker: {cooldown: 200ms, cooldown_max: 1s}\nlog: {access: off}\n";
  out += "callers:\n  - {name: chaos, key: " + std::string(key) + ", team: chaos, concurrent: " + std::to_string(at_once) + "}\n";
  return out;
}

template <class Gen, class List>
std::string one_of(Gen& gen, const List& list) {
  return std::string(list[gen() % list.size()]);
}

/// Any model, most of them with a fault of their own; numbered, so that the breaker of one does not hide the others.
template <class Gen>
std::string any_model(Gen& gen) {
  constexpr std::array<std::string_view, 3> configured{"chat", "hedged", "both"};
  if (gen() % 3 == 0) return one_of(gen, configured);
  const bool good = gen() % 2 == 0;
  return one_of(gen, providers) + "/m" + std::to_string(gen() % 400) + "--" + (good ? one_of(gen, answers) : one_of(gen, faults));
}

/// What clients saw, and whatever must not be.
struct sightings {
  std::atomic<std::uint64_t> sent{0}, answered{0}, refused{0}, told_in_stream{0}, left{0};
  void wrong(const std::string& what) {
    const std::scoped_lock lock(mutex);
    ++wrongs[what.substr(0, 400)];
  }
  std::mutex mutex;
  std::map<std::string, int> wrongs;
};

void check_refusal(const http_answer& a, const std::string& model, sightings& seen) {
  ++seen.refused;
  if (!a.complete || at(a.body, "error.message").size() < 4)
    seen.wrong(model + ": status " + std::to_string(a.status) + " without an error: " + a.body);
}

void check_whole(const http_answer& a, const std::string& model, sightings& seen) {
  if (a.status != 200) return check_refusal(a, model, seen);
  ++seen.answered;
  if (!a.complete || at(a.body, "choices.0.finish_reason") == "-") seen.wrong(model + ": 200 without an answer: " + a.body);
}

void check_stream(http_client& client, http_answer head, const std::string& model, sightings& seen) {
  if (head.status != 200) {
    head.body = client.read_rest();
    head.complete = client.body_complete();
    return check_refusal(head, model, seen);
  }
  const auto frames = client.read_frames();
  const bool done = !frames.empty() && frames.back().data == "[DONE]";
  const bool error = !frames.empty() && at(frames.back().data, "error.message").size() > 3;
  ++(error ? seen.told_in_stream : seen.answered);
  if (done == error || !client.body_complete())
    seen.wrong(model + ": a stream ended as neither answer nor error: " + (frames.empty() ? "(nothing)" : frames.back().data));
}

template <class Gen>
header_lines any_headers(Gen& gen) {
  header_lines headers{{"authorization", "Bearer " + std::string(key)}};
  if (gen() % 5 == 0) headers.emplace_back("x-stainless-timeout", std::to_string(1 + gen() % 3));
  if (gen() % 8 == 0) headers.emplace_back("x-naru-timeout", std::to_string(5 + gen() % 600) + "ms");
  if (gen() % 5 == 0) headers.emplace_back("x-stainless-retry-count", std::to_string(gen() % 3));
  return headers;
}

template <class Gen>
void one_request(unsigned short port, Gen& gen, sightings& seen) {
  const std::string model = any_model(gen);
  const bool stream = gen() % 2 == 0;
  ++seen.sent;
  try {
    http_client client(port, 30s);
    client.send_request("POST", completions, any_headers(gen), stream ? chat_stream(model) : chat(model));
    const auto leaves = gen() % 8;
    if (leaves == 0) {  // at once, or a little later
      ++seen.left;
      std::this_thread::sleep_for(std::chrono::milliseconds(gen() % 120));
      return client.close(gen() % 2 == 0);
    }
    if (!stream) return check_whole(client.read_answer(), model, seen);
    auto head = client.read_head();
    if (leaves == 1 && head.status == 200) {  // in the middle
      ++seen.left;
      for (auto n = gen() % 6; n > 0 && client.next_frame();) --n;
      return client.close(gen() % 2 == 0);
    }
    check_stream(client, std::move(head), model, seen);
  } catch (const std::exception& e) {
    seen.wrong(model + ": " + e.what());
  }
}

/// Sum of all series of a counter or gauge; with `containing`, of those whose labels hold it.
double sum_of(const std::string& metrics, std::string_view name, std::string_view containing = {}) {
  double sum = 0;
  for (std::size_t from = 0; from < metrics.size();) {
    const auto end = std::min(metrics.find('\n', from), metrics.size());
    const std::string_view line = std::string_view(metrics).substr(from, end - from);
    from = end + 1;
    if (!line.starts_with(name) || (line.size() > name.size() && line[name.size()] != '{' && line[name.size()] != ' ')) continue;
    if (line.find(containing) == std::string_view::npos) continue;
    sum += std::strtod(line.data() + line.rfind(' '), nullptr);
  }
  return sum;
}

std::string metrics_of(const naru_process& naru) { return ask(naru.admin_port(), "GET", "/metrics").body; }

bool quiet(const naru_process& naru) {
  return eventually(
      [&] {
        const std::string m = metrics_of(naru);
        return sum_of(m, "naru_inflight_requests") == 0 && sum_of(m, "naru_connections") == 0 && sum_of(m, "naru_inflight_calls") == 0;
      },
      20s);
}

}  // namespace

TEST_CASE("under random faults every request ends in an answer or a true error, every call is accounted for, and nothing is left behind",
          "[chaos]") {
  mock_upstream::options forgetful;
  forgetful.more = {"--keep", "10"};
  auto mock = std::make_unique<mock_upstream>(forgetful);
  naru_process naru(settings(*mock), lean());
  const std::size_t files = naru.process().open_files();

  sightings seen;
  const auto until = std::chrono::steady_clock::now() + length();
  std::vector<std::thread> clients;
  for (std::uint64_t c = 0; c < 14; ++c) {
    clients.emplace_back([&, c] {
      auto gen = seeded_random(c);
      while (std::chrono::steady_clock::now() < until) one_request(naru.port(), gen, seen);
    });
  }
  for (int n = 1; std::chrono::steady_clock::now() < until; ++n) {
    std::this_thread::sleep_for(250ms);
    if (n % 16 == 0) naru.reload(settings(*mock));
  }
  for (auto& c : clients) c.join();

  for (const auto& [what, times] : seen.wrongs) UNSCOPED_INFO(times << " times: " << what);
  CHECK(seen.wrongs.empty());
  WARN(seen.sent << " requests: " << seen.answered << " answered, " << seen.refused << " refused, " << seen.told_in_stream
                 << " told in the stream, " << seen.left << " left");
  CHECK(seen.answered > 0);
  CHECK(seen.refused > 0);

  REQUIRE(quiet(naru));
  const std::string m = metrics_of(naru);
  const double calls = sum_of(m, "naru_upstream_attempts_total");
  // A call that ended before the vendor had its request (no connection, or nobody waited any more) is counted by us alone.
  double perhaps_unseen = 0;
  for (const char* result : {"connect", "canceled", "timeout", "outrun"})
    perhaps_unseen += sum_of(m, "naru_upstream_attempts_total", "result=\"" + std::string(result) + "\"");
  const auto at_vendor = static_cast<double>(mock->stat("requests"));
  CAPTURE(calls, at_vendor, perhaps_unseen);
  CHECK(at_vendor <= calls);
  CHECK(calls - at_vendor <= perhaps_unseen);
  CHECK(sum_of(m, "naru_hedges_total") > 0);
  // Each request was counted once: all that got an answer, and of those that left early the ones that had been read.
  const double counted = sum_of(m, "naru_requests_total", "api=\"chat\"");
  CHECK(counted <= static_cast<double>(seen.sent));
  CHECK(counted >= static_cast<double>(seen.sent - seen.left));

  // No permit was lost: as many at once as ever.
  std::atomic<unsigned> good{0};
  in_parallel(at_once, at_once, [&](std::size_t i) {
    const auto a = post(naru.port(), chat("go/last" + std::to_string(i) + "--slow-500"), {{"authorization", "Bearer " + std::string(key)}});
    if (a.status == 200) ++good;
  });
  CHECK(good == at_once);

  REQUIRE(quiet(naru));
  mock.reset();  // its end closes what the pools hold
  CHECK(eventually([&] { return naru.process().open_files() <= files; }, 20s));
  CHECK(naru.process().open_files() <= files);
  const auto ended = naru.stop(20s);
  CAPTURE(naru.process().output().substr(0, 4000));
  CHECK(ended.code == 0);  // the leak sanitizer would say 23
  for (const char* bad : {"Sanitizer", "runtime error", "bug:"}) CHECK(naru.process().output().find(bad) == std::string::npos);
}
