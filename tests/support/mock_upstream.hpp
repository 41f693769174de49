#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child_process.hpp"

namespace naru::test {

/// A request as the mock saw it. `head` and `body` are all its bytes.
struct mock_request {
  std::uint64_t id = 0;
  std::uint64_t connection = 0;
  std::int64_t at_unix_ms = 0;
  std::string method, target, model, directive;
  std::string problem;  ///< what the mock, as the vendor, did not like about it
  std::string head, body;
  int status = 0;
  bool finished = false;                        ///< the whole answer was written
  std::optional<std::int64_t> closed_after_ms;  ///< the peer left before that, so long after its request

  /// @return the header's value; empty when absent
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// A naru-mock that runs beside the test. load_tests/README.md lists its directives.
class mock_upstream {
 public:
  /// The credential that it asks for unless the options say another.
  static constexpr std::string_view default_key = "sk-mock-0123456789abcdef";

  struct options {
    std::string key{default_key};          ///< empty: none is asked for
    std::string record_dir;                ///< where every received byte is kept; empty: nowhere
    std::string certificate, private_key;  ///< PEM files; empty: plain
    std::vector<std::string> more;         ///< further arguments
  };

  mock_upstream() : mock_upstream(options{}) {}
  explicit mock_upstream(const options& o);

  [[nodiscard]] unsigned short port() const noexcept { return port_; }
  /// "http://127.0.0.1:<port>" and `path`; https when it has a certificate
  [[nodiscard]] std::string url(std::string_view path = {}) const;

  /// Queues answers for a model ("*": any): directives, or raw JSON objects {"raw": ..., "then": ...}.
  void script(std::string_view model, const std::vector<std::string>& answers);
  /// Forgets scripts, log and counters.
  void reset();
  [[nodiscard]] std::vector<mock_request> log(std::uint64_t after = 0);
  /// Asks for the log until `enough` says so of it. Throws client_timeout when it has not within `limit`.
  std::vector<mock_request> log_when(const std::function<bool(const std::vector<mock_request>&)>& enough,
                                     std::chrono::milliseconds limit = std::chrono::seconds(5));
  /// One of the numbers of GET /__mock/stats: "requests", "connections", "open", "aborted" ...
  [[nodiscard]] std::uint64_t stat(std::string_view name);

  child_process& process() noexcept { return process_; }

 private:
  std::string control(std::string_view method, std::string_view target, std::string_view body = {});

  bool tls_;
  std::string ca_;
  child_process process_;
  unsigned short port_;
};

}  // namespace naru::test
