#pragma once
#include <zlib.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// Writes frames of `application/vnd.amazon.eventstream`, which `aws_event_framer` reads: for whatever plays the vendor. In one header,
/// with zlib alone beneath it, so that the mock upstream needs nothing else of the gateway.
namespace naru::net::http {

/// Name and text; names of 1 to 255 bytes, texts of at most 65535.
using aws_header = std::pair<std::string_view, std::string_view>;

inline constexpr char aws_string_type = 7;
inline constexpr std::size_t aws_prelude_size = 12;  ///< total length, headers' length, CRC of both
inline constexpr std::size_t aws_frame_overhead = 16;

/// CRC-32 as zlib and IEEE 802.3 have it.
[[nodiscard]] inline std::uint32_t aws_crc(std::string_view bytes) noexcept {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

inline void append_big_endian(std::string& out, std::uint32_t n) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>((n >> shift) & 0xFF);
}

/// One frame with headers of type string.
[[nodiscard]] inline std::string encode_aws_frame(std::initializer_list<aws_header> headers, std::string_view payload) {
  std::string lines;
  for (const auto& [name, value] : headers) {
    lines.append(1, static_cast<char>(name.size())).append(name).append(1, aws_string_type);
    lines += static_cast<char>((value.size() >> 8) & 0xFF);
    lines += static_cast<char>(value.size() & 0xFF);
    lines += value;
  }
  std::string out;
  append_big_endian(out, static_cast<std::uint32_t>(lines.size() + payload.size() + aws_frame_overhead));
  append_big_endian(out, static_cast<std::uint32_t>(lines.size()));
  append_big_endian(out, aws_crc(out));
  out.append(lines).append(payload);
  append_big_endian(out, aws_crc(out));
  return out;
}

[[nodiscard]] inline std::string encode_aws_event(std::string_view type, std::string_view json) {
  return encode_aws_frame({{":event-type", type}, {":content-type", "application/json"}, {":message-type", "event"}}, json);
}
/// A failure that the service has a name for: `throttlingException`, with a JSON payload {"message": ...}.
[[nodiscard]] inline std::string encode_aws_exception(std::string_view type, std::string_view json) {
  return encode_aws_frame({{":exception-type", type}, {":content-type", "application/json"}, {":message-type", "exception"}}, json);
}
/// A failure without a name in the service's model: code and words in the headers, no payload.
[[nodiscard]] inline std::string encode_aws_error(std::string_view code, std::string_view message) {
  return encode_aws_frame({{":error-code", code}, {":error-message", message}, {":message-type", "error"}}, {});
}

}  // namespace naru::net::http
