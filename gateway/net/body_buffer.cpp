#include "gateway/net/body_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace naru::net {

void body_buffer::reserve(std::size_t bytes) {
  if (bytes > capacity_ || !bytes_) grow(bytes);
}

void body_buffer::append(std::string_view more) {
  if (more.empty()) return;
  if (more.size() > capacity_ - size_) grow(std::max(size_ + more.size(), capacity_ * 2));
  std::memcpy(bytes_.get() + size_, more.data(), more.size());
  size_ += more.size();
}

std::span<char> body_buffer::prepare(std::size_t want) {
  // Doubling by what has really come, not by what was promised: a head that claims 32 MB costs nothing until they arrive.
  if (size_ == capacity_) grow(std::min(size_ + want, std::max<std::size_t>(capacity_ * 2, 64 * 1024)));
  return {bytes_.get() + size_, std::min(want, capacity_ - size_)};
}

void body_buffer::clear(std::size_t keep) noexcept {
  size_ = 0;
  if (capacity_ <= keep) return;
  bytes_.reset();
  capacity_ = 0;
}

void body_buffer::grow(std::size_t at_least) {
  auto larger = std::make_unique_for_overwrite<char[]>(at_least + padding);
  if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
  std::memset(larger.get() + at_least, 0, padding);
  bytes_ = std::move(larger);
  capacity_ = at_least;
}

}  // namespace naru::net
