#include "local_backend/stop_matcher.hpp"

#include <algorithm>

namespace naru::local_backend {

std::size_t stop_matcher::match_at_end() const noexcept {
  std::size_t longest = 0;
  for (const auto& stop : stops_) {
    if (held_.ends_with(stop)) longest = std::max(longest, stop.size());
  }
  return longest;
}

std::size_t stop_matcher::promising_end() const noexcept {
  std::size_t longest = 0;
  for (const auto& stop : stops_) {
    for (std::size_t n = std::min(stop.size() - 1, held_.size()); n > longest; --n) {
      if (held_.ends_with(std::string_view{stop}.substr(0, n))) longest = n;
    }
  }
  return longest;
}

bool stop_matcher::feed(std::string_view text, std::string& out) {
  if (stops_.empty()) {
    out += text;
    return false;
  }
  for (const char c : text) {
    held_.push_back(c);
    if (const auto matched = match_at_end(); matched != 0) {
      out.append(held_, 0, held_.size() - matched);
      held_.clear();
      return true;
    }
  }
  const auto safe = held_.size() - promising_end();
  out.append(held_, 0, safe);
  held_.erase(0, safe);
  return false;
}

void stop_matcher::finish(std::string& out) {
  out += held_;
  held_.clear();
}

}  // namespace naru::local_backend
