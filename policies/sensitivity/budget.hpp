#pragma once
#include <cstddef>
#include <cstdint>

namespace naru::sensitivity {

/// What one request may cost in work, counted in bytes looked at: every text once, what is decoded from it once more, and a fixed toll
/// for each place where a detector has to look closer. No clock is read: the same request always costs the same.
class work_budget {
 public:
  explicit work_budget(std::uint64_t bytes) noexcept : left_(bytes) {}

  /// @return false once it is spent; whoever asked stops looking
  bool spend(std::uint64_t bytes) noexcept {
    if (bytes > left_) spent_ = true;
    left_ -= spent_ ? left_ : bytes;
    return !spent_;
  }
  [[nodiscard]] bool spent() const noexcept { return spent_; }

 private:
  std::uint64_t left_;
  bool spent_ = false;
};

/// The toll of one closer look: a validator reads some dozens of bytes, at worst a few thousand.
inline constexpr std::uint64_t closer_look = 256;

}  // namespace naru::sensitivity
