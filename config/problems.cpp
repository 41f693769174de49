#include "config/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace naru::config {
namespace {

constexpr std::size_t most_shown = 60;

bool is_odd(char c) noexcept {
  return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' || c == ':' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0);
}

/// One line, at most `most_shown` bytes, cut between characters.
std::string clipped(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, most_shown)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  if (text.size() <= most_shown) return out;
  while (!out.empty() && (static_cast<unsigned char>(text[out.size()]) & 0xc0U) == 0x80U) out.pop_back();
  return out + "...";
}

}  // namespace

std::string join(std::string_view path, std::string_view key) {
  const bool odd = key.empty() || std::ranges::any_of(key, is_odd);
  const std::string last = odd ? '"' + clipped(key) + '"' : clipped(key);
  return path.empty() ? last : fmt::format("{}.{}", path, last);
}

std::string join(std::string_view path, std::size_t index) { return fmt::format("{}[{}]", path, index); }

std::string shown(const node& n, bool hidden) {
  switch (n.is) {
    case node::kind::null: return "nothing";
    case node::kind::list: return "a list";
    case node::kind::map: return "a block";
    case node::kind::scalar: break;
  }
  if (n.filled) return clipped(n.written);
  if (n.text.empty()) return "an empty text";
  return hidden ? "***" : clipped(n.text);
}

std::string problem::to_string() const {
  if (not_yet) {
    std::string out = fmt::format("not yet: {} ({}:{})", path, file, line);
    return message.empty() ? out : fmt::format("{}: {}", out, message);
  }
  if (line == 0) {
    if (path.empty()) return file.empty() ? message : fmt::format("{}: {}", file, message);
    return fmt::format("{}: {}", path, message);
  }
  if (path.empty()) return fmt::format("{}:{}:{}: {}", file, line, column, message);
  return fmt::format("{} ({}:{}:{}): {}", path, file, line, column, message);
}

std::string to_lines(const std::vector<problem>& problems) {
  std::string out;
  for (const problem& p : problems) out += p.to_string() + '\n';
  return out;
}

std::uint32_t problem_list::add_file(std::string shown_name) {
  files_.push_back(std::move(shown_name));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::string problem_list::where(const place& at) const { return fmt::format("{}:{}", files_[at.file], at.line); }

problem problem_list::make(const place& at, std::string path, std::string message) const {
  problem p;
  p.path = std::move(path);
  if (at.file < files_.size()) p.file = files_[at.file];
  p.line = at.line;
  p.column = at.column;
  p.message = std::move(message);
  return p;
}

void problem_list::error(const place& at, std::string path, std::string message) {
  errors_.push_back({at, errors_.size(), make(at, std::move(path), std::move(message))});
}

void problem_list::warn(const place& at, std::string path, std::string message) {
  warnings_.push_back({at, warnings_.size(), make(at, std::move(path), std::move(message))});
}

void problem_list::not_yet(const place& at, std::string what, std::string more) {
  problem p = make(at, std::move(what), std::move(more));
  p.not_yet = true;
  errors_.push_back({at, errors_.size(), std::move(p)});
}

std::vector<problem> problem_list::sorted(std::vector<placed>& list) {
  std::ranges::sort(list, {}, [](const placed& p) { return std::tuple(p.at.file, p.at.line, p.at.column, p.order); });
  std::vector<problem> out;
  out.reserve(list.size());
  for (placed& p : list) out.push_back(std::move(p.what));
  list.clear();
  return out;
}

std::vector<problem> problem_list::take_errors() { return sorted(errors_); }
std::vector<problem> problem_list::take_warnings() { return sorted(warnings_); }

}  // namespace naru::config
