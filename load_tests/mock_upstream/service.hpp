#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "load_tests/mock_upstream/dialect.hpp"
#include "load_tests/mock_upstream/journal.hpp"
#include "load_tests/mock_upstream/plan.hpp"

namespace naru::mock {

struct options {
  std::string address = "127.0.0.1";
  unsigned short port = 0;               ///< 0: the system's choice
  std::string certificate, private_key;  ///< PEM files; both empty: plain
  std::string key;                       ///< the credential that requests must carry; empty: none is asked for
  std::string record_dir;
  std::size_t keep = 10000;  ///< requests kept for the log
  bool lean = false;         ///< for load: no checks, no scripts, no log
  unsigned coalesce = 1;     ///< with lean: so many frames of a stream a write
};

struct counters {
  std::uint64_t connections = 0, open = 0, most_open = 0, requests = 0, aborted = 0, malformed = 0, bytes_in = 0;
  std::map<int, std::uint64_t> answers;  ///< by status; 0: those without a head
};

/// Decides what each request is answered with. No sockets: those are the server's.
/// Thread: the loop's.
class service {
 public:
  explicit service(options o);

  /// @param entry  set to the request's entry in the journal, 0 when it has none
  [[nodiscard]] std::shared_ptr<const plan> answer(const http_request& r, std::uint64_t connection, std::uint64_t& entry);
  /// For --lean: looks at no more of the body than the names "model" and "stream". `request` is one whole request.
  [[nodiscard]] std::shared_ptr<const plan> lean_answer(std::string_view request);

  [[nodiscard]] const options& settings() const noexcept { return options_; }
  journal log;
  counters stats;

 private:
  using scripted = std::variant<std::string, plan>;  ///< a directive, or bytes as they are

  plan control(const http_request& r);
  plan add_script(const http_request& r);
  plan vendor_answer(const http_request& r, const route& to, std::uint64_t entry);
  plan chat_answer(const http_request& r, const route& to, json::object body, std::uint64_t entry);
  std::optional<scripted> next_scripted(const std::string& model);
  [[nodiscard]] std::string stats_json() const;

  options options_;
  std::uint64_t sequence_ = 0;
  std::map<std::string, std::deque<scripted>> scripts_;
  std::unordered_map<std::string, std::shared_ptr<const plan>> lean_plans_;
};

}  // namespace naru::mock
