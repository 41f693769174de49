#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace naru::app {

/// Says when a file of the settings may have changed. Watches the folders that the files stand in, so that an editor's rename, a new
/// inode or a swapped symbolic link (a Kubernetes volume) is seen too. Several changes at once are one call, 200 ms after the last.
/// Thread: the control loop's.
class settings_watch {
 public:
  settings_watch(boost::asio::io_context& loop, std::function<void()> changed);
  ~settings_watch();
  /// Watches the folders of these files (or patterns of files) from now on, and no others. In the place of a folder that is not there: the
  /// nearest above it that is, so that its coming is seen. Where these are other folders than before, `changed` is called once more, for
  /// what happened before they were watched.
  void watch(const std::vector<std::string>& files);

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace naru::app
