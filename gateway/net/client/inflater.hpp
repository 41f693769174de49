#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace naru::net::client {

/// Takes gzip or deflate off a body whose server compresses unasked ("accept-encoding: identity" is sent). Output is bounded: past
/// 1 MiB, no more than 200 bytes for each that came. No I/O.
class inflater {
 public:
  /// @param coding  value of Content-Encoding
  enum class kind : std::uint8_t { identity, compressed, unknown };
  [[nodiscard]] static kind kind_of(std::string_view coding) noexcept;

  inflater();
  ~inflater();
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  void give(std::string_view compressed);  ///< copied
  /// @return at most 64 KiB, valid until the next call; empty when more must be given
  /// Errors: reason "bad_body".
  result<std::string_view> next();
  /// The body has ended. Errors: reason "cut", when the compressed text has not.
  [[nodiscard]] result<void> finish() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::net::client
