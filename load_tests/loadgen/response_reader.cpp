#include "load_tests/loadgen/response_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace naru::load {
namespace {

std::string_view value_of(std::string_view head, std::string_view lower_name) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  const auto found = std::search(head.begin(), head.end(), lower_name.begin(), lower_name.end(), same);
  if (found == head.end()) return {};
  std::string_view rest = head.substr(static_cast<std::size_t>(found - head.begin()) + lower_name.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return rest.substr(0, rest.find('\r'));
}

}  // namespace

bool response_reader::read_head() {
  if (!head_.starts_with("HTTP/1.1 ")) return false;
  std::from_chars(head_.data() + 9, head_.data() + 12, status_);
  closes_ = value_of(head_, "\r\nconnection:") == "close";
  if (const auto length = value_of(head_, "\r\ncontent-length:"); !length.empty()) {
    where_ = at::length;
    std::from_chars(length.data(), length.data() + length.size(), left_);
  } else if (value_of(head_, "\r\ntransfer-encoding:") == "chunked") {
    where_ = at::chunk_size;
  } else {
    where_ = at::to_end;
    closes_ = true;
  }
  return true;
}

/// An event ends in an empty line. Both ends of a cut "\n" + "\n" are seen.
void response_reader::take_body(std::string_view bytes) {
  body_bytes_ += bytes.size();
  const char* p = bytes.data();
  const char* const end = p + bytes.size();
  if (after_newline_ && p < end && *p == '\n') ++events_;
  while (const void* found = p < end ? std::memchr(p, '\n', static_cast<std::size_t>(end - p)) : nullptr) {
    p = static_cast<const char*>(found) + 1;
    if (p < end && *p == '\n') ++events_, ++p;
  }
  after_newline_ = !bytes.empty() && bytes.back() == '\n' && !bytes.ends_with("\n\n");
  saw_error_ = saw_error_ || bytes.find("\"error\":{") != std::string_view::npos;
}

response_reader::progress response_reader::feed(std::string_view bytes) {
  while (true) {
    switch (where_) {
      case at::head: {
        const std::size_t before = head_.size();
        head_.append(bytes);
        const auto end = head_.find("\r\n\r\n", before > 3 ? before - 3 : 0);
        if (end == std::string::npos) return head_.size() > 65536 ? progress::broken : progress::more;
        bytes.remove_prefix(end + 4 - before);
        head_.resize(end + 2);
        if (!read_head()) return progress::broken;
        if (where_ == at::length && left_ == 0) return progress::done;
        head_.clear();
        break;
      }
      case at::length:
      case at::chunk_data: {
        const std::size_t n = std::min(left_, bytes.size());
        take_body(bytes.substr(0, n));
        bytes.remove_prefix(n);
        left_ -= n;
        if (left_ > 0) return progress::more;
        if (where_ == at::length) return progress::done;
        where_ = at::chunk_end;
        left_ = 2;
        break;
      }
      case at::chunk_end:
      case at::last_chunk: {
        const std::size_t n = std::min(left_, bytes.size());
        bytes.remove_prefix(n);
        left_ -= n;
        if (left_ > 0) return progress::more;
        if (where_ == at::last_chunk) return progress::done;
        where_ = at::chunk_size;
        break;
      }
      case at::chunk_size: {
        const auto end = bytes.find('\n');
        head_.append(bytes.substr(0, end));
        if (end == std::string_view::npos) return head_.size() > 32 ? progress::broken : progress::more;
        bytes.remove_prefix(end + 1);
        const auto [to, ec] = std::from_chars(head_.data(), head_.data() + head_.size(), left_, 16);
        if (ec != std::errc{} || *to != '\r') return progress::broken;
        head_.clear();
        where_ = left_ == 0 ? at::last_chunk : at::chunk_data;
        if (left_ == 0) left_ = 2;
        break;
      }
      case at::to_end: take_body(bytes); return progress::more;
    }
    if (bytes.empty()) return progress::more;
  }
}

}  // namespace naru::load
