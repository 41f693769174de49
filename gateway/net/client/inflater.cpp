#include "gateway/net/client/inflater.hpp"

#include <zlib.h>

#include "gateway/net/client/failures.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::net::client {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::uint64_t free_bytes = 1024 * 1024;
constexpr std::uint64_t most_ratio = 200;  // deflate reaches 1,032; JSON text stays below 30

constexpr int gzip_or_zlib = 15 + 32;  // zlib looks which
constexpr int raw_deflate = -15;       // some servers send "deflate" without zlib's two bytes (RFC 9110 §8.4.1.2)

bool has_wrapper(std::string_view text) noexcept {
  if (text.size() < 2) return true;
  const unsigned a = static_cast<unsigned char>(text[0]);
  const unsigned b = static_cast<unsigned char>(text[1]);
  const bool gzip = a == 0x1f && b == 0x8b;
  const bool zlib = (a & 0x0f) == 8 && (a * 256 + b) % 31 == 0;
  return gzip || zlib;
}

std::unexpected<error> broken(const char* why) { return fail(failure_of(reasons::bad_body, why)); }

}  // namespace

struct inflater::impl {
  z_stream z{};
  std::string input;  ///< given and not yet taken, from `taken` on
  std::size_t taken = 0;
  std::string output;
  std::uint64_t given = 0;
  std::uint64_t made = 0;
  bool started = false;
  bool at_member_end = false;  ///< gzip allows another member to follow
  bool full = false;           ///< the last piece was full: zlib may hold more output though all input is taken

  ~impl() {
    if (started) inflateEnd(&z);
  }

  /// One call of zlib.
  result<void> step() {
    if (at_member_end) {
      if (taken == input.size()) return {};
      if (inflateReset(&z) != Z_OK) return broken("the answer's compression is malformed");
      at_member_end = false;
    }
    z.next_in = reinterpret_cast<Bytef*>(input.data() + taken);
    z.avail_in = static_cast<uInt>(input.size() - taken);
    const int status = inflate(&z, Z_NO_FLUSH);
    taken = input.size() - z.avail_in;
    at_member_end = status == Z_STREAM_END;
    // Z_BUF_ERROR: nothing to take and nothing to give, which is no error between two inputs.
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return broken("the answer's compression is malformed");
    return {};
  }
};

inflater::kind inflater::kind_of(std::string_view coding) noexcept {
  if (coding.empty() || http::same_text(coding, "identity")) return kind::identity;
  const bool known = http::same_text(coding, "gzip") || http::same_text(coding, "x-gzip") || http::same_text(coding, "deflate");
  return known ? kind::compressed : kind::unknown;
}

inflater::inflater() : impl_(std::make_unique<impl>()) {}
inflater::~inflater() = default;

void inflater::give(std::string_view compressed) {
  impl_->input.erase(0, impl_->taken);
  impl_->taken = 0;
  impl_->input.append(compressed);
  impl_->given += compressed.size();
}

result<std::string_view> inflater::next() {
  impl& i = *impl_;
  if (!i.started) {
    if (i.input.size() < 2) return std::string_view{};
    if (inflateInit2(&i.z, has_wrapper(i.input) ? gzip_or_zlib : raw_deflate) != Z_OK) return broken("no memory to decompress the answer");
    i.started = true;
  }
  i.output.resize(piece_bytes);
  i.z.next_out = reinterpret_cast<Bytef*>(i.output.data());
  i.z.avail_out = piece_bytes;
  while (i.z.avail_out > 0 && (i.full || i.taken < i.input.size())) {
    i.full = false;
    if (auto ok = i.step(); !ok) return fail(std::move(ok.error()));
  }
  const std::size_t made = piece_bytes - i.z.avail_out;
  i.made += made;
  i.full = i.z.avail_out == 0;
  if (i.made > free_bytes + most_ratio * i.given) return broken("the answer grows too much when decompressed");
  return std::string_view{i.output}.substr(0, made);
}

result<void> inflater::finish() const {
  if (impl_->at_member_end || impl_->given == 0) return {};
  return fail(failure_of(reasons::cut, "the answer's compressed text ends in the middle"));
}

}  // namespace naru::net::client
