#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace naru::test {

/// A folder of its own under the system's temporary folder, gone with the object.
class temp_dir {
 public:
  temp_dir();
  ~temp_dir();
  temp_dir(temp_dir&& other) noexcept;
  temp_dir& operator=(temp_dir&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Writes a file in it, making folders on the way. @return its path. Throws std::runtime_error when it cannot be written.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// The whole of a file. Throws std::runtime_error when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace naru::test
