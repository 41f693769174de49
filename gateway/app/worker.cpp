#include "gateway/app/worker.hpp"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace naru::app {
namespace {

namespace fs = std::filesystem;

std::string beside_this_program(std::string_view name) {
  std::error_code ec;
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  return ec ? std::string(name) : (self.parent_path() / name).string();
}

}  // namespace

const config::provider* supervised_worker(const settings& s) noexcept {
  for (const auto& p : s.providers) {
    if (!p.off && p.local && !p.local->remote) return &p;
  }
  return nullptr;
}

upstream::worker_command worker_command(const config::local_model& local, const std::string& socket) {
  upstream::worker_command c;
  c.program = local.program.empty() ? beside_this_program("naru-worker") : local.program;
  const auto option = [&](std::string name, std::string value) {
    c.arguments.push_back(std::move(name));
    c.arguments.push_back(std::move(value));
  };
  option("--model", local.model);
  option("--socket", local.socket.empty() ? socket : local.socket);
  option("--sequences", std::to_string(local.sequences));
  if (local.context != 0) option("--context", std::to_string(local.context));
  if (local.threads != 0) option("--threads", std::to_string(local.threads));
  option("--queue", std::to_string(local.queue));
  option("--max-tokens", std::to_string(local.max_tokens));
  if (!local.chat_template.empty()) option("--chat-template", local.chat_template);
  option("--nice", std::to_string(local.nice));
  return c;
}

runtime_folder::runtime_folder() {
  std::error_code ec;
  const char* base = ::getenv("XDG_RUNTIME_DIR");
  std::string pattern =
      (base != nullptr && fs::is_directory(base, ec) ? std::string(base) : fs::temp_directory_path().string()) + "/naru-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "cannot make a folder for the worker's socket: " + pattern);
  path_ = pattern;
}

runtime_folder::~runtime_folder() {
  std::error_code left_behind;  // a temporary folder that cannot be removed is no reason to fail at the end
  fs::remove_all(path_, left_behind);
}

}  // namespace naru::app
