#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A settings file after YAML and before meaning: texts, lists and maps that know where they stand.
namespace naru::config {

struct place {
  std::uint32_t file = 0;    ///< index into the list of files of one load
  std::uint32_t line = 0;    ///< 1 for the first; 0: nowhere (a default)
  std::uint32_t column = 0;  ///< characters, 1 for the first
};

struct entry;

struct node {
  enum class kind : std::uint8_t { null, scalar, list, map };
  kind is = kind::null;
  bool plain = false;   ///< a scalar without quotes: what YAML's traps are about
  bool filled = false;  ///< something was filled in: the text may be a secret and is never printed
  place at;
  std::string text;            ///< of a scalar, after filling in
  std::string written;         ///< what stood there when `filled`
  std::string unset;           ///< name of the first variable that is not set and has no default
  std::string fault;           ///< why filling in failed otherwise
  std::vector<node> items;     ///< of a list
  std::vector<entry> entries;  ///< of a map, in the file's order; no key twice

  [[nodiscard]] bool is_null() const noexcept { return is == kind::null; }
  [[nodiscard]] bool is_scalar() const noexcept { return is == kind::scalar; }
  [[nodiscard]] bool is_list() const noexcept { return is == kind::list; }
  [[nodiscard]] bool is_map() const noexcept { return is == kind::map; }
  [[nodiscard]] const node* find(std::string_view key) const noexcept;
  [[nodiscard]] const entry* find_entry(std::string_view key) const noexcept;
};

struct entry {
  std::string key;
  place at;  ///< of the key
  node value;
};

/// Overwrites every text: secrets are among them, and the tree is about to go.
void wipe(node& n) noexcept;

}  // namespace naru::config
