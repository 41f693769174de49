#include "policies/pricing/media_estimate.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace naru;
using namespace naru::pricing;

TEST_CASE("an image is about a thousand tokens, a coarse one a tenth where that is known", "[pricing]") {
  CHECK(estimate_image(false).expected == tokens{1100});
  CHECK(estimate_image(false).upper == tokens{3000});
  CHECK(estimate_image(true).expected == tokens{85});
  CHECK(estimate_image(true).upper == tokens{1600});  // who does not know the hint reads it as any image
}

TEST_CASE("audio is counted by the seconds that its bytes may be", "[pricing]") {
  const std::uint64_t minute_of_wav = 60 * 48'000 / 3 * 4;
  CHECK(estimate_audio(minute_of_wav, "wav").expected == tokens{60 * 20});
  CHECK(estimate_audio(minute_of_wav, "wav").upper == tokens{180 * 32});
  CHECK(estimate_audio(minute_of_wav, "mp3").expected == tokens{240 * 20});
  CHECK(estimate_audio(1, "mp3").expected == tokens{20});  // a second begun
  CHECK(estimate_audio(0, "mp3").expected == tokens{0});
}

TEST_CASE("a file is counted by its bytes, by two pages where it is only named", "[pricing]") {
  const std::uint64_t bytes = 100'000;
  const std::uint64_t base64 = bytes / 3 * 4 + 1;
  CHECK(estimate_file(base64, "application/pdf").expected == tokens{4000});
  CHECK(estimate_file(base64, "application/pdf").upper == tokens{25'000});
  CHECK(estimate_file(base64, "text/plain").expected == tokens{25'000});
  CHECK(estimate_file(base64, "text/csv").upper == tokens{33'334});
  CHECK(estimate_file(0, "").expected == tokens{5000});
}

TEST_CASE("no size turns an estimate over or puts its upper figure below the expected one", "[pricing]") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{1} << 40, most / 64}) {
    for (const char* kind : {"wav", "mp3", "text/plain", "application/pdf"}) {
      CAPTURE(n, kind);
      const auto audio = estimate_audio(n, kind);
      const auto file = estimate_file(n, kind);
      CHECK(audio.expected.value <= audio.upper.value);
      CHECK(file.expected.value <= file.upper.value);
      CHECK(estimate_audio(n + 4, kind).upper.value >= audio.upper.value);
      if (n != 0) CHECK(estimate_file(n + 4, kind).upper.value >= file.upper.value);
    }
  }
}
