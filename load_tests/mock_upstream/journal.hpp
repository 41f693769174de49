#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "load_tests/mock_upstream/http_request.hpp"

namespace naru::mock {

/// One request as the mock saw it, and how its answer went.
struct entry {
  std::uint64_t id = 0;          ///< 1, 2, 3 ...
  std::uint64_t connection = 0;  ///< 1, 2, 3 ...
  std::int64_t at_unix_ms = 0;   ///< when its last byte came
  std::chrono::steady_clock::time_point at;
  std::string method, target, model, directive, problem;
  std::string head, body;                         ///< every byte, as received
  int status = 0;                                 ///< of the answer; 0 when no head was to be sent
  std::optional<std::int64_t> finished_after_ms;  ///< the whole answer was written
  std::optional<std::int64_t> closed_after_ms;    ///< the peer left before that
};

/// What came, for GET /__mock/log, and for the files of --record-dir.
/// Keeps the newest `keep` requests in memory. Thread: the loop's.
class journal {
 public:
  /// @param record_dir  where every received byte is appended to connection-<n>.bin; empty: nowhere. Made when missing.
  journal(std::size_t keep, std::filesystem::path record_dir);

  /// @return the id of the new entry
  std::uint64_t add(std::uint64_t connection, const http_request& r);
  /// @return the entry; nullptr when it is too old to be kept
  [[nodiscard]] entry* find(std::uint64_t id) noexcept;
  /// Bytes that never became a request, at a connection's end.
  void record(std::uint64_t connection, std::string_view bytes);
  void clear();

  /// JSON {"requests":[...],"dropped":n} of those after id `after`, of `model` when it is given.
  [[nodiscard]] std::string to_json(std::uint64_t after, const std::optional<std::string>& model) const;

 private:
  std::size_t keep_;
  std::filesystem::path record_dir_;
  std::deque<entry> entries_;
  std::uint64_t next_id_ = 1;
  std::uint64_t dropped_ = 0;
};

}  // namespace naru::mock
