#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "config/tree.hpp"

/// Collecting what is wrong, so that all of it comes out in one run.
namespace naru::config {

/// Path of a key inside another: "limits" and "head" is "limits.head"; a key with odd characters is quoted.
[[nodiscard]] std::string join(std::string_view path, std::string_view key);
[[nodiscard]] std::string join(std::string_view path, std::size_t index);

/// What stands at `n`, for "got ...": never a value that was filled in, never a secret, never long.
/// @param hidden  the place is one for secrets
[[nodiscard]] std::string shown(const node& n, bool hidden = false);

class problem_list {
 public:
  /// @return the index by which `place::file` names it
  std::uint32_t add_file(std::string shown_name);
  [[nodiscard]] const std::string& file_name(std::uint32_t index) const { return files_[index]; }
  [[nodiscard]] std::string where(const place& at) const;  ///< "naru.yaml:41"

  void error(const place& at, std::string path, std::string message);
  void warn(const place& at, std::string path, std::string message);
  /// @param what  a key's path, or the word that is not taken yet; @param more  follows the line, may be empty
  void not_yet(const place& at, std::string what, std::string more = {});

  [[nodiscard]] bool has_errors() const noexcept { return !errors_.empty(); }
  /// Both lists in the files' order.
  [[nodiscard]] std::vector<problem> take_errors();
  [[nodiscard]] std::vector<problem> take_warnings();

 private:
  struct placed {
    place at;
    std::size_t order;  ///< of finding, among those at one place
    problem what;
  };
  [[nodiscard]] problem make(const place& at, std::string path, std::string message) const;
  [[nodiscard]] static std::vector<problem> sorted(std::vector<placed>& list);

  std::vector<std::string> files_;
  std::vector<placed> errors_;
  std::vector<placed> warnings_;
};

}  // namespace naru::config
