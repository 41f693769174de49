#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace naru::config {

/// One thing that is wrong, or doubtful, and where.
struct problem {
  std::string path;          ///< "limits.attempts", "models.chat.deployments[2].weight"; empty for syntax errors
  std::string file;          ///< relative to the folder of the main file
  std::uint32_t line = 0;    ///< 1 for the first; 0: no place
  std::uint32_t column = 0;  ///< in characters, 1 for the first
  std::string message;       ///< "want 1..10, got 0"; a secret is never in it
  bool not_yet = false;      ///< known, and brought by a later version
  /// `limits.attempts (naru.yaml:41:12): want 1..10, got 0`, or `not yet: budgets (naru.yaml:61)`.
  [[nodiscard]] std::string to_string() const;
  bool operator==(const problem&) const = default;
};

/// The few things that settings need of a disk. An interface so that tests and drafts read no real file.
class file_source {
 public:
  virtual ~file_source() = default;
  /// @return the bytes, at most `most`; an error's message is the system's reason ("No such file or directory", "larger than 1 MiB")
  [[nodiscard]] virtual result<std::string> read(const std::string& path, std::size_t most) = 0;
  /// Whether it could be opened for reading now. @return the system's reason when not
  [[nodiscard]] virtual result<bool> readable(const std::string& path) = 0;
  /// Files that match a glob, sorted. No match is an empty list.
  [[nodiscard]] virtual std::vector<std::string> glob(const std::string& pattern) = 0;
};
[[nodiscard]] std::shared_ptr<file_source> disk_files();

using environment = std::function<std::optional<std::string>(std::string_view name)>;
[[nodiscard]] environment process_environment();

struct load_options {
  std::string path;  ///< of the main file; empty: none, the defaults
  environment env = process_environment();
  std::shared_ptr<file_source> files = disk_files();
  std::optional<std::uint64_t> descriptor_limit;  ///< checked against limits.connections when given
};

struct loaded {
  std::shared_ptr<const settings> value;  ///< null exactly when there are errors
  std::vector<problem> errors;            ///< in the order of the files
  std::vector<problem> warnings;
  std::vector<std::string> files;  ///< everything to be watched: settings, includes and their patterns, ${file:...}, TLS files
  std::string hash;  ///< 16 hex digits over all settings files, the values that were filled in and the CA files; changes when a secret does
  [[nodiscard]] bool ok() const noexcept { return value != nullptr; }
};

/// Where the settings are: the argument of --config, else NARU_CONFIG, else ./naru.yaml, else /etc/naru/naru.yaml when it can be read.
/// @return empty: nowhere, which is fine. A path that was named is returned whether it exists or not.
[[nodiscard]] std::string discover(std::string_view argument, const environment& env, file_source& files);

/// Reads and checks everything; never throws for what an operator can write. Thread: any, but it reads files: not a shard's.
[[nodiscard]] loaded load(const load_options& options);

/// The same for a draft that stands in no file (POST /admin/config/check). `name` is what problems call it; includes and ${file:...} are
/// read relative to options.path's folder.
[[nodiscard]] loaded check_text(std::string_view text, const load_options& options, std::string_view name = "draft");

/// The settings as JSON, with secrets as *** and hashes of keys shortened.
[[nodiscard]] std::string print_redacted(const settings& s);

/// Every line of `errors`, one a line.
[[nodiscard]] std::string to_lines(const std::vector<problem>& problems);

}  // namespace naru::config
