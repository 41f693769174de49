#include "config/sources.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/yaml_reader.hpp"

namespace naru::config {
namespace {

constexpr std::size_t deepest = 16;
constexpr std::size_t most_files = 256;

bool is_pattern(std::string_view path) noexcept { return path.find_first_of("*?[") != std::string_view::npos; }

std::string_view as_text(const key_hash& h) noexcept { return {reinterpret_cast<const char*>(h.data()), h.size()}; }

}  // namespace

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : path.substr(0, slash);
}

key_hash sha256(std::string_view text) {
  key_hash out{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data());
  return out;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string sources::resolve(const std::string& path, const std::string& folder) {
  if (path.starts_with('/') || folder.empty()) return path;
  return folder == "/" ? folder + path : folder + '/' + path;
}

std::string sources::shown_name(const std::string& path) const {
  const std::string start = folder_.empty() || folder_ == "/" ? folder_ : folder_ + '/';
  return path.starts_with(start) ? path.substr(start.size()) : path;
}

void sources::note(std::string_view text) {
  const key_hash h = sha256(text);
  hashed_ += as_text(h);
}

result<void> sources::depend_on(const std::string& path) {
  const auto text = read(path);
  if (!text) return fail(text.error());
  return {};
}

result<std::string> sources::read(const std::string& path) {
  watch(path);
  auto text = options_.files->read(path, most_bytes);
  if (text) note(*text);
  return text;
}

std::optional<std::string> sources::variable(std::string_view name) {
  auto value = options_.env(name);
  if (value) note(*value);
  return value;
}

std::string sources::hash() const {
  const key_hash h = sha256(hashed_);
  return to_hex(as_text(h).substr(0, 8));
}

node sources::read_main(const std::string& path, std::string name) {
  watch(path);
  included_.insert(path);
  const auto text = options_.files->read(path, most_bytes);
  if (!text) {
    problems_.error({problems_.add_file(path), 0, 0}, {}, "cannot be read: " + text.error().message);
    return {};
  }
  return with_includes(parse(*text, problems_.add_file(std::move(name)), folder_), folder_, {path});
}

node sources::read_text(std::string_view text, std::string name) {
  return with_includes(parse(text, problems_.add_file(std::move(name)), folder_), folder_, {});
}

node sources::parse(std::string_view text, std::uint32_t file, const std::string& folder) {
  note(text);
  auto root = read_yaml(text, file, problems_);
  if (!root) return {};
  fill(*root, folder);
  return std::move(*root);
}

node sources::with_includes(node root, const std::string& folder, std::vector<std::string> chain) {
  const auto found = std::ranges::find(root.entries, "include", &entry::key);
  if (found == root.entries.end()) return root;
  node wishes = found->value;
  if (wishes.is_scalar()) {  // one may stand without the list
    node alone = wishes;
    wishes.items = {std::move(alone)};
    wishes.is = node::kind::list;
  }
  if (!wishes.is_list()) return root;  // the check against the table says what is wrong
  for (const node& wish : wishes.items) {
    if (wish.is_scalar() && wish.unset.empty() && wish.fault.empty() && !wish.text.empty())
      include(root, {wish.text, folder, wish.at, chain});
  }
  return root;
}

void sources::include(node& into, const pending& wish) {
  const std::string path = resolve(wish.pattern, wish.folder);
  if (!is_pattern(path)) return include_file(into, wish, path);
  watch_pattern(path);
  for (const std::string& match : options_.files->glob(path)) include_file(into, wish, match);
}

/// A file that begins to match is a change like any other: every folder where one may appear is watched, and where the folders' names are
/// a pattern themselves, those where such a folder may.
void sources::watch_pattern(const std::string& pattern) {
  for (std::string step = pattern; is_pattern(step); step = folder_of(step)) {
    const std::string folder = folder_of(step);
    const std::string last = step.substr(folder.ends_with('/') || folder.empty() ? folder.size() : folder.size() + 1);
    const auto folders = is_pattern(folder) ? options_.files->glob(folder) : std::vector<std::string>{folder};
    for (const std::string& each : folders) watch(resolve(last, each));
  }
}

void sources::include_file(node& into, const pending& wish, const std::string& path) {
  const auto refuse = [&](std::string message) { problems_.error(wish.at, "include", std::move(message)); };
  if (std::ranges::find(wish.chain, path) != wish.chain.end()) return refuse(fmt::format("{} includes itself", shown_name(path)));
  if (wish.chain.size() > deepest) return refuse(fmt::format("want at most {} files inside one another", deepest));
  if (!included_.insert(path).second) return refuse(fmt::format("{} is included twice", shown_name(path)));
  if (included_.size() > most_files) return refuse(fmt::format("want at most {} files", most_files));
  watch(path);
  const auto text = options_.files->read(path, most_bytes);
  if (!text) return refuse(fmt::format("{} cannot be read: {}", shown_name(path), text.error().message));
  const std::string folder = folder_of(path);
  node root = parse(*text, problems_.add_file(shown_name(path)), folder);
  if (root.is_null()) return;
  if (!root.is_map()) return problems_.error(root.at, {}, fmt::format("want keys such as `providers:`, got {}", shown(root)));
  std::vector<std::string> chain = wish.chain;
  chain.push_back(path);
  merge(into, with_includes(std::move(root), folder, std::move(chain)));
}

void sources::merge(node& into, node from) {
  if (into.is_null()) into.is = node::kind::map;
  for (entry& e : from.entries) {
    if (e.key == "include") continue;
    const auto here = std::ranges::find(into.entries, e.key, &entry::key);
    if (here == into.entries.end()) {
      into.entries.push_back(std::move(e));
    } else if (here->value.is_null()) {
      here->value = std::move(e.value);
    } else if (here->value.is_list() && e.value.is_list()) {
      std::ranges::move(e.value.items, std::back_inserter(here->value.items));
    } else if (here->value.is_map() && e.value.is_map()) {
      for (entry& inner : e.value.entries) {
        if (const entry* earlier = here->value.find_entry(inner.key)) {
          problems_.error(inner.at, join(e.key, inner.key), "stands in another file too: " + problems_.where(earlier->at));
        } else {
          here->value.entries.push_back(std::move(inner));
        }
      }
    } else if (!e.value.is_null()) {
      problems_.error(e.at, join({}, e.key), "stands in another file too: " + problems_.where(here->at));
    }
  }
}

}  // namespace naru::config
