#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/json/document.hpp"

namespace naru::dialects {

/// Where a value stands in the client's body: a chain on the stack, spelled out ("messages[2].content[0].type") only for an error.
class place {
 public:
  explicit place(std::string_view key) noexcept : key_(key) {}
  place(const place& up, std::string_view key) noexcept : up_(&up), key_(key) {}
  place(const place& up, std::size_t index) noexcept : up_(&up), index_(index), is_index_(true) {}
  place(place&& up, std::string_view key) = delete;  // the chain must outlive its end
  place(place&& up, std::size_t index) = delete;

  [[nodiscard]] std::string text() const;

 private:
  const place* up_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

/// Reads typed values and keeps the first thing that was wrong. After that it still answers (with nothing), so that readers are
/// straight lines; whoever drives it asks `ok()` in loops and at the end.
/// The readers of values take a value that is there; `null` counts as absent and is for the caller to skip (see `member`).
class strict {
 public:
  [[nodiscard]] bool ok() const noexcept { return !first_; }
  /// @pre !ok()
  [[nodiscard]] error take() { return std::move(*first_); }

  /// "messages[0].role: want one of ..., got a number".
  void refuse(const place& at, std::string_view wanted, json::value got);
  /// "messages[0].role: want one of ..., but it is missing".
  void missing(const place& at, std::string_view wanted);
  /// "messages[0].role: want one of ..., got another word". Which one is not said: errors are read by more than who wrote the request.
  void refuse_word(const place& at, std::string_view wanted);
  /// "stream_options: only allowed with \"stream\": true".
  void refuse_rule(const place& at, std::string_view rule);

  [[nodiscard]] std::string_view string(const place& at, json::value v, std::string_view wanted = "a string");
  [[nodiscard]] std::string_view word(const place& at, json::value v, std::string_view wanted = "a non-empty string");
  [[nodiscard]] std::optional<bool> boolean(const place& at, json::value v);
  [[nodiscard]] std::optional<double> number(const place& at, json::value v, double least, double most);
  [[nodiscard]] std::optional<std::uint64_t> whole(const place& at, json::value v, std::uint64_t least,
                                                   std::uint64_t most = std::numeric_limits<std::uint32_t>::max());
  [[nodiscard]] std::optional<std::int64_t> integer(const place& at, json::value v);
  [[nodiscard]] std::optional<json::object> object(const place& at, json::value v, std::string_view wanted = "an object");
  [[nodiscard]] std::optional<json::array> array(const place& at, json::value v, std::string_view wanted = "an array");

  /// A member that must be there: refused as missing when it is absent or null.
  [[nodiscard]] std::optional<json::value> required(const place& at, json::object o, std::string_view key, std::string_view wanted);

 private:
  void set(const place& at, std::string message);
  std::optional<error> first_;
};

/// A member that is there and not null.
[[nodiscard]] std::optional<json::value> member(json::object o, std::string_view key) noexcept;

}  // namespace naru::dialects
