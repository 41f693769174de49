#include "gateway/net/stream.hpp"

#include <array>

namespace naru::net {

task<std::size_t> read_some(stream& s, std::span<char> into) {
  for (;;) {
    if (auto ready = co_await s.wait_readable(); !ready) co_return fail(std::move(ready.error()));
    auto n = s.try_read(into);
    if (!n || *n != stream::would_block) co_return n;
  }
}

task<> write_all(stream& s, std::string_view bytes) {
  const std::array piece{asio::const_buffer{bytes.data(), bytes.size()}};
  co_return co_await s.write(piece);
}

}  // namespace naru::net
