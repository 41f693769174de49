#pragma once
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "gateway/upstream/supervisor.hpp"

namespace naru::app {

/// The provider whose worker is started here; null when local is off or elsewhere.
[[nodiscard]] const config::provider* supervised_worker(const settings& s) noexcept;

/// The command line of its worker. @param socket  where it is to listen
[[nodiscard]] upstream::worker_command worker_command(const config::local_model& local, const std::string& socket);

/// A folder for the worker's socket that only this user can enter; removed with what is in it at the end.
class runtime_folder {
 public:
  runtime_folder();  ///< throws std::system_error
  ~runtime_folder();
  runtime_folder(const runtime_folder&) = delete;
  runtime_folder& operator=(const runtime_folder&) = delete;
  [[nodiscard]] std::string socket() const { return path_ + "/worker.sock"; }

 private:
  std::string path_;
};

}  // namespace naru::app
