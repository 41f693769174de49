// A vendor's bytes: see vendor_bytes.hpp.
#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  naru::fuzz::read_as_vendor(naru::dialects::bedrock_converse::upstream(), data, size);
  return 0;
}
