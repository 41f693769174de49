#include "config/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace naru::config {
namespace {

/// Ends the reading: thrown inside yaml-cpp's callbacks, caught below, never seen outside.
struct stop {
  place at;
  std::string message;
};

class source_lines {
 public:
  explicit source_lines(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }
  /// yaml-cpp counts bytes from 0; people count characters from 1.
  [[nodiscard]] place at(std::uint32_t file, const YAML::Mark& m) const {
    const auto line = static_cast<std::size_t>(std::max(m.line, 0));
    const auto bytes = static_cast<std::size_t>(std::max(m.column, 0));
    if (line >= starts_.size()) return {file, static_cast<std::uint32_t>(starts_.size()), 1};
    const std::string_view before = text_.substr(starts_[line], bytes);
    const auto characters = std::ranges::count_if(before, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
    return {file, static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(characters + 1)};
  }
  [[nodiscard]] place of(std::uint32_t file, std::size_t offset) const {
    const auto line = static_cast<std::size_t>(std::ranges::upper_bound(starts_, offset) - starts_.begin()) - 1;
    YAML::Mark m;
    m.line = static_cast<int>(line);
    m.column = static_cast<int>(offset - starts_[line]);
    return at(file, m);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

/// Offset of the first byte that is not UTF-8, or is a NUL; npos when all is well.
std::size_t find_bad_byte(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0) return i;
    if (c < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xc2 && c < 0xe0 ? 1 : 0;
    if (more == 0 || i + more >= text.size()) return i;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80U) return i;
    }
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
      return i;
    i += more + 1;
  }
  return std::string_view::npos;
}

/// Offset of the first tab in a line's indentation; npos when there is none.
std::size_t find_indenting_tab(std::string_view text) noexcept {
  bool in_indentation = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      in_indentation = true;
    } else if (in_indentation && text[i] == '\t') {
      const std::size_t more = text.find_first_not_of(" \t\r", i);
      if (more != std::string_view::npos && text[more] != '\n' && text[more] != '#') return i;
    } else if (text[i] != ' ') {
      in_indentation = false;
    }
  }
  return std::string_view::npos;
}

std::size_t count(const node& n) noexcept {
  std::size_t all = 1;
  for (const node& item : n.items) all += count(item);
  for (const entry& e : n.entries) all += count(e.value);
  return all;
}

/// Builds the tree from yaml-cpp's events: its own document model forgets marks of keys and unfolds nothing under our limits.
class builder final : public YAML::EventHandler {
 public:
  builder(std::uint32_t file, const source_lines& lines, problem_list& problems) : file_(file), lines_(lines), problems_(problems) {}

  [[nodiscard]] node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    node n;
    n.at = at(mark);
    add(std::move(n), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw stop{at(mark), "this anchor contains itself, or has not ended yet"};
    spend(count(found->second), at(mark));
    node copy = found->second;
    place_value(std::move(copy));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    refuse_tag(tag, mark);
    node n;
    n.is = node::kind::scalar;
    n.plain = tag == "?";
    n.at = at(mark);
    n.text = value;
    add(std::move(n), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, node::kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, node::kind::map);
  }
  void OnMapEnd() override {
    merge(open_.back());
    close();
  }

 private:
  struct unfinished {
    node value;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    std::string key;
    place key_at;
    bool twice = false;                                      ///< the key stood before: its value is dropped
    std::map<std::string, std::uint32_t, std::less<>> keys;  ///< with the line of each
    std::vector<node> merges;                                ///< values of `<<`
  };

  [[nodiscard]] place at(const YAML::Mark& m) const { return lines_.at(file_, m); }

  void refuse_tag(const std::string& tag, const YAML::Mark& mark) const {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw stop{at(mark), fmt::format("tags mean nothing here: take {} out", tag.substr(0, 40))};
  }

  void spend(std::size_t nodes, const place& where) {
    nodes_ += nodes;
    if (nodes_ > most_nodes) throw stop{where, fmt::format("too much: a file may hold {} values, anchors unfolded", most_nodes)};
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, node::kind kind) {
    refuse_tag(tag, mark);
    spend(1, at(mark));
    refuse_as_key(at(mark));
    unfinished u;
    u.value.is = kind;
    u.value.at = at(mark);
    u.anchor = anchor;
    open_.push_back(std::move(u));
  }

  void refuse_as_key(const place& where) const {
    if (!open_.empty() && open_.back().value.is_map() && !open_.back().has_key) throw stop{where, "a key must be a plain text"};
  }

  void close() {
    unfinished done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = done.value;
    place_value(std::move(done.value));
  }

  void add(node n, YAML::anchor_t anchor) {
    spend(1, n.at);
    if (anchor != 0) anchors_[anchor] = n;
    place_value(std::move(n));
  }

  void place_value(node n) {
    if (open_.empty()) {
      root_ = std::move(n);
      return;
    }
    unfinished& in = open_.back();
    if (in.value.is_list()) {
      in.value.items.push_back(std::move(n));
    } else if (!in.has_key) {
      take_key(in, n);
    } else {
      in.has_key = false;
      if (in.twice) return;
      if (in.key == "<<") {
        in.merges.push_back(std::move(n));
      } else {
        in.value.entries.push_back({std::move(in.key), in.key_at, std::move(n)});
      }
    }
  }

  void take_key(unfinished& in, const node& n) {
    if (!n.is_scalar()) throw stop{n.at, "a key must be a plain text"};
    const auto [earlier, is_new] = in.keys.emplace(n.text, n.at.line);
    in.twice = !is_new;
    if (in.twice) problems_.error(n.at, join({}, n.text), fmt::format("this key stands twice: first in line {}", earlier->second));
    in.has_key = true;
    in.key = n.text;
    in.key_at = n.at;
  }

  /// `<<: *base` or `<<: [*a, *b]`: keys of the block itself win, then those of the first.
  void merge(unfinished& in) {
    for (node& from : in.merges) {
      if (from.is_map()) {
        merge_one(in, from);
      } else if (from.is_list() && std::ranges::all_of(from.items, &node::is_map)) {
        for (node& each : from.items) merge_one(in, each);
      } else {
        throw stop{from.at, "`<<` wants a block, or a list of blocks"};
      }
    }
    in.merges.clear();
  }
  static void merge_one(unfinished& into, node& from) {
    for (entry& e : from.entries) {
      if (into.keys.emplace(e.key, e.at.line).second) into.value.entries.push_back(std::move(e));
    }
  }

  std::uint32_t file_;
  const source_lines& lines_;
  problem_list& problems_;
  node root_;
  std::vector<unfinished> open_;
  std::map<YAML::anchor_t, node> anchors_;
  std::size_t nodes_ = 0;
};

node parse(std::string_view text, std::uint32_t file, const source_lines& lines, problem_list& problems) {
  std::istringstream in{std::string(text)};
  YAML::Parser parser(in);
  builder first(file, lines, problems);
  if (!parser.HandleNextDocument(first)) return {};
  builder second(file, lines, problems);
  if (parser.HandleNextDocument(second)) throw stop{second.take().at, "a second document: a settings file holds one"};
  return first.take();
}

}  // namespace

std::optional<node> read_yaml(std::string_view text, std::uint32_t file, problem_list& problems) {
  const source_lines lines(text);
  const auto refuse = [&](std::size_t offset, std::string message) {
    problems.error(lines.of(file, offset), {}, std::move(message));
    return std::nullopt;
  };
  if (text.size() > most_bytes) return refuse(most_bytes, fmt::format("larger than {} MiB", most_bytes >> 20U));
  if (const auto bad = find_bad_byte(text); bad != std::string_view::npos) return refuse(bad, "want UTF-8 text without NULs");
  if (const auto tab = find_indenting_tab(text); tab != std::string_view::npos) return refuse(tab, "a tab: indent with spaces");
  try {
    return parse(text, file, lines, problems);
  } catch (const stop& s) {
    problems.error(s.at, {}, s.message);
  } catch (const YAML::Exception& e) {
    problems.error(e.mark.is_null() ? place{file, 1, 1} : lines.at(file, e.mark), {}, "YAML: " + e.msg);
  }
  return std::nullopt;
}

}  // namespace naru::config
