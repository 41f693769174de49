#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policies/sensitivity/derived_text.hpp"
#include "policies/sensitivity/detectors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)naru::sensitivity::detect(text);
  for (const auto& inner : naru::sensitivity::derived_texts(text)) (void)naru::sensitivity::detect(inner);
  return 0;
}
