#include "config/tree.hpp"

#include <algorithm>

#include "config/secret.hpp"

namespace naru::config {

const entry* node::find_entry(std::string_view key) const noexcept {
  const auto found = std::ranges::find(entries, key, &entry::key);
  return found == entries.end() ? nullptr : &*found;
}

const node* node::find(std::string_view key) const noexcept {
  const entry* found = find_entry(key);
  return found == nullptr ? nullptr : &found->value;
}

void wipe(node& n) noexcept {
  secret::wipe(n.text);
  for (node& item : n.items) wipe(item);
  for (entry& e : n.entries) wipe(e.value);
}

}  // namespace naru::config
