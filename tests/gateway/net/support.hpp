#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/server.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/tls_context.hpp"

struct ssl_st;
struct ssl_ctx_st;

/// What the tests of gateway/net share: a blocking client (plain or TLS), certificates, a server on its shards.
namespace naru::net::test {

/// Whether this build carries a sanitizer, whose memory would be measured instead of ours.
#if defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

struct parsed_response {
  int status = 0;
  std::string head;       ///< with the blank line
  std::string body;       ///< unchunked
  bool complete = false;  ///< false: the connection ended inside of it
  [[nodiscard]] bool says(std::string_view line) const { return head.find(line) != std::string::npos; }
};

/// A client that waits; every wait ends after 10 s (then reads say "nothing").
class client {
 public:
  explicit client(std::uint16_t port, int receive_buffer = 0);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// TLS without verification unless `ca` is given. @return false when the handshake fails
  bool start_tls(int max_version = 0);
  bool send(std::string_view bytes);
  /// Some bytes; empty at the end, a reset or after 10 s.
  std::string receive(std::size_t most = 65536);
  parsed_response read_response(bool to_head = false);
  std::string receive_all();
  /// True when the other side has ended or reset the connection, after what it sent has been thrown away.
  bool ended();
  [[nodiscard]] bool was_reset() const noexcept { return reset_; }
  void close();
  void reset();
  void end_sending();
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] ssl_st* ssl() const noexcept { return ssl_; }

 private:
  int fd_;
  ssl_st* ssl_ = nullptr;
  std::string buffer_;
  bool reset_ = false;
};

/// Writes a fresh self-signed certificate for localhost and 127.0.0.1 (EC P-256). @return its serial number
long make_certificate(const std::string& certificate_file, const std::string& key_file, const std::string& name = "localhost");
long served_serial(ssl_st* ssl);

/// A folder that goes with the test.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string{name}; }

 private:
  std::string path_;
};

/// A server on `shards` running shards, listening on 127.0.0.1.
class running_server {
 public:
  explicit running_server(request_handler handle, server_limits limits = {}, std::size_t shards = 1,
                          std::shared_ptr<tls_server_context> tls = nullptr, head_check check = {}, early_error_writer writer = {});
  ~running_server();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  server* operator->() noexcept { return server_.get(); }
  shard& first_shard() noexcept { return *shards_.front(); }

 private:
  std::vector<std::unique_ptr<shard>> shards_;
  std::unique_ptr<server> server_;
  std::uint16_t port_ = 0;
};

/// Polls every millisecond for at most 10 s.
bool eventually(const std::function<bool()>& condition);
/// Waits until a count is above 0 and does not grow any more: 50 looks in a row, a millisecond apart, have shown the same; at most 10 s.
bool comes_to_rest(const std::atomic<std::size_t>& count);
std::size_t open_descriptors();
std::size_t resident_bytes();

/// Answers 200 with "METHOD target|body" and counts.
asio::awaitable<void, executor> echo(std::shared_ptr<request> r, response& out);

}  // namespace naru::net::test
