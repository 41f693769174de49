#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace naru::test {

/// The seed of this run: NARU_TEST_SEED, else a new one. Printed once, so that a failure can be run again.
inline std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("NARU_TEST_SEED");
    const std::uint64_t s =
        given ? std::strtoull(given, nullptr, 10) : (std::uint64_t{std::random_device{}()} << 32 | std::random_device{}());
    std::fprintf(stderr, "NARU_TEST_SEED=%llu\n", static_cast<unsigned long long>(s));
    return s;
  }();
  return seed;
}

/// A generator that depends on the run's seed and on `salt` alone: tests do not disturb each other's numbers.
inline std::mt19937_64 seeded_random(std::uint64_t salt = 0) {
  const std::uint64_t seed = test_seed();
  std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), static_cast<std::uint32_t>(salt),
                      static_cast<std::uint32_t>(salt >> 32)};
  return std::mt19937_64(mixed);
}

}  // namespace naru::test
