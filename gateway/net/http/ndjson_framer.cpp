#include "gateway/net/http/ndjson_framer.hpp"

namespace naru::net::http {

progress ndjson_framer::next(std::string_view& in, ndjson_line& out) {
  if (handed_out_) release();
  if (refused_) return progress::refused;
  const std::size_t lf = in.find('\n');  // a kept part holds none: it is searched once
  const std::size_t taken = lf == std::string_view::npos ? in.size() : lf + 1;
  if (pending_.size() + taken > limit_) {
    refused_ = true;
    release();
    return progress::refused;
  }
  const std::string_view part = in.substr(0, taken);
  in.remove_prefix(taken);
  if (lf == std::string_view::npos) {
    pending_.append(part);
    return progress::need_more;
  }
  std::string_view raw = part;
  if (!pending_.empty()) {
    raw = pending_.append(part);
    handed_out_ = true;
  }
  read(raw, out);
  return progress::complete;
}

bool ndjson_framer::finish(ndjson_line& out) {
  if (handed_out_) release();
  if (refused_ || pending_.empty()) return false;
  handed_out_ = true;
  read(pending_, out);
  return true;
}

error ndjson_framer::too_long() const {
  return error{error_code::stream_broken, "a line of the stream is longer than the limit", {}, "frame_too_long", std::nullopt};
}

void ndjson_framer::read(std::string_view raw, ndjson_line& out) noexcept {
  std::string_view text = raw;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (first_ && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  first_ = false;
  out = {.raw = raw, .text = text, .blank = text.find_first_not_of(" \t\r") == std::string_view::npos};
}

void ndjson_framer::release() noexcept {
  std::string{}.swap(pending_);
  handed_out_ = false;
}

}  // namespace naru::net::http
