#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace naru::test {

/// The real gateway, run beside the test with settings of its own.
class naru_process {
 public:
  struct options {
    std::map<std::string, std::string> environment;
    std::map<int, rlim_t> limits;
    std::vector<std::string> arguments;  ///< behind "serve --config FILE"
    std::chrono::milliseconds ready_within = std::chrono::seconds(30);
    std::string program = "naru";  ///< or a build of it with a planted defect
  };

  /// Writes `settings` (YAML) to a temporary folder, starts `naru serve` and waits until it says that it is ready. The settings should
  /// listen on port 0. Vendors' keys in this process's environment are not handed on. Throws std::runtime_error with what it printed when
  /// it does not get ready.
  explicit naru_process(std::string_view settings) : naru_process(settings, options{}) {}
  naru_process(std::string_view settings, const options& o);

  /// Ports, in the order of listen.traffic; the first.
  [[nodiscard]] unsigned short port() const { return ports_.at(0); }
  [[nodiscard]] const std::vector<unsigned short>& ports() const noexcept { return ports_; }
  [[nodiscard]] unsigned short admin_port() const noexcept { return admin_port_; }

  /// The folder with naru.yaml, also the place for certificates and stores.
  [[nodiscard]] const temp_dir& folder() const noexcept { return folder_; }
  /// Writes other settings in place of the old and sends SIGHUP. Does not wait.
  void reload(std::string_view settings);
  /// SIGTERM. @return how it ended; everything it printed stays in process().output()
  exit_state stop(std::chrono::milliseconds limit = std::chrono::seconds(10)) { return process_.stop(limit); }

  child_process& process() noexcept { return process_; }

 private:
  temp_dir folder_;
  child_process process_;
  std::vector<unsigned short> ports_;
  unsigned short admin_port_ = 0;
};

/// The head of settings that integration tests share: listeners on ports of the system's choice, one shard.
[[nodiscard]] std::string listening_anywhere();

}  // namespace naru::test
