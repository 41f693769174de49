#include "gateway/net/http/head_lines.hpp"

#include <algorithm>
#include <cstring>

namespace naru::net::http {
namespace {

std::optional<refusal> parse_line(std::string_view line, header& out) noexcept {
  std::size_t name = 0;
  while (name < line.size() && is_token_char(line[name])) ++name;
  if (name == 0 && (line.front() == ' ' || line.front() == '\t')) return refusal{400, "a header is folded over two lines"};
  if (name == line.size()) return refusal{400, "a header line has no colon"};
  if (line[name] != ':') {
    const bool blank = name != 0 && (line[name] == ' ' || line[name] == '\t');
    return refusal{400, blank ? std::string_view{"there is a blank before a header's colon"}
                              : std::string_view{"a header name has a character that is not allowed"}};
  }
  if (name == 0) return refusal{400, "a header has no name"};
  out.name = line.substr(0, name);
  out.value = trim_blanks(line.substr(name + 1));
  if (!is_field_value(out.value)) return refusal{400, "a header value has a control character"};
  return std::nullopt;
}

}  // namespace

progress head_end_finder::find(std::string_view bytes) noexcept {
  while (scanned_ < bytes.size()) {
    const void* const found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      return progress::need_more;
    }
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (at == line_ || bytes[at - 1] != '\r') return progress::refused;
    const std::size_t size = at - 1 - line_;
    if (first_line_ == unknown) first_line_ = size;
    line_ = scanned_ = at + 1;
    if (size == 0) return progress::complete;
  }
  return progress::need_more;
}

std::optional<refusal> parse_header_lines(std::string_view lines, std::size_t count, header_list& out) noexcept {
  out.clear();
  while (lines.size() > 2) {
    // The finder has seen that every LF follows a CR; a CR elsewhere is a control character in a name or a value.
    const std::size_t end = lines.find('\n') - 1;
    header h;
    if (auto bad = parse_line(lines.substr(0, end), h)) return bad;
    if (out.size() >= count || !out.push(h)) return refusal{431, "there are too many headers"};
    lines.remove_prefix(end + 2);
  }
  return std::nullopt;
}

}  // namespace naru::net::http
