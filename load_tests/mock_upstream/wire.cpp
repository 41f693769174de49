#include "load_tests/mock_upstream/wire.hpp"

#include <zlib.h>

#include <charconv>
#include <stdexcept>

namespace naru::mock {
namespace {

std::string head(int status, std::string_view type, const header_list& headers) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " ";
  out.append(reason_phrase(status)).append("\r\nContent-Type: ").append(type).append("\r\n");
  for (const auto& [name, value] : headers) out.append(name).append(": ").append(value).append("\r\n");
  return out;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 307: return "Temporary Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Mock";
  }
}

std::string head_with_length(int status, std::string_view type, const header_list& headers, std::size_t length) {
  return head(status, type, headers) + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string head_chunked(int status, std::string_view type, const header_list& headers) {
  return head(status, type, headers) + "Transfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(std::string_view bytes, std::size_t claimed) {
  char size[20];
  const auto [end, ec] = std::to_chars(size, size + sizeof size, claimed, 16);
  std::string out(size, end);
  return out.append("\r\n").append(bytes).append("\r\n");
}

struct gzip_stream::state {
  z_stream z{};
};

gzip_stream::gzip_stream() : state_(new state) {
  constexpr int gzip_window = 15 + 16;  // zlib: 16 more asks for gzip's wrapper
  if (deflateInit2(&state_->z, Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    delete state_;
    throw std::runtime_error("zlib: deflateInit2 failed");
  }
}

gzip_stream::~gzip_stream() {
  deflateEnd(&state_->z);
  delete state_;
}

std::string gzip_stream::run(std::string_view bytes, bool last) {
  std::string out;
  char block[16384];
  z_stream& z = state_->z;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's interface takes no const
  z.avail_in = static_cast<uInt>(bytes.size());
  do {
    z.next_out = reinterpret_cast<Bytef*>(block);
    z.avail_out = sizeof block;
    deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH);
    out.append(block, sizeof block - z.avail_out);
  } while (z.avail_out == 0);
  return out;
}

}  // namespace naru::mock
