#include "gateway/app/settings_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>
#include <set>

namespace naru::app {

namespace asio = boost::asio;

struct settings_watch::impl : std::enable_shared_from_this<impl> {
  impl(asio::io_context& loop, std::function<void()> on_change)
      : events(loop, ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), settle(loop), changed(std::move(on_change)) {}

  static std::string folder_of(const std::string& file) {
    std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    std::error_code unknown;  // what cannot be looked at counts as absent
    while (folder.has_relative_path() && !std::filesystem::is_directory(folder, unknown)) folder = folder.parent_path();
    return folder.string();
  }

  void watch(const std::vector<std::string>& files) {
    std::set<std::string> folders;
    for (const auto& file : files) folders.insert(folder_of(file));
    if (folders == watched) return;
    for (const int id : ids) ::inotify_rm_watch(events.native_handle(), id);
    ids.clear();
    // A folder that cannot be watched (no permission, no watches left) leaves SIGHUP.
    for (const auto& folder : folders) {
      const int id = ::inotify_add_watch(events.native_handle(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE);
      if (id >= 0) ids.push_back(id);
    }
    watched = std::move(folders);
    soon();  // what has changed between the reading and this
  }

  void listen() {
    events.async_read_some(asio::buffer(buffer), [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
      if (ec) return;
      self->soon();
      self->listen();
    });
  }

  void soon() {
    settle.expires_after(std::chrono::milliseconds{200});
    settle.async_wait([self = shared_from_this()](boost::system::error_code ec) {
      if (!ec) self->changed();
    });
  }

  asio::posix::stream_descriptor events;
  asio::steady_timer settle;
  std::function<void()> changed;
  std::array<char, 4096> buffer{};
  std::vector<int> ids;
  std::set<std::string> watched;
};

settings_watch::settings_watch(asio::io_context& loop, std::function<void()> changed)
    : impl_(std::make_shared<impl>(loop, std::move(changed))) {
  impl_->listen();
}

settings_watch::~settings_watch() {
  boost::system::error_code ignored;  // closing what is gone anyway
  impl_->events.close(ignored);
  impl_->settle.cancel();
}

void settings_watch::watch(const std::vector<std::string>& files) { impl_->watch(files); }

}  // namespace naru::app
