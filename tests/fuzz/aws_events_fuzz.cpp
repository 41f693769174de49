#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/net/http/aws_event_encoder.hpp"
#include "gateway/net/http/aws_event_framer.hpp"

namespace {

using namespace naru::net::http;

struct run {
  std::string told, raw;
  bool refused = false;
};

run frames(std::string_view bytes, std::size_t cut) {
  run r;
  aws_event_framer framer{4096};
  for (const std::string_view part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    const std::string own{part};
    const auto ok = framer.feed(own, [&](const aws_frame& f) {
      r.told.append(f.event).append("|").append(f.data).append(f.has_data ? "|d\n" : "|-\n");
      r.raw.append(f.raw);
    });
    if (!ok) r.refused = true;
  }
  return r;
}

/// The same bytes with their sums put right, frame by frame as far as the lengths lead, so that what lies behind the sums is reached too.
std::string summed(std::string bytes) {
  const auto put = [&](std::size_t at, std::string_view of) {
    std::string sum;
    append_big_endian(sum, aws_crc(of));
    bytes.replace(at, 4, sum);
  };
  const auto length = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 2])) << 8 | static_cast<unsigned char>(bytes[at + 3]);
  };
  for (std::size_t at = 0; at + 16 <= bytes.size();) {
    bytes[at] = bytes[at + 1] = '\0';
    const std::size_t size = length(at);
    put(at + 8, std::string_view{bytes}.substr(at, 8));
    if (size < 16 || at + size > bytes.size()) break;
    put(at + size - 4, std::string_view{bytes}.substr(at, size - 4));
    at += size;
  }
  return bytes;
}

void check(std::string_view bytes, std::size_t cut) {
  const run whole = frames(bytes, bytes.size()), split = frames(bytes, cut);
  if (whole.told != split.told || whole.raw != split.raw || whole.refused != split.refused) std::abort();
  if (!bytes.starts_with(whole.raw)) std::abort();
}

}  // namespace

// An event stream whole and cut once gives the same frames, whose raw bytes put together are its beginning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : (size * 7 + data[size / 2]) % size;
  check(bytes, cut);
  check(summed(std::string{bytes}), cut);
  return 0;
}
