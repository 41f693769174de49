#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// One line of a stream. Views that hold until the next call of the framer, and no longer than the input they came from.
struct ndjson_line {
  /// The exact bytes, the line's end included: the raws of all lines put together are the stream.
  std::string_view raw;
  std::string_view text;  ///< without its end (LF or CRLF) and, in the first line, without a BOM
  bool blank = false;     ///< nothing but blanks: a sign of life
};

/// Cuts `application/x-ndjson` into lines: LF and CRLF (a CR alone is part of its line, as JSON may hold none unescaped anyway). Bytes come
/// in any pieces and give the same lines. A line that lies whole in the input is not copied; between lines nothing is held.
class ndjson_framer {
 public:
  static constexpr std::size_t default_line_limit = 8 * 1024 * 1024;
  explicit ndjson_framer(std::size_t line_limit = default_line_limit) noexcept : limit_(line_limit) {}

  /// Takes bytes off the front of `in`, up to the end of the next line.
  /// @return complete: `out` is a line, call again. need_more: `in` is empty, a part of a line may be kept. refused: the line is longer
  ///         than the limit, and every later call says so too
  progress next(std::string_view& in, ndjson_line& out);

  /// The same by callback: `on_line(const ndjson_line&)` for each. Errors: stream_broken, reason "frame_too_long".
  template <class OnLine>
  result<void> feed(std::string_view in, OnLine&& on_line) {
    ndjson_line line;
    for (;;) {
      const progress p = next(in, line);
      if (p == progress::refused) return fail(too_long());
      if (p == progress::need_more) return {};
      on_line(static_cast<const ndjson_line&>(line));
    }
  }

  /// The stream has ended: gives a last line that no LF ended, as a server may leave it. @return false when nothing is left
  [[nodiscard]] bool finish(ndjson_line& out);

  [[nodiscard]] std::size_t held() const noexcept { return pending_.capacity() > std::string{}.capacity() ? pending_.capacity() : 0; }
  [[nodiscard]] error too_long() const;

 private:
  void read(std::string_view raw, ndjson_line& out) noexcept;
  void release() noexcept;

  std::size_t limit_;
  std::string pending_;      ///< the line's bytes so far, when it began in an earlier input
  bool handed_out_ = false;  ///< `pending_` was given out as a line's raw: gone at the next call
  bool first_ = true;        ///< no line has been given yet: a BOM may stand at its front
  bool refused_ = false;
};

}  // namespace naru::net::http
