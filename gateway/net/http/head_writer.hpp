#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::net::http {

/// "OK" for 200; empty for a status that has no phrase here.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Appends a head to a string, line by line. What would break the framing (CR, LF, NUL and other control characters, a name
/// that is no token) is never written: the line is left out and `header` says false.
class head_writer {
 public:
  explicit head_writer(std::string& out) noexcept : out_(out) {}

  head_writer& status(int status);  ///< "HTTP/1.1 200 OK"; 100..999 (asserted)
  /// "POST /v1/messages HTTP/1.1". @return false, and nothing written, when the method is no token or the target is not visible ASCII
  [[nodiscard]] bool request(std::string_view method, std::string_view target);
  [[nodiscard]] bool header(std::string_view name, std::string_view value);
  head_writer& header(std::string_view name, std::uint64_t value);  ///< `name` is a literal token (asserted)
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
};

/// Appends "1f4\r\n": what goes before a chunk of `size` bytes (not 0, which would end the body).
void append_chunk_size(std::string& out, std::size_t size);
inline constexpr std::string_view chunk_end = "\r\n";  ///< behind each chunk's bytes
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace naru::net::http
