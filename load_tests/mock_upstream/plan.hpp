#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace naru::mock {

/// One thing a connection does while it answers.
struct step {
  enum class kind : std::uint8_t {
    send,   ///< write `bytes`, in one call where the socket takes them
    drip,   ///< write `bytes` one at a time, `wait` apart
    wait,   ///< nothing for `wait`
    stall,  ///< nothing, until the peer leaves
    reset,  ///< TCP RST
    close   ///< FIN
  };
  kind what = kind::send;
  std::string bytes;
  std::chrono::microseconds wait{0};
};

/// A whole answer: played step by step, one step a turn of the loop, so that many streams advance side by side.
struct plan {
  std::vector<step> steps;
  int status = 0;  ///< of the answer, for the log; 0 when no head is sent
};

}  // namespace naru::mock
