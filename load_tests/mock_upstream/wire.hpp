#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Bytes of HTTP/1.1 answers. Content-Length and chunk sizes are arguments of their own, because some answers lie about them.
namespace naru::mock {

using header_list = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// A head whose body has a length.
[[nodiscard]] std::string head_with_length(int status, std::string_view type, const header_list& headers, std::size_t length);
/// A head whose body is chunked.
[[nodiscard]] std::string head_chunked(int status, std::string_view type, const header_list& headers);
/// One chunk that claims to have `claimed` bytes.
[[nodiscard]] std::string chunk(std::string_view bytes, std::size_t claimed);
[[nodiscard]] inline std::string chunk(std::string_view bytes) { return chunk(bytes, bytes.size()); }
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// A gzip stream fed in pieces; each piece can be read as soon as it is there (sync flush).
class gzip_stream {
 public:
  gzip_stream();
  ~gzip_stream();
  gzip_stream(const gzip_stream&) = delete;
  gzip_stream& operator=(const gzip_stream&) = delete;

  [[nodiscard]] std::string add(std::string_view bytes) { return run(bytes, false); }
  [[nodiscard]] std::string finish(std::string_view bytes = {}) { return run(bytes, true); }

 private:
  std::string run(std::string_view bytes, bool last);
  struct state;
  state* state_;
};

}  // namespace naru::mock
