#include "local_backend/http/listener.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <type_traits>

namespace naru::local_backend {
namespace {

using unix_protocol = asio::local::stream_protocol;
using tcp = asio::ip::tcp;

template <class Protocol>
class protocol_listener final : public listener {
 public:
  using acceptor = asio::basic_socket_acceptor<Protocol, executor>;
  protocol_listener(acceptor a, std::string where, std::filesystem::path file)
      : acceptor_(std::move(a)), retry_(acceptor_.get_executor()), where_(std::move(where)), file_(std::move(file)) {}
  ~protocol_listener() override { close(); }

  [[nodiscard]] std::string where() const override { return where_; }
  void start(std::function<void(stream)> take) override {
    take_ = std::move(take);
    accept();
  }
  void close() noexcept override {
    if (!acceptor_.is_open()) return;
    boost::system::error_code ignored;  // closing a listening socket has nothing to lose
    acceptor_.close(ignored);
    retry_.cancel();
    std::error_code gone;  // somebody may have removed it
    if (!file_.empty()) std::filesystem::remove(file_, gone);
  }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code ec, asio::basic_stream_socket<Protocol, executor> peer) {
      if (ec == asio::error::operation_aborted) return;
      if (ec) {  // no descriptor left: wait for some to be closed rather than spin
        retry_.expires_after(std::chrono::milliseconds{100});
        retry_.async_wait([this](boost::system::error_code stopped) {
          if (!stopped) accept();
        });
        return;
      }
      if constexpr (std::is_same_v<Protocol, tcp>) {
        boost::system::error_code ignored;  // without it a stream's events come late, and that is all
        peer.set_option(tcp::no_delay{true}, ignored);
      }
      take_(stream{asio::basic_stream_socket<asio::generic::stream_protocol, executor>{std::move(peer)}});
      accept();
    });
  }

  acceptor acceptor_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> retry_;
  std::string where_;
  std::filesystem::path file_;
  std::function<void(stream)> take_;
};

/// Opens, binds and listens. @return what went wrong
template <class Acceptor, class Endpoint>
boost::system::error_code open(Acceptor& acceptor, const Endpoint& at) {
  boost::system::error_code ec;
  acceptor.open(at.protocol(), ec);
  if constexpr (!std::is_same_v<Endpoint, unix_protocol::endpoint>) {
    if (!ec) acceptor.set_option(asio::socket_base::reuse_address{true}, ec);
  }
  if (!ec) acceptor.bind(at, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  return ec;
}

/// Removes the socket of a worker that is gone. A worker that lives answers the connection.
result<void> clear_stale(asio::io_context& io, const std::filesystem::path& path) {
  struct stat st{};
  if (::lstat(path.c_str(), &st) != 0) return {};
  if (!S_ISSOCK(st.st_mode))
    return fail(error_code::conflict, fmt::format("--socket {}: there is a file that is no socket", path.string()));
  asio::basic_stream_socket<unix_protocol, executor> probe{io.get_executor()};
  boost::system::error_code ec;
  probe.connect(unix_protocol::endpoint{path.string()}, ec);
  if (!ec) return fail(error_code::conflict, fmt::format("--socket {}: another worker is serving there", path.string()));
  std::error_code bad;
  std::filesystem::remove(path, bad);
  if (bad) return fail(error_code::conflict, fmt::format("--socket {}: cannot remove the stale socket: {}", path.string(), bad.message()));
  return {};
}

}  // namespace

result<std::unique_ptr<listener>> listen_unix(asio::io_context& io, const std::filesystem::path& path) {
  if (auto clear = clear_stale(io, path); !clear) return fail(clear.error());
  asio::basic_socket_acceptor<unix_protocol, executor> acceptor{io.get_executor()};
  const auto before = ::umask(0177);  // the file must never be open to others, not even for a moment
  const auto ec = open(acceptor, unix_protocol::endpoint{path.string()});
  ::umask(before);
  if (ec) return fail(error_code::conflict, fmt::format("--socket {}: {}", path.string(), ec.message()));
  return std::make_unique<protocol_listener<unix_protocol>>(std::move(acceptor), path.string(), path);
}

result<std::unique_ptr<listener>> listen_address(asio::io_context& io, const std::string& host, std::uint16_t port) {
  const auto address = asio::ip::make_address(host);
  asio::basic_socket_acceptor<tcp, executor> acceptor{io.get_executor()};
  const auto ec = open(acceptor, tcp::endpoint{address, port});
  if (ec) return fail(error_code::conflict, fmt::format("--listen {}: {}", host, ec.message()));
  const auto taken = acceptor.local_endpoint().port();
  auto where = address.is_v6() ? fmt::format("[{}]:{}", host, taken) : fmt::format("{}:{}", host, taken);
  return std::make_unique<protocol_listener<tcp>>(std::move(acceptor), std::move(where), std::filesystem::path{});
}

}  // namespace naru::local_backend
