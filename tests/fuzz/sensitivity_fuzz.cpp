#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/patterns.hpp"
#include "policies/sensitivity/scan/scanner.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naru::sensitivity;
  static const scan::scanner all(all_detectors(), ~scan::detector_bits{0});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  work_budget work(1U << 24U);
  scan::sighting seen;
  all.run(text, ~scan::detector_bits{0}, work, seen);
  if (!seen.disguises.empty()) (void)disguise::undo_all(text, seen.disguises);
  if (size < 256) (void)spell_out_boundaries(text);
  return 0;
}
