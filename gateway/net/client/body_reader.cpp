#include "gateway/net/client/body_reader.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "gateway/net/client/failures.hpp"

namespace naru::net::client {
namespace {

// How long an answer may be is the reader's own affair (`read_all` has a limit, a stream has none); extensions are nobody's.
constexpr http::chunk_limits limits{std::numeric_limits<std::uint64_t>::max(), 64 * 1024, 16 * 1024};

}  // namespace

body_reader::body_reader(const http::response_head& head) noexcept
    : framing_(head.framing), left_(head.content_length), chunks_(limits), ended_(head.framing == http::body_framing::none) {}

result<body_reader::piece> body_reader::take(std::span<char> bytes) noexcept {
  piece out;
  if (framing_ == http::body_framing::until_close) {
    out.content = bytes;
  } else if (framing_ == http::body_framing::chunked) {
    std::size_t consumed = 0;
    std::size_t content = 0;
    const auto p = chunks_.decode_in_place(bytes.data(), bytes.size(), consumed, content);
    if (p == http::progress::refused)
      return fail(failure_of(reasons::bad_body, "the answer's body: " + std::string{chunks_.why().message}));
    out.content = bytes.first(content);
    out.clean = consumed == bytes.size();
    ended_ = p == http::progress::complete;
  } else {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    left_ -= take;
    out.content = bytes.first(take);
    out.clean = take == bytes.size();
    ended_ = left_ == 0;
  }
  out.ended = ended_;
  return out;
}

result<void> body_reader::at_end() const {
  if (ended_ || framing_ == http::body_framing::until_close) return {};
  return fail(failure_of(reasons::cut, "the upstream closed the connection in the middle of its answer"));
}

}  // namespace naru::net::client
