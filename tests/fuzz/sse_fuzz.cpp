#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/net/http/sse_framer.hpp"

namespace {

using namespace naru::net::http;

struct run {
  std::string told, raw;
  bool refused = false;
};

void note(run& r, const sse_frame& f) {
  r.told.append(f.event).append("|").append(f.data).append(f.has_data ? "|d\n" : "|-\n");
  r.raw.append(f.raw);
}

run frames(std::string_view text, std::size_t cut) {
  run r;
  sse_framer framer{512};
  for (const std::string_view part : {text.substr(0, cut), text.substr(cut)}) {
    const std::string own{part};
    if (!framer.feed(own, [&](const sse_frame& f) { note(r, f); })) r.refused = true;
  }
  sse_frame last;
  if (framer.finish(last)) note(r, last);
  return r;
}

}  // namespace

// An event stream whole and cut once gives the same frames, whose raw bytes put together are the stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : (size * 7 + data[size / 2]) % size;
  const run whole = frames(text, size), split = frames(text, cut);
  if (whole.told != split.told || whole.raw != split.raw || whole.refused != split.refused) std::abort();
  if (!whole.refused && whole.raw != text) std::abort();
  return 0;
}
