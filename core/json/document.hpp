#pragma once
#include <simdjson.h>

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace naru::json {

/// A checked JSON value. Strings are views, already unescaped, into the `document` that they came from.
using value = simdjson::dom::element;
using object = simdjson::dom::object;
using array = simdjson::dom::array;

/// What the door refuses. Totals over one document.
struct limits {
  /// For what a vendor says: the first of two keys counts, as `find` has it; nobody else decides by the second.
  [[nodiscard]] static constexpr limits of_answers() noexcept { return {.unique_keys = false}; }

  std::size_t depth = 64;   ///< nesting of arrays and objects
  bool unique_keys = true;  ///< a key twice in one object, or a NUL in a key, is refused: two readers could see two requests
};

/// One parsed body. simdjson's DOM walks everything once: grammar, UTF-8, escapes, surrogates and numbers are checked; on top of it
/// a key twice in one object, NUL characters in keys, and depth are refused here.
/// Memory: about 3 times the body. Thread: one at a time; movable; all values and views die with it.
class document {
 public:
  document();
  ~document();
  document(document&&) noexcept;
  document& operator=(document&&) noexcept;

  /// Parses `text` (copied into padded storage, unless the caller's buffer is known to have SIMDJSON_PADDING readable bytes behind it).
  /// @return the document, or bad_request whose message names what was wanted and, where known, the byte offset; `field` is the path
  ///         of a duplicate key ("messages[0].role").
  [[nodiscard]] static result<document> parse(std::string_view text, const limits& limit = {}, bool padded = false);

  [[nodiscard]] value root() const noexcept { return root_; }

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;
  value root_;
};

/// Where a top-level field of an object stands in the source text, for splicing.
struct span {
  std::size_t key_begin = 0;    ///< offset of the opening quote of the key
  std::size_t value_begin = 0;  ///< offset of the first byte of the value
  std::size_t value_end = 0;    ///< one past its last byte
};

/// One top-level field. `key` as it is spelled in the source, without its quotes: one with an escape is not what it reads as.
struct field {
  std::string_view key;
  span at;
};
using field_list = boost::container::small_vector<field, 24>;

/// All top-level fields of the JSON object in `text`, in order, in one pass. `text` must already have passed `document::parse`.
[[nodiscard]] field_list list_fields(std::string_view text);

/// Replaces and adds top-level fields of a checked JSON object; every other byte stays as it came.
/// @param set     pairs of key and replacement (raw JSON text); a key that is absent is appended at the end of the object
/// @param remove  keys to take out
[[nodiscard]] std::string splice(std::string_view text, const std::vector<std::pair<std::string_view, std::string_view>>& set,
                                 const std::vector<std::string_view>& remove = {});
/// A text as pieces that follow one another: views into texts of others and into its own, so that a large one need not be copied.
struct pieces {
  std::vector<std::string> own;  ///< a view into one of these stays good when this moves; it must not grow afterwards
  std::vector<std::string_view> views;

  pieces() = default;
  pieces(pieces&&) noexcept = default;
  pieces& operator=(pieces&&) noexcept = default;
  pieces(const pieces&) = delete;  ///< its views would still be the other's
  pieces& operator=(const pieces&) = delete;
  ~pieces() = default;
  [[nodiscard]] std::string text() const;
};
/// The same where the fields of `text` are known already, as views into `text`, `set` and static text.
[[nodiscard]] std::vector<std::string_view> splice_views(std::string_view text, std::span<const field> fields,
                                                         std::span<const std::pair<std::string_view, std::string_view>> set,
                                                         std::span<const std::string_view> remove);

// Convenience readers; none throws. Absent and null are both "nullopt" for the optional ones.
[[nodiscard]] std::optional<value> find(object o, std::string_view key) noexcept;
[[nodiscard]] std::optional<std::string_view> get_string(object o, std::string_view key) noexcept;
[[nodiscard]] std::optional<std::uint64_t> get_uint(object o, std::string_view key) noexcept;  ///< non-negative integer only
[[nodiscard]] std::optional<object> get_object(object o, std::string_view key) noexcept;
[[nodiscard]] std::optional<array> get_array(object o, std::string_view key) noexcept;
[[nodiscard]] bool is_null(value v) noexcept;
/// Word for a type, for messages: "a string", "an object", "null" ...
[[nodiscard]] std::string_view type_name(value v) noexcept;
/// The value as minified JSON text.
[[nodiscard]] std::string to_text(value v);

}  // namespace naru::json
