#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "config/load.hpp"

namespace naru::config {
namespace {

std::unexpected<error> system_failure() { return fail(error_code::not_found, std::strerror(errno)); }

class descriptor {
 public:
  explicit descriptor(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}  // a FIFO must not hang the start
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

class disk final : public file_source {
 public:
  result<std::string> read(const std::string& path, std::size_t most) override {
    const descriptor file(path);
    if (file.get() < 0) return system_failure();
    if (const auto good = is_file(file.get()); !good) return fail(good.error());
    std::string out;
    char part[16 * 1024];
    while (true) {
      const ssize_t n = ::read(file.get(), part, sizeof part);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_failure();
      if (n == 0) return out;
      out.append(part, static_cast<std::size_t>(n));
      if (out.size() > most) return fail(error_code::payload_too_large, "larger than " + std::to_string(most / 1024) + " KiB");
    }
  }

  result<bool> readable(const std::string& path) override {
    const descriptor file(path);
    if (file.get() < 0) return system_failure();
    return is_file(file.get());
  }

  std::vector<std::string> glob(const std::string& pattern) override {
    glob_t found{};
    std::vector<std::string> out;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) out.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    return out;
  }

 private:
  static result<bool> is_file(int fd) {
    struct stat about{};
    if (::fstat(fd, &about) != 0) return system_failure();
    if (!S_ISREG(about.st_mode)) return fail(error_code::not_found, "not a regular file");
    return true;
  }
};

}  // namespace

std::shared_ptr<file_source> disk_files() { return std::make_shared<disk>(); }

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

std::string discover(std::string_view argument, const environment& env, file_source& files) {
  if (!argument.empty()) return std::string(argument);
  if (const auto named = env("NARU_CONFIG"); named && !named->empty()) return *named;
  for (const std::string path : {"naru.yaml", "/etc/naru/naru.yaml"}) {
    // One that is there but cannot be read is an error to be told, not a reason to run without settings.
    const auto found = files.readable(path);
    if (found || found.error().message != std::strerror(ENOENT)) return path;
  }
  return {};
}

}  // namespace naru::config
