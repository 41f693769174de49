#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace naru::json {

/// Where a text stops being JSON and what was wanted there. For the error path alone: simdjson says that a text is bad, not where.
struct fault {
  std::size_t offset = 0;
  std::string_view wanted;
};

/// Checks `text` slowly against RFC 8259 with `depth` levels of nesting. @return the first fault; offset == text.size() and an empty
/// `wanted` when this finds none.
[[nodiscard]] fault find_fault(std::string_view text, std::size_t depth) noexcept;

}  // namespace naru::json
