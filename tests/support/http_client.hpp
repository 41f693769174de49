#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/sse_frames.hpp"

namespace naru::test {

using header_lines = std::vector<std::pair<std::string, std::string>>;

/// An answer, whole.
struct http_answer {
  int status = 0;
  header_lines headers;   ///< names in lower case
  std::string body;       ///< without the chunked framing
  bool complete = false;  ///< the framing ended as it should; false: the connection broke before

  /// @return the header's value; empty when absent
  [[nodiscard]] std::string header(std::string_view lower_name) const;
  [[nodiscard]] std::size_t count(std::string_view lower_name) const;
};

/// Nothing came in time.
struct client_timeout : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How a connection ended.
enum class ended : std::uint8_t { open, closed, reset };

/// A blocking HTTP/1.1 client for tests, which sends exactly the bytes it is given and shows what comes. One connection an object.
/// Every wait has the limit `timeout` and throws client_timeout. Thread: one.
class http_client {
 public:
  /// Connects to 127.0.0.1. Throws std::system_error when it is refused.
  explicit http_client(unsigned short port, std::chrono::milliseconds timeout = std::chrono::seconds(20));
  /// With TLS. @param ca  PEM file that the server's certificate (for "localhost") is checked against; throws std::runtime_error
  http_client(unsigned short port, const std::string& ca, std::chrono::milliseconds timeout = std::chrono::seconds(20));
  ~http_client();
  http_client(http_client&&) noexcept;
  http_client& operator=(http_client&&) = delete;

  void set_timeout(std::chrono::milliseconds limit);

  /// Sends bytes as they are. Throws std::system_error when the peer has gone.
  void send(std::string_view bytes);
  /// Sends a request with Host and, when there is a body, Content-Length and Content-Type: application/json (unless given).
  void send_request(std::string_view method, std::string_view target, const header_lines& headers = {}, std::string_view body = {});

  /// Reads the next answer, skipping 1xx. `to_head`: the request was a HEAD. An answer that breaks off has `complete` false.
  [[nodiscard]] http_answer read_answer(bool to_head = false);
  /// send_request and read_answer.
  [[nodiscard]] http_answer ask(std::string_view method, std::string_view target, const header_lines& headers = {},
                                std::string_view body = {});

  /// For streams: reads the head alone (skipping 1xx), then frame by frame.
  [[nodiscard]] http_answer read_head();
  /// @return the next SSE frame; nullopt when the body has ended. `body_complete` then says how.
  [[nodiscard]] std::optional<sse_frame> next_frame();
  /// All frames that are still to come.
  [[nodiscard]] std::vector<sse_frame> read_frames();
  /// What is still to come of the body, as bytes without their framing.
  [[nodiscard]] std::string read_rest();
  /// Whether the body ended as its framing should (for chunked: with the last chunk).
  [[nodiscard]] bool body_complete() const noexcept;

  /// Reads what comes until the peer closes. @return the bytes
  [[nodiscard]] std::string read_to_end();
  /// Waits until the peer has closed or `limit` is over, throwing away what comes.
  [[nodiscard]] ended wait_for_end(std::chrono::milliseconds limit);

  void shutdown_write();
  /// Closes; with a TCP RST when `hard`.
  void close(bool hard = false);
  [[nodiscard]] int descriptor() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// One request on a connection of its own.
[[nodiscard]] http_answer ask(unsigned short port, std::string_view method, std::string_view target, const header_lines& headers = {},
                              std::string_view body = {});

}  // namespace naru::test
