#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "config/load.hpp"

namespace {

/// Nothing is on this disk but a file that includes itself.
class no_files final : public naru::config::file_source {
 public:
  naru::result<std::string> read(const std::string& path, std::size_t) override {
    if (path.ends_with("self.yaml")) return std::string("include: [self.yaml]\nshards: 2\n");
    return naru::fail(naru::error_code::not_found, "No such file or directory");
  }
  naru::result<bool> readable(const std::string& path) override {
    if (path.size() % 2 == 0) return true;
    return naru::fail(naru::error_code::not_found, "No such file or directory");
  }
  std::vector<std::string> glob(const std::string& pattern) override { return {pattern + "self.yaml"}; }
};

}  // namespace

// Settings: any text gives settings or problems, never both and never neither, and what is printed of them is finite.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 64 * 1024) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  naru::config::load_options options;
  options.env = [](std::string_view name) -> std::optional<std::string> {
    if (name.size() % 2 == 0) return std::nullopt;
    return std::string("value");
  };
  options.files = std::make_shared<no_files>();
  options.descriptor_limit = 1024;
  const naru::config::loaded read = naru::config::check_text(text, options);
  if (read.ok() != read.errors.empty()) std::abort();
  if (naru::config::to_lines(read.errors).empty() != read.errors.empty()) std::abort();
  if (read.ok() && naru::config::print_redacted(*read.value).empty()) std::abort();
  return 0;
}
