#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/net/http/chunk_decoder.hpp"

namespace {

using namespace naru::net::http;

progress feed(chunk_decoder& decoder, std::string_view in, std::string& content) {
  progress p = progress::need_more;
  while (p == progress::need_more && !in.empty()) {
    std::string_view piece;
    p = decoder.next(in, piece);
    content += piece;
  }
  return p;
}

}  // namespace

// A chunked body whole, cut once and in place gives the same content and the same end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : (size * 7 + data[size / 2]) % size;
  const chunk_limits limits{2048, 64, 128};
  chunk_decoder whole{limits}, split{limits}, moved{limits};
  std::string a, b;
  const progress p = feed(whole, text, a);
  progress q = feed(split, text.substr(0, cut), b);
  if (q == progress::need_more) q = feed(split, text.substr(cut), b);
  if (p != q || a != b || a.size() > limits.content) std::abort();
  std::string copy{text};
  std::size_t consumed = 0, content = 0;
  const progress r = moved.decode_in_place(copy.data(), copy.size(), consumed, content);
  if (r != p || copy.substr(0, content) != a) std::abort();
  return 0;
}
