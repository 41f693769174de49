#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.hpp"
#include "config/schema.hpp"
#include "core/money.hpp"

namespace naru::config {

/// A place in a checked tree, beside its row in the table. What is absent, or was reported by `check`, reads as the row's default;
/// so whoever builds the settings handles good values only. Cheap to copy; the tree and the table must outlive it.
class reader {
 public:
  reader(const node* n, const key_node& k, std::string path, place parent_at)
      : n_(n), k_(&k), path_(std::move(path)), parent_at_(parent_at) {}
  [[nodiscard]] static reader root(const node& tree, const schema& table) { return {&tree, table.root(), {}, tree.at}; }

  [[nodiscard]] bool present() const noexcept { return n_ != nullptr && !n_->is_null(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] place at() const noexcept { return n_ == nullptr ? parent_at_ : n_->at; }
  [[nodiscard]] const node* raw() const noexcept { return n_; }
  [[nodiscard]] bool is_list() const noexcept { return n_ != nullptr && n_->is_list(); }

  /// The key below; it must stand in the table (std::logic_error). A lone text that stands for a block is its shorthand's key.
  [[nodiscard]] reader operator[](std::string_view key) const;
  /// An entry of a map that need not be there.
  [[nodiscard]] reader named(std::string_view name) const;
  /// Entries of a map, by name; those that have to wait for a later version are left out.
  [[nodiscard]] std::vector<std::pair<std::string, reader>> entries() const;
  /// Items of a list; a lone item counts as one.
  [[nodiscard]] std::vector<reader> items() const;

  [[nodiscard]] bool says(std::string_view word) const noexcept;  ///< whether this word stands here in place of a value
  [[nodiscard]] std::string text() const;                         ///< text, word, label, path: empty when absent without a default
  [[nodiscard]] bool flag() const;
  [[nodiscard]] std::optional<bool> maybe_flag() const;
  [[nodiscard]] std::uint32_t integer() const;  ///< 0 for a word such as auto
  [[nodiscard]] std::optional<std::uint64_t> maybe_integer() const;
  [[nodiscard]] std::optional<std::uint32_t> maybe_thousandths() const;
  [[nodiscard]] std::uint32_t share() const;  ///< in thousandths
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::chrono::milliseconds duration() const;
  [[nodiscard]] std::optional<std::chrono::sys_days> maybe_date() const;
  [[nodiscard]] std::optional<nano_usd> maybe_usd() const;
  [[nodiscard]] std::optional<pico_usd> maybe_rate() const;  ///< of `rate`

 private:
  /// The text here when it is good, else the row's default; nullptr when there is neither.
  [[nodiscard]] std::optional<std::string_view> good() const;

  const node* n_;
  const key_node* k_;
  std::string path_;
  place parent_at_;
};

}  // namespace naru::config
