#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/canary/trial.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/naru_process.hpp"

/// Runs trials through the real program and brings home everything that anybody saw of them.
namespace naru::test::canary {

/// What the client got.
struct reply {
  http_answer got;      ///< status 0: nothing
  std::string trouble;  ///< what was wrong with it as HTTP; empty: nothing
};

/// A request that a mock received.
struct call {
  std::size_t mock = 0;
  mock_request received;
  std::set<std::string> tokens;
};

/// Bytes on a mock's connection that belong to no request of its log.
struct stray_bytes {
  std::size_t mock = 0;
  std::string bytes;
};

struct observed {
  std::vector<reply> replies;  ///< in the order of the trials
  std::vector<call> calls;
  std::vector<stray_bytes> strays;
  std::string printed;  ///< the gateway's standard output and error
  std::string metrics;
  exit_state end;
};

/// Mocks of its own, one a clearance, and one gateway after the other in front of them. Thread: one.
class lane {
 public:
  /// @param program  "naru", or a build of it with a planted defect
  explicit lane(std::string program);

  [[nodiscard]] std::vector<unsigned short> ports() const;
  [[nodiscard]] observed run(const setup& s, const std::vector<trial>& trials);

 private:
  struct place {
    temp_dir records;  ///< every byte that the mock receives, a file a connection
    std::unique_ptr<mock_upstream> mock;
    std::uint64_t seen = 0;  ///< the last request of its log that has been looked at
  };

  void script(const setup& s);
  void collect(std::size_t mock, observed& o);

  std::string program_;
  std::vector<place> places_;
};

}  // namespace naru::test::canary
