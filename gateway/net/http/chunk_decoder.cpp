#include "gateway/net/http/chunk_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace naru::net::http {
namespace {

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_field_char(char c) noexcept { return is_field_value({&c, 1}); }

constexpr refusal bad_size{400, "a chunk size is not a hexadecimal number"};
constexpr refusal bad_line_end{400, "a line of the chunked coding does not end in CR LF"};

}  // namespace

progress chunk_decoder::refuse(refusal r) noexcept {
  why_ = r;
  state_ = state::refused;
  return progress::refused;
}

progress chunk_decoder::next(std::string_view& in, std::string_view& piece) noexcept {
  piece = {};
  if (state_ == state::done) return progress::complete;
  if (state_ == state::refused) return progress::refused;
  while (!in.empty()) {
    if (state_ == state::data) {
      const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
      piece = in.substr(0, take);
      in.remove_prefix(take);
      left_ -= take;
      if (left_ == 0) state_ = state::data_cr;
      return progress::need_more;
    }
    const progress p = step(in.front());
    if (p == progress::refused) return p;
    in.remove_prefix(1);
    if (p == progress::complete) return p;
  }
  return progress::need_more;
}

progress chunk_decoder::decode_in_place(char* bytes, std::size_t size, std::size_t& consumed, std::size_t& content) noexcept {
  std::string_view in{bytes, size};
  std::string_view piece;
  content = 0;
  progress p = progress::need_more;
  do {
    p = next(in, piece);
    if (!piece.empty() && piece.data() != bytes + content) std::memmove(bytes + content, piece.data(), piece.size());
    content += piece.size();
  } while (p == progress::need_more && !in.empty());
  consumed = size - in.size();
  return p;
}

progress chunk_decoder::step(char c) noexcept {
  switch (state_) {
    case state::size_first:
    case state::size:
    case state::size_blank: return size_step(c);
    case state::extension:
    case state::quoted:
    case state::quoted_pair: return extension_step(c);
    case state::size_lf: return c == '\n' ? begin_chunk() : refuse(bad_line_end);
    case state::data_cr:
      if (c != '\r') return refuse({400, "a chunk is longer than its size says"});
      state_ = state::data_lf;
      return progress::need_more;
    case state::data_lf:
      if (c != '\n') return refuse(bad_line_end);
      state_ = state::size_first;
      return progress::need_more;
    default: return trailer_step(c);
  }
}

progress chunk_decoder::size_step(char c) noexcept {
  const int digit = hex_digit(c);
  if (state_ == state::size_first) {
    if (digit < 0) return refuse(bad_size);
    left_ = 0;
    digits_ = 0;
    state_ = state::size;
  }
  if (state_ == state::size && digit >= 0) {
    // 16 digits fill the 64 bits; leading zeros count, or they would be bytes for nothing without end.
    if (++digits_ > 16) return refuse({400, "a chunk size has more than 16 digits"});
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return progress::need_more;
  }
  if (c == '\r' && state_ == state::size) {
    state_ = state::size_lf;
    return progress::need_more;
  }
  if (c == ';') {
    state_ = state::extension;
  } else if (c == ' ' || c == '\t') {
    state_ = state::size_blank;  // only before an extension (RFC 9112 §7.1.1)
  } else {
    return refuse(bad_size);
  }
  return ++extensions_ > limits_.extensions ? refuse({400, "the chunk extensions are too long"}) : progress::need_more;
}

progress chunk_decoder::extension_step(char c) noexcept {
  if (c == '\r' && state_ == state::extension) {
    state_ = state::size_lf;
    return progress::need_more;
  }
  if (!is_field_char(c)) return refuse({400, "a chunk extension has a control character"});
  if (++extensions_ > limits_.extensions) return refuse({400, "the chunk extensions are too long"});
  if (state_ == state::quoted_pair) {
    state_ = state::quoted;
  } else if (c == '"') {
    state_ = state_ == state::quoted ? state::extension : state::quoted;
  } else if (c == '\\' && state_ == state::quoted) {
    state_ = state::quoted_pair;
  }
  return progress::need_more;
}

progress chunk_decoder::begin_chunk() noexcept {
  if (left_ > limits_.content - content_) return refuse({413, "the body is too long"});
  content_ += left_;
  state_ = left_ == 0 ? state::trailer_start : state::data;
  return progress::need_more;
}

progress chunk_decoder::trailer_step(char c) noexcept {
  if (++trailers_ > limits_.trailers) return refuse({431, "the trailers are too long"});
  switch (state_) {
    case state::trailer_start:
      if (c == '\r') {
        state_ = state::end_lf;
      } else if (is_token_char(c)) {
        state_ = state::trailer_name;
      } else {
        return refuse({400, "a trailer's name has a character that is not allowed"});
      }
      return progress::need_more;
    case state::trailer_name:
      if (c == ':') {
        state_ = state::trailer_value;
      } else if (!is_token_char(c)) {
        return refuse({400, "a trailer's name has a character that is not allowed"});
      }
      return progress::need_more;
    case state::trailer_value:
      if (c == '\r') {
        state_ = state::trailer_lf;
      } else if (!is_field_char(c)) {
        return refuse({400, "a trailer's value has a control character"});
      }
      return progress::need_more;
    case state::trailer_lf:
      if (c != '\n') return refuse(bad_line_end);
      state_ = state::trailer_start;
      return progress::need_more;
    default:  // end_lf: `next` lets nothing else come here
      if (c != '\n') return refuse(bad_line_end);
      state_ = state::done;
      return progress::complete;
  }
}

}  // namespace naru::net::http
