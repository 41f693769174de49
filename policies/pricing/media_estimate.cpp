#include "policies/pricing/media_estimate.hpp"

namespace naru::pricing {
namespace {

// Images (the vendors' vision guides as third parties quote them, 2026-11; unconfirmed). OpenAI: 85 tokens for a coarse reading; else 85
// and 170 for each tile of 512 pixels after scaling, 765 for 1024 x 1024 and 1,105 for a screen; a token for each patch of 32 pixels in
// newer models, 1,536 at most. Google: 258 for each tile of 768 pixels, 1,548 for a screen. Anthropic: width x height / 750, 1,600 at most
// in most models, 2,700 for a screen in the newest. The coarse reading is OpenAI's alone: at the others it takes what any image takes.
constexpr token_estimate coarse_image{{85}, {1'600}};
constexpr token_estimate image{{1'100}, {3'000}};

// Audio. Google: 32 tokens a second; OpenAI: 10 a second. So 20, and 32 as the upper figure.
constexpr std::uint64_t expected_tokens_a_second = 20;
constexpr std::uint64_t upper_tokens_a_second = 32;
/// Bytes a second, usually and where the recording is as small as speech allows.
struct byte_rate {
  std::uint64_t usual, least;
};
constexpr byte_rate uncompressed{48'000, 16'000};  // 24 kHz and 8 kHz, 16 bit, one channel
constexpr byte_rate compressed{12'000, 3'000};     // 96 kbit/s and 24 kbit/s

// Documents. A page takes 258 tokens at Google and 1,500 to 3,000 at Anthropic, which reads its text and its picture; a page of a PDF with
// pictures takes about 50 kB, one of bare text 4 kB. Text files: four bytes a token, three at the worst, as in token_estimate.cpp.
constexpr std::uint64_t expected_bytes_a_token = 25;
constexpr std::uint64_t upper_bytes_a_token = 4;
constexpr std::uint64_t expected_text_bytes = 4;
constexpr std::uint64_t upper_text_bytes = 3;
/// A file of unknown size: two pages, and ten.
constexpr token_estimate named_file{{5'000}, {25'000}};

/// Bytes behind base64; never overflows.
std::uint64_t decoded(std::uint64_t base64_bytes) noexcept { return base64_bytes / 4 * 3 + base64_bytes % 4; }
std::uint64_t divided_up(std::uint64_t n, std::uint64_t by) noexcept { return n / by + (n % by != 0 ? 1 : 0); }

}  // namespace

token_estimate estimate_image(bool low_detail) noexcept { return low_detail ? coarse_image : image; }

token_estimate estimate_audio(std::uint64_t base64_bytes, std::string_view format) noexcept {
  const byte_rate rate = format == "wav" || format == "aiff" || format == "pcm16" ? uncompressed : compressed;
  const std::uint64_t bytes = decoded(base64_bytes);
  return {{divided_up(bytes, rate.usual) * expected_tokens_a_second}, {divided_up(bytes, rate.least) * upper_tokens_a_second}};
}

token_estimate estimate_file(std::uint64_t base64_bytes, std::string_view media_type) noexcept {
  if (base64_bytes == 0) return named_file;
  const std::uint64_t bytes = decoded(base64_bytes);
  const bool text = media_type.starts_with("text/");
  return {{divided_up(bytes, text ? expected_text_bytes : expected_bytes_a_token)},
          {divided_up(bytes, text ? upper_text_bytes : upper_bytes_a_token)}};
}

}  // namespace naru::pricing
