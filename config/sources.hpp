#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "config/problems.hpp"
#include "config/tree.hpp"

/// Reading all that settings stand in: the main file, what it includes, what `${env:...}` and `${file:...}` fill in.
namespace naru::config {

class sources {
 public:
  /// @param folder  what relative paths of the main file start from; empty: the working directory
  sources(const load_options& options, std::string folder, problem_list& problems)
      : options_(options), folder_(std::move(folder)), problems_(problems) {}

  /// Reads a main file, its values filled in and its includes merged. A null node when it cannot be read or is no YAML (reported).
  [[nodiscard]] node read_main(const std::string& path, std::string shown_name);
  /// The same of a text.
  [[nodiscard]] node read_text(std::string_view text, std::string shown_name);

  /// Notes a file that something in the settings names, so that its change is noticed.
  void watch(const std::string& path) { watched_.insert(path); }
  /// Notes a file whose text the gateway reads when it builds what these settings describe: its change is noticed and changes the hash.
  /// Errors: the system's reason when it cannot be read, or is larger than a settings file may be.
  [[nodiscard]] result<void> depend_on(const std::string& path);
  /// The same, with its text.
  [[nodiscard]] result<std::string> read(const std::string& path);
  /// A variable that a default reads, as `${env:...}` would: its change changes the hash.
  [[nodiscard]] std::optional<std::string> variable(std::string_view name);
  /// Absolute, or relative to the main file's folder.
  [[nodiscard]] std::string resolve(const std::string& path) const { return resolve(path, folder_); }
  [[nodiscard]] std::vector<std::string> watched() const { return {watched_.begin(), watched_.end()}; }
  /// 16 hex digits over all that was read and filled in.
  [[nodiscard]] std::string hash() const;

 private:
  struct pending {
    std::string pattern;
    std::string folder;
    place at;
    std::vector<std::string> chain;  ///< files that are being included, the outermost first
  };
  void note(std::string_view text);  ///< into the hash
  [[nodiscard]] static std::string resolve(const std::string& path, const std::string& folder);
  [[nodiscard]] node parse(std::string_view text, std::uint32_t file, const std::string& folder);
  [[nodiscard]] node with_includes(node root, const std::string& folder, std::vector<std::string> chain);
  void include(node& into, const pending& wish);
  void watch_pattern(const std::string& pattern);
  void include_file(node& into, const pending& wish, const std::string& path);
  void merge(node& into, node from);
  void fill(node& n, const std::string& folder);
  void fill_text(node& n, const std::string& folder);
  [[nodiscard]] bool fill_one(node& n, std::string_view name, const std::string& folder, std::string& out);
  [[nodiscard]] bool fill_variable(node& n, std::string_view name, std::string& out);
  [[nodiscard]] bool fill_file(node& n, std::string_view name, const std::string& folder, std::string& out);
  [[nodiscard]] std::string shown_name(const std::string& path) const;

  const load_options& options_;
  std::string folder_;
  problem_list& problems_;
  std::set<std::string> watched_;
  std::set<std::string> included_;
  std::string hashed_;  ///< SHA-256 of each text that was read or filled in, one after another
  std::size_t filled_bytes_ = 0;
};

/// The folder of a path: "" for a bare name, "/etc/naru" for "/etc/naru/naru.yaml".
[[nodiscard]] std::string folder_of(const std::string& path);
/// SHA-256, 32 bytes.
[[nodiscard]] key_hash sha256(std::string_view text);
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace naru::config
