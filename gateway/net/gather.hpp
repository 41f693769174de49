#pragma once
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <span>

namespace naru::net {

namespace asio = boost::asio;

/// A place inside a list of buffers that is being written: what has been taken, what is left. Holds views only. No I/O.
class gather {
 public:
  explicit gather(std::span<const asio::const_buffer> buffers) noexcept : buffers_(buffers) { skip_empty(); }

  [[nodiscard]] bool done() const noexcept { return at_ == buffers_.size(); }

  /// Moves on by `n` bytes, at most what is left.
  void advance(std::size_t n) noexcept {
    while (!done() && n > 0) {
      const std::size_t step = std::min(n, buffers_[at_].size() - offset_);
      offset_ += step;
      n -= step;
      skip_empty();
    }
  }

  /// The pieces that are left, for sendmsg. @return how many of `out` were filled.
  std::size_t pieces(std::span<iovec> out) const noexcept {
    std::size_t filled = 0;
    std::size_t offset = offset_;
    for (std::size_t i = at_; i < buffers_.size() && filled < out.size(); ++i, offset = 0) {
      if (buffers_[i].size() == offset) continue;
      out[filled++] = iovec{const_cast<char*>(bytes(i)) + offset, buffers_[i].size() - offset};
    }
    return filled;
  }

  /// Copies what is left into `out`, as much as fits. @return bytes copied
  std::size_t copy(std::span<char> out) const noexcept {
    std::size_t copied = 0;
    std::size_t offset = offset_;
    for (std::size_t i = at_; i < buffers_.size() && copied < out.size(); ++i, offset = 0) {
      const std::size_t n = std::min(out.size() - copied, buffers_[i].size() - offset);
      if (n != 0) std::memcpy(out.data() + copied, bytes(i) + offset, n);
      copied += n;
    }
    return copied;
  }

  /// The rest of the current buffer: non-empty unless done.
  [[nodiscard]] std::span<const char> first() const noexcept {
    return done() ? std::span<const char>{} : std::span{bytes(at_) + offset_, buffers_[at_].size() - offset_};
  }

  /// The next `limit` bytes (or all that are left) as buffers. @return how many of `out` were filled; too small an `out` gives less.
  std::size_t slice(std::span<asio::const_buffer> out, std::size_t limit) const noexcept {
    std::size_t filled = 0;
    std::size_t offset = offset_;
    for (std::size_t i = at_; i < buffers_.size() && filled < out.size() && limit > 0; ++i, offset = 0) {
      const std::size_t n = std::min(limit, buffers_[i].size() - offset);
      if (n == 0) continue;
      out[filled++] = asio::const_buffer{bytes(i) + offset, n};
      limit -= n;
    }
    return filled;
  }

  /// Bytes left, counted up to `limit`.
  [[nodiscard]] std::size_t left(std::size_t limit = static_cast<std::size_t>(-1)) const noexcept {
    std::size_t n = 0;
    for (std::size_t i = at_; i < buffers_.size() && n < limit; ++i) n += buffers_[i].size() - (i == at_ ? offset_ : 0);
    return std::min(n, limit);
  }

 private:
  [[nodiscard]] const char* bytes(std::size_t i) const noexcept { return static_cast<const char*>(buffers_[i].data()); }
  void skip_empty() noexcept {
    while (at_ < buffers_.size() && offset_ == buffers_[at_].size()) {
      ++at_;
      offset_ = 0;
    }
  }

  std::span<const asio::const_buffer> buffers_;
  std::size_t at_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace naru::net
