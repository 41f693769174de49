#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::load {

/// Follows one HTTP/1.1 answer through its bytes and counts its SSE events, keeping nothing but the head.
class response_reader {
 public:
  enum class progress : std::uint8_t { more, done, broken };

  void begin() noexcept { *this = response_reader(); }
  /// Takes the next bytes; those behind the answer's end are not looked at.
  [[nodiscard]] progress feed(std::string_view bytes);

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t body_bytes() const noexcept { return body_bytes_; }
  [[nodiscard]] bool saw_error() const noexcept { return saw_error_; }
  [[nodiscard]] bool may_be_reused() const noexcept { return !closes_; }

 private:
  enum class at : std::uint8_t { head, length, chunk_size, chunk_data, chunk_end, last_chunk, to_end };

  bool read_head();
  void take_body(std::string_view bytes);

  at where_ = at::head;
  int status_ = 0;
  bool closes_ = false;
  bool saw_error_ = false;
  bool after_newline_ = false;
  std::string head_;
  std::size_t left_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t body_bytes_ = 0;
};

}  // namespace naru::load
