#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "load_tests/loadgen/target.hpp"

namespace naru::load {

/// What to do, within bounds that main checks: everything here ends by itself.
struct job {
  target to;
  std::string request;  ///< the whole request, head and body
  unsigned connections = 1;
  std::uint64_t requests = 0;  ///< 0: until `time` is over
  std::chrono::milliseconds time{10'000};
  std::chrono::milliseconds warm_up{0};  ///< results before this are not counted
  bool idle = false;                     ///< open a stream on each connection, wait for its first event, then hold them all for `time`
  std::string ca;                        ///< PEM for https; empty: the certificate is not checked
};

struct outcome {
  double seconds = 0;
  std::uint64_t answers = 0, events = 0, errors = 0, body_bytes = 0;
  std::uint64_t held = 0;                     ///< idle: streams that were open at the end
  std::vector<std::uint32_t> latencies_us;    ///< of whole answers
  std::vector<std::uint32_t> first_event_us;  ///< to the first SSE event, for streams
};

/// Runs it on this thread: one epoll, every connection one request at a time.
/// Throws std::runtime_error when no connection can be opened, or when errors outnumber answers by far.
[[nodiscard]] outcome run(const job& j);

}  // namespace naru::load
