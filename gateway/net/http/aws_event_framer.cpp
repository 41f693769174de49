#include "gateway/net/http/aws_event_framer.hpp"

#include <algorithm>

#include "core/json/writer.hpp"
#include "gateway/net/http/aws_event_encoder.hpp"

namespace naru::net::http {
namespace {

constexpr std::size_t crc_size = 4;

/// @pre bytes has `size` bytes at `at`
std::uint32_t big_endian(std::string_view bytes, std::size_t at, std::size_t size = 4) noexcept {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < size; ++i) n = n << 8 | static_cast<unsigned char>(bytes[at + i]);
  return n;
}

/// Size of the value of a header of fixed size: true, false, byte, short, integer, long; timestamp, uuid. -1: it says its own, or there is
/// no such type.
int fixed_size(unsigned type) noexcept {
  constexpr std::array<int, 10> sizes{0, 0, 1, 2, 4, 8, -1, -1, 8, 16};
  return type < sizes.size() ? sizes[type] : -1;
}
bool says_its_size(unsigned type) noexcept { return type == 6 || type == aws_string_type; }

struct one_header {
  std::string_view name;
  unsigned type = 0;
  std::string_view value;
};

/// Takes one header off the front of `block`; false when it is not whole or of no known type.
bool take_header(std::string_view& block, one_header& h) noexcept {
  const std::size_t name_size = static_cast<unsigned char>(block.front());
  if (name_size == 0 || block.size() < 1 + name_size + 1) return false;
  h.name = block.substr(1, name_size);
  h.type = static_cast<unsigned char>(block[1 + name_size]);
  block.remove_prefix(1 + name_size + 1);
  std::size_t size = 0;
  if (says_its_size(h.type)) {
    if (block.size() < 2) return false;
    size = big_endian(block, 0, 2);
    block.remove_prefix(2);
  } else {
    const int fixed = fixed_size(h.type);
    if (fixed < 0) return false;
    size = static_cast<std::size_t>(fixed);
  }
  if (block.size() < size) return false;
  h.value = block.substr(0, size);
  block.remove_prefix(size);
  return true;
}

}  // namespace

progress aws_event_framer::next(std::string_view& in, aws_frame& out) {
  if (handed_out_) release();
  if (refused_) return progress::refused;
  if (pending_.empty() && in.size() >= aws_prelude_size) {
    const std::size_t size = read_prelude(in);
    if (refused_) return progress::refused;
    if (in.size() >= size) {
      const std::string_view raw = in.substr(0, size);
      in.remove_prefix(size);
      return read(raw, out);
    }
  }
  if (!gather(in, aws_prelude_size)) return progress::need_more;
  if (wanted_ == 0) {
    wanted_ = read_prelude(pending_);
    if (refused_) return progress::refused;
  }
  if (!gather(in, wanted_)) return progress::need_more;
  handed_out_ = true;
  return read(pending_, out);
}

/// Fills `pending_` up to `size` bytes. @return whether it has them
bool aws_event_framer::gather(std::string_view& in, std::size_t size) {
  if (pending_.size() < size) {
    const std::size_t take = std::min(size - pending_.size(), in.size());
    pending_.append(in.substr(0, take));
    in.remove_prefix(take);
  }
  return pending_.size() >= size;
}

std::size_t aws_event_framer::read_prelude(std::string_view prelude) {
  const std::size_t total = big_endian(prelude, 0);
  const std::size_t headers = big_endian(prelude, 4);
  if (aws_crc(prelude.substr(0, 8)) != big_endian(prelude, 8)) {
    refuse("the checksum of a frame's prelude is wrong");
  } else if (total < aws_frame_overhead) {
    refuse("a frame says that it is shorter than its own frame");
  } else if (headers > total - aws_frame_overhead) {
    refuse("a frame's headers are longer than the frame");
  } else if (total > limit_ || headers > headers_limit) {
    refuse("an event of the stream is longer than the limit", "frame_too_long");
  } else {
    return total;
  }
  return 0;
}

progress aws_event_framer::read(std::string_view raw, aws_frame& out) {
  const std::string_view summed = raw.substr(0, raw.size() - crc_size);
  if (aws_crc(summed) != big_endian(raw, summed.size())) return refuse("the checksum of a frame is wrong");
  const std::size_t headers = big_endian(raw, 4);
  out = aws_frame{};
  out.raw = raw;
  out.data = summed.substr(aws_prelude_size + headers);
  if (!read_headers(raw.substr(aws_prelude_size, headers), out)) return refuse("a frame's headers cannot be read");
  out.has_data = out.type != aws_message::none;
  if (out.type != aws_message::error) return progress::complete;
  error_text_.clear();
  json::writer(error_text_).begin_object().field("__type", code_).field("message", words_).end_object();
  out.event = "error";
  out.data = error_text_;
  return progress::complete;
}

bool aws_event_framer::read_headers(std::string_view block, aws_frame& out) {
  std::string_view message, event, exception;
  code_ = words_ = {};
  for (one_header h; !block.empty();) {
    if (!take_header(block, h)) return false;
    if (!h.name.starts_with(':')) continue;  // the application's own; Bedrock has none
    std::string_view* const slot = h.name == ":message-type"     ? &message
                                   : h.name == ":event-type"     ? &event
                                   : h.name == ":exception-type" ? &exception
                                   : h.name == ":content-type"   ? &out.content_type
                                   : h.name == ":error-code"     ? &code_
                                   : h.name == ":error-message"  ? &words_
                                                                 : nullptr;
    if (slot == nullptr) continue;
    if (h.type != aws_string_type) return false;
    *slot = h.value;
  }
  if (message == "event") {
    out.type = aws_message::event;
    out.event = event;
  } else if (message == "exception") {
    out.type = aws_message::exception;
    out.event = exception;
  } else if (message == "error") {
    out.type = aws_message::error;
  } else if (!message.empty()) {
    return false;
  }
  return true;
}

error aws_event_framer::refusal_error() const {
  return error{error_code::stream_broken, std::string{why_}, {}, std::string{reason_}, std::nullopt};
}

progress aws_event_framer::refuse(std::string_view why, std::string_view reason) {
  refused_ = true;
  why_ = why;
  reason_ = reason;
  release();
  return progress::refused;
}

void aws_event_framer::release() noexcept {
  std::string{}.swap(pending_);
  wanted_ = 0;
  handed_out_ = false;
}

}  // namespace naru::net::http
