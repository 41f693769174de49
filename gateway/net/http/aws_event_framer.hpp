#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// `:message-type` of a frame.
enum class aws_message : std::uint8_t {
  event,
  exception,  ///< the service failed, in a way that its model names
  error,      ///< the service failed otherwise
  none,       ///< the frame has no such header: it says nothing
};

/// One frame of an event stream. Views that hold until the next call of the framer, and no longer than the input they came from.
struct aws_frame {
  std::string_view raw;  ///< the exact bytes: the raws of all frames put together are the stream
  aws_message type = aws_message::none;
  std::string_view event;  ///< `:event-type`, `:exception-type`, or "error"
  /// The payload. Of an error, which has its words in headers: {"__type": code, "message": words}, as the service's HTTP errors spell them.
  std::string_view data;
  std::string_view content_type;  ///< `:content-type`; empty when not said
  bool has_data = false;          ///< false: nothing to dispatch (no message type)
};

/// Cuts `application/vnd.amazon.eventstream` into frames. Each is a prelude of 12 bytes (length of the whole, length of the headers, CRC-32
/// of both), headers, payload, and the CRC-32 of all before it; numbers are big-endian. Both sums are checked, the first before a byte of
/// the rest is kept. Bytes come in any pieces and give the same frames; a frame that lies whole in the input is not copied.
/// Source: Smithy's "Amazon Event Stream" specification; the AWS SDK for JavaScript's codec 4.5.2.
class aws_event_framer {
 public:
  /// What the AWS SDKs take: 16 MiB a frame, of which 128 KiB are headers.
  static constexpr std::size_t default_frame_limit = 16 * 1024 * 1024;
  static constexpr std::size_t headers_limit = 128 * 1024;
  explicit aws_event_framer(std::size_t frame_limit = default_frame_limit) noexcept : limit_(frame_limit) {}

  /// Takes bytes off the front of `in`, up to the end of the next frame.
  /// @return complete: `out` is a frame, call again. need_more: `in` is empty, a part of a frame may be kept. refused: see `refusal_error`;
  ///         every later call says so too, because where the next frame begins is not known
  progress next(std::string_view& in, aws_frame& out);

  /// The same by callback: `on_frame(const aws_frame&)` for each. Errors: stream_broken, reason "frame_too_long" or "bad_frame".
  template <class OnFrame>
  result<void> feed(std::string_view in, OnFrame&& on_frame) {
    aws_frame frame;
    for (;;) {
      const progress p = next(in, frame);
      if (p == progress::refused) return fail(refusal_error());
      if (p == progress::need_more) return {};
      on_frame(static_cast<const aws_frame&>(frame));
    }
  }

  /// Whether a frame has begun and not ended: at the end of a stream, that it was cut.
  [[nodiscard]] bool inside_frame() const noexcept { return !pending_.empty() && !handed_out_; }
  [[nodiscard]] std::size_t held() const noexcept { return pending_.capacity() > std::string{}.capacity() ? pending_.capacity() : 0; }
  /// @pre next() has refused. Says which rule was broken; never quotes the bytes.
  [[nodiscard]] error refusal_error() const;

 private:
  /// The frame's length; 0 when the prelude is refused.
  [[nodiscard]] std::size_t read_prelude(std::string_view prelude);
  progress read(std::string_view raw, aws_frame& out);
  bool read_headers(std::string_view block, aws_frame& out);
  bool gather(std::string_view& in, std::size_t size);
  progress refuse(std::string_view why, std::string_view reason = "bad_frame");
  void release() noexcept;

  std::size_t limit_;
  std::size_t wanted_ = 0;   ///< length of the frame in `pending_`; 0 until its prelude is whole
  std::string pending_;      ///< the frame's bytes so far, when it began in an earlier input
  bool handed_out_ = false;  ///< `pending_` was given out as a frame's raw: gone at the next call
  std::string_view code_, words_;
  std::string error_text_;  ///< `data` of an error
  std::string_view why_;    ///< static text
  std::string_view reason_;
  bool refused_ = false;
};

}  // namespace naru::net::http
