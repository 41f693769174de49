#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/observe/record.hpp"

namespace naru::observe {

/// One JSON line per request, written by a thread of its own. A shard copies its line into a bounded block and goes on; when the block is
/// full, because the disk or the terminal is slow, the line is dropped and counted. Lines reach the sink within 50 ms, whole or not at all,
/// except where the system itself took a part of one (a full disk): the next then begins on a line of its own.
class access_log {
 public:
  /// @param sink  "stdout", "stderr", "off", or a file's absolute path (appended to; opened again on `reopen`, for rotation)
  /// Errors: bad_request that names the file and the system's reason.
  static result<std::unique_ptr<access_log>> open(const std::string& sink);
  virtual ~access_log() = default;  ///< writes what is in the block; a sink that takes nothing is waited for 2 s
  /// Thread: any. Never waits.
  virtual void write(const exchange_record& r) = 0;
  /// Opens the file again, soon: what is written from now on is in the new one. Thread: any. Where that fails the old one goes on.
  virtual void reopen() = 0;
  /// Lines that never reached the sink.
  [[nodiscard]] virtual std::uint64_t dropped() const noexcept = 0;
};

/// The line of one exchange, without its line end. Names, numbers and words only: never content, never a secret.
[[nodiscard]] std::string access_line(const exchange_record& r);
/// The same behind what `out` holds.
void append_access_line(const exchange_record& r, std::string& out);

}  // namespace naru::observe
