#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "tests/integration/canary/check.hpp"
#include "tests/integration/support.hpp"
#include "tests/support/seeded_random.hpp"

// Promise 1 over the whole program: every request carries canaries in its text positions, and the mocks, which keep every byte they get,
// tell who received them. NARU_CANARY_CASES scales it, NARU_CANARY_ONLY runs one case (or one part, "100-350"), NARU_TEST_SEED repeats.
using namespace naru::test;
using namespace naru::test::canary;

namespace {

constexpr std::size_t cases_a_setup = 250;
/// Gateways at once: while one starts or waits for its last retries, the other is busy.
constexpr std::size_t lanes = 2;

struct part {
  std::size_t from = 0, to = 0;  ///< numbers of cases
};

part wanted_cases(std::size_t usual) {
  const char* only = std::getenv("NARU_CANARY_ONLY");
  const char* count = std::getenv("NARU_CANARY_CASES");
  if (only == nullptr) return {0, count == nullptr ? usual : std::strtoull(count, nullptr, 10)};
  char* end = nullptr;
  const std::size_t from = std::strtoull(only, &end, 10);
  return {from, *end == '-' ? std::strtoull(end + 1, nullptr, 10) + 1 : from + 1};
}

/// Those of the cases that belong to one setup, through the program.
verdict run_setup(lane& l, std::size_t number, part all) {
  const setup s = make_setup(number, l.ports());
  std::vector<trial> trials;
  for (std::size_t i = number * cases_a_setup; i < (number + 1) * cases_a_setup; ++i) {
    if (i >= all.from && i < all.to) trials.push_back(make_trial(s, i));
  }
  verdict v = judge(s, trials, l.run(s, trials));
  for (finding& f : v.findings) f.text += "settings:\n" + s.yaml;
  return v;
}

verdict run(const std::string& program, part all) {
  const std::size_t first = all.from / cases_a_setup;
  const std::size_t count = (all.to + cases_a_setup - 1) / cases_a_setup - first;
  verdict sum;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const std::size_t threads = std::min(lanes, count);
  in_parallel(threads, threads, [&](std::size_t) {
    lane l(program);
    for (std::size_t i = next++; i < count; i = next++) {
      verdict v = run_setup(l, first + i, all);
      const std::scoped_lock lock(mutex);
      sum.sum += v.sum;
      std::ranges::move(v.findings, std::back_inserter(sum.findings));
    }
  });
  return sum;
}

void print(std::string_view title, const verdict& v, std::chrono::steady_clock::time_point began) {
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const totals& t = v.sum;
  fmt::print(
      stderr,
      "{}: {} cases in {:.1f} s, {} with a secret, {} labelled above the default; {} answered, {} refused by clearance, {} refused before, "
      "{} failed, {} left by the client; {} upstream calls, {} of the requests had several, {} fell over; {} leaks, {} other findings\n",
      title, t.cases, seconds, t.with_secret, t.raised, t.answered, t.refused_by_clearance, t.refused_otherwise, t.failed, t.left, t.calls,
      t.repeated, t.fell_over, v.leaks(), v.findings.size() - v.leaks());
  for (const auto& [status, count] : t.statuses)
    fmt::print(stderr, "{}  {} times {}", status == t.statuses.begin()->first ? "" : ",", count, status);
  fmt::print(stderr, "\n");
}

/// The first findings whole, leaks before all others, and the first line of the rest.
std::string told(verdict v) {
  std::ranges::stable_partition(v.findings, &finding::leak);
  std::string out;
  for (std::size_t i = 0; i < v.findings.size(); ++i) {
    const std::string& text = v.findings[i].text;
    out += i < 3 ? text + "\n" : text.substr(0, text.find("\n  ")) + "\n";
  }
  return out;
}

/// A run that never retried, fell over or refused anything would have shown nothing.
void check_worth(const totals& t) {
  CHECK(t.answered * 4 > t.cases);
  CHECK(t.refused_by_clearance * 20 > t.cases);
  CHECK(t.repeated * 20 > t.cases);
  CHECK(t.fell_over * 50 > t.cases);
  CHECK(t.with_secret * 5 > t.cases);
  CHECK(t.raised * 5 > t.cases);
}

void check_that_it_is_seen(const std::string& program, std::string_view what, std::size_t cases) {
  const auto began = std::chrono::steady_clock::now();
  const verdict v = run(program, {0, cases});
  print(what, v, began);
  const bool seen = v.leaks() > 0;
  CHECK(seen);
}

}  // namespace

TEST_CASE("no byte of a request reaches a deployment that is not cleared for it", "[canary]") {
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t seed = test_seed();
  const verdict v = run("naru", wanted_cases(10'000));
  print("canary", v, began);
  INFO("NARU_TEST_SEED=" << seed << ", " << v.findings.size() << " findings; a case runs alone with NARU_CANARY_ONLY=<its number>");
  CHECK(v.sum.cases > 0);
  if (!v.findings.empty()) FAIL(told(v));
  if (v.sum.cases >= 5000) check_worth(v.sum);
}

TEST_CASE("a gate whose comparison is turned round is caught", "[planted]") {
  check_that_it_is_seen("naru_turned", "the comparison turned round", 500);
}

TEST_CASE("a fallback with a stale permit is caught", "[planted]") {
  check_that_it_is_seen("naru_stale", "stale permits on retries", 1500);
}
