// A vendor's bytes: see vendor_bytes.hpp.
#include "providers/dialects/gemini/gemini.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  naru::fuzz::read_as_vendor(naru::dialects::gemini::upstream(), data, size);
  return 0;
}
