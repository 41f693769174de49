#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "providers/dialects/bedrock_embed/bedrock_embed.hpp"

// An answer is refused, or is a start, vectors in order that are not empty, and an end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naru;
  const auto events = dialects::bedrock_embed::upstream().read_answer(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!events) return 0;
  std::uint32_t made = 0;
  for (const auto& e : *events) {
    const auto* v = std::get_if<embedding_made>(&e);
    if (v != nullptr && (v->index != made++ || v->vector.empty())) std::abort();
  }
  if (made == 0 || !std::holds_alternative<answer_start>(events->front()) || !std::holds_alternative<finished>(events->back()))
    std::abort();
  return 0;
}
