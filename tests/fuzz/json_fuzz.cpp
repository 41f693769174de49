#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json/document.hpp"
#include "core/json/locate.hpp"

// The JSON walk at the door: what is accepted must be what the slow checker accepts, and splicing it must give JSON again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto doc = naru::json::document::parse(text);
  if (!doc) return 0;
  if (!naru::json::find_fault(text, 64).wanted.empty()) std::abort();
  if (doc->root().is_object()) {
    const std::string spliced = naru::json::splice(text, {{"model", "\"x\""}}, {"stream"});
    if (!naru::json::document::parse(spliced)) std::abort();
  }
  return 0;
}
