#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// One frame of an event stream. Views that hold until the next call of the framer, and no longer than the input they came from.
struct sse_frame {
  /// The exact bytes, the ending blank line included: the raws of all frames put together are the stream.
  std::string_view raw;
  /// The `event:` field, "error" when the frame has an `error:` field (llama.cpp), else empty (which means "message").
  std::string_view event;
  std::string_view data;  ///< the `data:` (and `error:`) lines joined by LF
  /// False: nothing to dispatch (comments, blank lines, fields without data): a sign of life, to be passed on raw or dropped.
  bool has_data = false;
};

/// Cuts `text/event-stream` into frames (WHATWG HTML §9.2.6): LF, CR and CRLF, an optional blank behind the colon, multi-line data,
/// comments, a BOM. Bytes come in any pieces and give the same frames.
/// A frame that lies whole in the input is not copied (except its data when that has several lines); between frames nothing is held.
/// A frame ends at the CR of a CR-only blank line; after a line that ended in CRLF, its LF is waited for.
class sse_framer {
 public:
  static constexpr std::size_t default_frame_limit = 8 * 1024 * 1024;
  explicit sse_framer(std::size_t frame_limit = default_frame_limit) noexcept : limit_(frame_limit) {}

  /// Takes bytes off the front of `in`, up to the end of the next frame.
  /// @return complete: `out` is a frame, call again. need_more: `in` is empty, a part of a frame may be kept. refused: the frame is
  ///         longer than the limit, and every later call says so too
  progress next(std::string_view& in, sse_frame& out);

  /// The same by callback: `on_frame(const sse_frame&)` for each. Errors: stream_broken, reason "frame_too_long".
  template <class OnFrame>
  result<void> feed(std::string_view in, OnFrame&& on_frame) {
    sse_frame frame;
    for (;;) {
      const progress p = next(in, frame);
      if (p == progress::refused) return fail(too_long());
      if (p == progress::need_more) return {};
      on_frame(static_cast<const sse_frame&>(frame));
    }
  }

  /// The stream has ended: gives what is left as if a blank line had come. By the standard it is to be discarded, yet servers do
  /// end with "data: [DONE]" and no blank line, so the caller judges. @return false when nothing is left
  [[nodiscard]] bool finish(sse_frame& out);

  [[nodiscard]] std::size_t held() const noexcept { return pending_.capacity() > std::string{}.capacity() ? pending_.capacity() : 0; }
  [[nodiscard]] error too_long() const;

 private:
  [[nodiscard]] std::size_t scan(std::string_view in) noexcept;
  [[nodiscard]] bool end_line(char ending) noexcept;
  void read(std::string_view raw, sse_frame& out);
  void release() noexcept;

  std::size_t limit_;
  std::string pending_;      ///< the frame's bytes so far, when it began in an earlier input
  bool handed_out_ = false;  ///< `pending_` was given out as a frame's raw: gone at the next call
  std::string joined_;       ///< data of several lines
  // Where the scan stands; survives from input to input.
  bool line_empty_ = true;  ///< no byte of the current line has been seen
  bool after_cr_ = false;   ///< the byte before was the CR that ended a line: an LF now belongs to it
  bool crlf_ = false;       ///< the line before ended in CRLF
  bool closing_ = false;    ///< the blank line's CR has come, its LF is waited for
  bool first_ = true;       ///< no frame has been given yet: a BOM may stand at its front
  bool refused_ = false;
};

}  // namespace naru::net::http
