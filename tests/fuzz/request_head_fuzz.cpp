#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/net/http/request_head.hpp"
#include "gateway/net/http/response_head.hpp"

namespace {

using namespace naru::net::http;

/// The head whole and cut once must give the same; what is taken must hold no character that could break a line.
template <class Parser, class Head>
void check(std::string_view text, std::size_t cut) {
  const head_limits limits{4096, 20};
  Parser whole{limits}, split{limits};
  Head a, b;
  const progress p = whole.parse(text, a);
  const std::string part{text.substr(0, cut)};
  progress q = split.parse(part, b);
  if (q == progress::need_more) q = split.parse(text, b);
  if (p != q) std::abort();
  if (p == progress::refused && whole.why().message != split.why().message) std::abort();
  if (p != progress::complete) return;
  if (whole.consumed() != split.consumed() || whole.consumed() > text.size()) std::abort();
  if (a.headers.size() != b.headers.size()) std::abort();
  for (const header& h : a.headers) {
    if (!is_token(h.name) || !is_field_value(h.value)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : (size * 7 + data[size / 2]) % size;
  check<request_head_parser, request_head>(text, cut);
  check<response_head_parser, response_head>(text, cut);
  return 0;
}
