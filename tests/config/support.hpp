#pragma once
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace naru::config {

/// Files that are only in memory. Globs know `*` in the last part of a path.
class fake_files final : public file_source {
 public:
  std::map<std::string, std::string> texts;

  result<std::string> read(const std::string& path, std::size_t most) override {
    const auto found = texts.find(path);
    if (found == texts.end()) return fail(error_code::not_found, "No such file or directory");
    if (found->second.size() > most) return fail(error_code::payload_too_large, "too large");
    return found->second;
  }
  result<bool> readable(const std::string& path) override {
    if (!texts.contains(path)) return fail(error_code::not_found, "No such file or directory");
    return true;
  }
  std::vector<std::string> glob(const std::string& pattern) override {
    const std::size_t star = pattern.find('*');
    const std::string before = pattern.substr(0, star);
    const std::string after = pattern.substr(star + 1);
    std::vector<std::string> out;
    for (const auto& [path, text] : texts) {
      if (path.starts_with(before) && path.ends_with(after) && path.find('/', star) == std::string::npos) out.push_back(path);
    }
    return out;
  }
};

/// One load in a world of its own.
struct world {
  std::map<std::string, std::string, std::less<>> variables;
  std::shared_ptr<fake_files> files = std::make_shared<fake_files>();
  std::optional<std::uint64_t> descriptor_limit;

  [[nodiscard]] load_options options(std::string path) const {
    load_options o;
    o.path = std::move(path);
    o.env = [vars = variables](std::string_view name) -> std::optional<std::string> {
      const auto found = vars.find(name);
      if (found == vars.end()) return std::nullopt;
      return found->second;
    };
    o.files = files;
    o.descriptor_limit = descriptor_limit;
    return o;
  }
  /// Loads `text` as /etc/naru/naru.yaml.
  [[nodiscard]] loaded load(std::string text) {
    files->texts["/etc/naru/naru.yaml"] = std::move(text);
    return config::load(options("/etc/naru/naru.yaml"));
  }
  [[nodiscard]] loaded defaults() const { return config::load(options("")); }
};

inline std::string errors_of(const std::string& text) {
  world w;
  return to_lines(w.load(text).errors);
}
inline std::string warnings_of(const std::string& text) {
  world w;
  const loaded l = w.load(text);
  return to_lines(l.errors) + to_lines(l.warnings);
}
/// The settings of a text that must be good.
inline std::shared_ptr<const settings> good(const std::string& text, world w = {}) {
  const loaded l = w.load(text);
  if (!l.ok()) throw std::runtime_error("does not load:\n" + to_lines(l.errors));
  return l.value;
}

inline std::string read_repository_file(const std::string& path) {
  std::ifstream in(std::string(NARU_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace naru::config
