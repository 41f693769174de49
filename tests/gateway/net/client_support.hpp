#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/net/client/pool.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/tls_context.hpp"

/// What the tests of the connecting side share: a server that does as it is told, a shard with a pool on it, self-made certificates.
/// None of them sleeps to let something happen: they wait for what the other side has seen.
namespace client_test {

namespace net = naru::net;
namespace client = naru::net::client;

struct certificates {
  std::string ca_file;    ///< the authority that signed
  std::string cert_file;  ///< for "localhost" and 127.0.0.1
  std::string key_file;
};
/// Two independent authorities with a certificate each, in a temporary folder that goes with the process.
const certificates& own_certificates();
const certificates& foreign_certificates();
/// Signed by the own authority for "other.example" only.
const certificates& other_name_certificates();

/// The server's end of one connection, blocking, on the server's thread.
class peer {
 public:
  explicit peer(int fd) : fd_(fd) {}
  ~peer();
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  bool start_tls(const certificates& c);  ///< false when the handshake failed
  std::string read_request();             ///< head and content-length body; shorter when the client left
  std::string read_head();
  void say(std::string_view bytes);
  void say_slowly(std::string_view bytes);  ///< a write (and a packet) for each byte
  void reset();                             ///< closes with RST
  void close();
  /// Waits for the client's closing, at most 5 s. @return whether it closed
  bool client_closes() { return closes_within(std::chrono::seconds{5}); }
  bool closes_within(std::chrono::milliseconds time);
  /// Waits until something of the client is there to be read, at most 5 s. @return whether it is
  bool client_speaks();
  /// Waits until all that was said lies in the client's socket, at most 5 s. @return whether it does
  bool client_has_received();
  /// Waits until the client has taken all that was said out of its socket (a reset would throw away what it has not), or has closed; at
  /// most 5 s. @return whether it has
  bool client_has_read();
  /// Writes until nothing has gone for 300 ms or `limit` is reached. @return bytes written
  std::size_t flood(std::size_t limit);
  [[nodiscard]] int fd() const { return fd_; }

 private:
  std::string read_until(std::function<bool(const std::string&)> enough);
  long read_some(char* into, std::size_t n);
  int fd_;
  void* ssl_ = nullptr;
};

using script = std::function<void(peer&)>;

inline const std::string hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
/// Reads one request and says these bytes.
script answer(std::string bytes);
/// @param window  zlib's windowBits: 31 gzip, 15 zlib, -15 bare deflate
std::string gzipped(const std::string& text, int window = 31);
/// 200 with these header lines, a length and the body.
std::string with_length(const std::string& headers, const std::string& body);

/// Listens on 127.0.0.1; connection number i runs script i, further ones the last. Each on a thread of its own.
class scripted_server {
 public:
  explicit scripted_server(std::vector<script> scripts);
  ~scripted_server();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::size_t connections();
  [[nodiscard]] std::size_t finished() const { return finished_; }  ///< connections whose script has ended, and which are closed
  [[nodiscard]] std::shared_ptr<client::origin> origin(const std::string& host = "127.0.0.1") const;

 private:
  void accept_all();
  std::vector<script> scripts_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::size_t connections_ = 0;
  std::atomic<std::size_t> finished_{0};
  std::thread acceptor_;
};

/// A shard with a resolver and a pool; what is run on it is waited for.
class bench {
 public:
  /// @param time  null: the real one
  explicit bench(client::pool_options options = {}, client::dns_options dns = {}, std::unique_ptr<net::clock> time = nullptr);
  ~bench();
  net::shard& home() { return shard_; }
  client::pool& pool() { return *pool_; }
  client::resolver& names() { return *names_; }
  client::pool_counts counts();
  void run(std::function<net::asio::awaitable<void, net::executor>()> work);

 private:
  net::shard shard_;
  std::shared_ptr<client::resolver> names_;
  std::unique_ptr<client::pool> pool_;
};

/// What an exchange came to, as one text: "200:body", "error:reason" or "200:partial|error:reason".
struct outcome {
  std::string told;
  std::string message;
  bool reused = false;
};
outcome fetch(bench& b, std::shared_ptr<const client::origin> to, client::timeouts limits = {}, std::string body = "{}");

std::size_t open_descriptors();
/// Looks at `holds` until it does, at most 5 s.
bool eventually(const std::function<bool()>& holds);

}  // namespace client_test
