#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json/document.hpp"

/// The real naru-worker with the real model, and a plain blocking HTTP client for its socket.
namespace naru::local_backend::test {

/// The shipped model: NARU_MODEL, else the build's cache. Fails the test, saying how to fetch it, when it is not there.
std::string model_path();

class worker_process {
 public:
  /// Starts it on a socket of its own. @param model  empty: the shipped one
  explicit worker_process(std::vector<std::string> arguments = {}, std::string socket = {}, const std::string& model = {});
  ~worker_process();
  worker_process(const worker_process&) = delete;
  worker_process& operator=(const worker_process&) = delete;

  /// Waits for the line on standard output. @return it; empty when the process ended instead
  std::string wait_ready();
  [[nodiscard]] const std::string& socket() const noexcept { return socket_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;
  /// Waits for its end. @return the exit code, or 128 + the signal's number
  int wait();
  /// What it wrote to standard error. Call after `wait`.
  [[nodiscard]] std::string errors();

 private:
  std::string socket_;
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

struct response {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< without chunking
  bool complete = false;                       ///< the whole body came

  [[nodiscard]] json::document json() const;
};

/// One connection.
class client {
 public:
  /// @param where  a socket's path, or "127.0.0.1:PORT"
  explicit client(const std::string& where);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void send(const std::string& bytes) const;
  void post(const std::string& body, const std::string& headers = {}) const;
  void get(const std::string& path, const std::string& headers = {}) const;

  /// Reads one whole response, or what comes until the connection ends.
  response read();
  /// Reads until `mark` has come (streams). @return all bytes so far; ends early when the connection does
  std::string read_until(const std::string& mark);
  /// Waits for the connection's end. @return whether it came within the time
  bool wait_closed(std::chrono::milliseconds limit);

 private:
  bool more();
  int fd_ = -1;
  std::string got_;
};

/// One request on a connection of its own.
response chat(const std::string& where, const std::string& body);
response get(const std::string& where, const std::string& path);

/// A body with one user message. @param fields  further members, e.g. "\"temperature\":0"
std::string ask(const std::string& text, const std::string& fields);

/// Of a whole answer.
std::string answer_text(const response& r);
std::string finish_reason(const response& r);
std::uint64_t usage_count(const response& r, const std::string& name);

/// The text pieces of a streamed answer, in order; every event is parsed, which checks that it is valid UTF-8.
struct streamed {
  std::vector<std::string> pieces;
  std::string text;
  std::string finish;
  std::optional<std::uint64_t> input;
  std::optional<std::uint64_t> output;
  bool ended = false;  ///< [DONE] came
  std::string error;   ///< code of an error event
};
streamed read_events(const std::string& body);

/// Asks health until it says so, at most 10 s. @return whether it did
bool wait_for(const std::string& where, const std::string& field, std::uint64_t value);

}  // namespace naru::local_backend::test
