// Both ends of the form: see client_bytes.hpp.
#include "providers/dialects/openai_responses/openai_responses.hpp"
#include "tests/fuzz/client_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naru::dialects;
  naru::fuzz::read_both_ends(openai_responses::client(), openai_responses::upstream(), data, size);
  return 0;
}
