#include <fmt/format.h>

#include <algorithm>

#include "config/sources.hpp"

/// `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}` and `$$` in scalars, after YAML is done with them: what is filled in is
/// never read as YAML, so no value of a variable can become a key or a list.
namespace naru::config {
namespace {

constexpr std::size_t most_filled = 256 * 1024;  // one file
constexpr std::size_t most_filled_in_all = 4UL * 1024 * 1024;

bool is_name(std::string_view name) noexcept {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

constexpr std::string_view forms = "want ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $$ is a dollar sign";

}  // namespace

void sources::fill(node& n, const std::string& folder) {
  if (n.is_scalar() && n.text.find('$') != std::string::npos) fill_text(n, folder);
  for (node& item : n.items) fill(item, folder);
  for (entry& e : n.entries) fill(e.value, folder);
}

void sources::fill_text(node& n, const std::string& folder) {
  const std::string written = n.text;
  std::string out;
  std::string_view rest = written;
  while (true) {
    const std::size_t dollar = rest.find('$');
    out += rest.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    rest.remove_prefix(dollar);
    if (rest.starts_with("$$")) {
      out += '$';
      rest.remove_prefix(2);
    } else if (!rest.starts_with("${")) {
      out += '$';
      rest.remove_prefix(1);
    } else {
      const std::size_t end = rest.find('}');
      if (end == std::string_view::npos) {
        n.fault = fmt::format("a ${{ without its }}: {}", forms);
        return;
      }
      n.filled = true;
      n.written = written;
      if (!fill_one(n, rest.substr(2, end - 2), folder, out)) return;
      rest.remove_prefix(end + 1);
    }
  }
  filled_bytes_ += out.size();
  if (filled_bytes_ > most_filled_in_all) {
    n.fault = "the values that were filled in are too large together: want at most 4 MiB";
    return;
  }
  n.text = std::move(out);
}

bool sources::fill_one(node& n, std::string_view name, const std::string& folder, std::string& out) {
  if (name.starts_with("env:")) return fill_variable(n, name.substr(4), out);
  if (name.starts_with("file:")) return fill_file(n, name.substr(5), folder, out);
  n.fault = fmt::format("{}, got ${{{}}}", forms, name.substr(0, 40));
  return false;
}

bool sources::fill_variable(node& n, std::string_view name, std::string& out) {
  const std::size_t split = name.find(":-");
  const std::string_view variable = name.substr(0, split);
  if (!is_name(variable)) {
    n.fault = fmt::format("want the name of a variable: letters, digits and _, got {}", variable.substr(0, 40));
    return false;
  }
  const auto value = options_.env(variable);
  // As in a shell, `:-` stands in for an empty value too.
  if (value && (!value->empty() || split == std::string_view::npos)) {
    note(*value);
    out += *value;
    return true;
  }
  if (split == std::string_view::npos) {
    n.unset = std::string(variable);
    return false;
  }
  out += name.substr(split + 2);
  return true;
}

bool sources::fill_file(node& n, std::string_view name, const std::string& folder, std::string& out) {
  const std::string path = resolve(std::string(name), folder);
  watch(path);
  auto text = options_.files->read(path, most_filled);
  if (!text) {
    n.fault = fmt::format("{} cannot be read: {}", path, text.error().message);
    return false;
  }
  // Editors and `kubectl create secret` leave a line end behind.
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  note(*text);
  out += *text;
  secret::wipe(*text);
  return true;
}

}  // namespace naru::config
