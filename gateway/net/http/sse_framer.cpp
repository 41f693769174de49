#include "gateway/net/http/sse_framer.hpp"

#include <cstring>

namespace naru::net::http {
namespace {

constexpr std::size_t no_end = static_cast<std::size_t>(-1);

/// The next LF or CR, each byte looked at by memchr twice at most: the LF found is remembered, so that a text of CRs alone is not
/// searched to its end again for every line.
class line_ends {
 public:
  explicit line_ends(const char* end) noexcept : end_(end) {}
  /// @return `end` when there is none
  const char* find(const char* from) noexcept {
    if (lf_ == nullptr || lf_ < from) {
      const void* const lf = std::memchr(from, '\n', static_cast<std::size_t>(end_ - from));
      lf_ = lf == nullptr ? end_ : static_cast<const char*>(lf);
    }
    const void* const cr = std::memchr(from, '\r', static_cast<std::size_t>(lf_ - from));
    return cr == nullptr ? lf_ : static_cast<const char*>(cr);
  }

 private:
  const char* end_;
  const char* lf_ = nullptr;
};

}  // namespace

progress sse_framer::next(std::string_view& in, sse_frame& out) {
  if (handed_out_) release();
  if (refused_) return progress::refused;
  const std::size_t end = scan(in);
  const std::size_t taken = end == no_end ? in.size() : end;
  if (pending_.size() + taken > limit_) {
    refused_ = true;
    release();
    return progress::refused;
  }
  const std::string_view part = in.substr(0, taken);
  in.remove_prefix(taken);
  if (end == no_end) {
    pending_.append(part);
    if (joined_.capacity() > std::string{}.capacity()) std::string{}.swap(joined_);
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

bool sse_framer::finish(sse_frame& out) {
  if (handed_out_) release();
  if (refused_ || pending_.empty()) return false;
  line_empty_ = true;
  after_cr_ = crlf_ = closing_ = false;
  handed_out_ = true;
  read(pending_, out);
  return true;
}

error sse_framer::too_long() const {
  return error{error_code::stream_broken, "an event of the stream is longer than the limit", {}, "frame_too_long", std::nullopt};
}

void sse_framer::release() noexcept {
  std::string{}.swap(pending_);
  handed_out_ = false;
}

std::size_t sse_framer::scan(std::string_view in) noexcept {
  const char* const begin = in.data();
  const char* const end = begin + in.size();
  line_ends ends{end};
  const char* p = begin;
  while (p < end) {
    if (closing_ || after_cr_) {
      crlf_ = *p == '\n';
      if (crlf_) ++p;
      after_cr_ = false;
      if (!closing_) continue;
      closing_ = false;
      return static_cast<std::size_t>(p - begin);
    }
    const char* const at = ends.find(p);
    if (at > p) line_empty_ = false;
    if (at == end) break;
    p = at + 1;
    if (end_line(*at)) return static_cast<std::size_t>(p - begin);
  }
  return no_end;
}

/// @return whether this ends the frame: the line was blank, and no LF is to be waited for
bool sse_framer::end_line(char ending) noexcept {
  const bool blank = line_empty_;
  line_empty_ = true;
  if (ending == '\n') {
    crlf_ = false;
    return blank;
  }
  if (blank && crlf_) {
    closing_ = true;
    return false;
  }
  after_cr_ = true;  // whether an LF follows is seen with the next byte
  return blank;
}

void sse_framer::read(std::string_view raw, sse_frame& out) {
  out = sse_frame{.raw = raw, .event = {}, .data = {}, .has_data = false};
  if (first_ && raw.starts_with("\xEF\xBB\xBF")) raw.remove_prefix(3);
  first_ = false;
  const char* const end = raw.data() + raw.size();
  line_ends ends{end};
  bool several = false;
  bool is_error = false;
  for (const char* p = raw.data(); p < end;) {
    const char* const at = ends.find(p);
    const std::string_view line{p, static_cast<std::size_t>(at - p)};
    p = at == end ? end : at + 1;  // the LF of a CRLF makes one more line, a blank one, which says nothing
    const std::size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") {
      out.event = value;
      continue;
    }
    const bool error_field = field == "error";
    if (field != "data" && !error_field) continue;  // comments, id, retry, and what nobody knows
    is_error |= error_field;
    if (!out.has_data) {
      out.data = value;
    } else {
      if (!several) joined_.assign(out.data);
      several = true;
      joined_.append("\n").append(value);
    }
    out.has_data = true;
  }
  if (several) out.data = joined_;
  if (is_error) out.event = "error";
}

}  // namespace naru::net::http
