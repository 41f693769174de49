#include "tests/gateway/net/support.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace naru::net::test {
namespace {

std::string header_value(const std::string& head, std::string_view name) {
  const auto at = head.find(fmt::format("\r\n{}: ", name));
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

}  // namespace

client::client(std::uint16_t port, int receive_buffer) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  const int on = 1;
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer != 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) close();
}

client::~client() { close(); }

void client::close() {
  if (ssl_ != nullptr) SSL_free(std::exchange(ssl_, nullptr));
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void client::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void client::end_sending() { ::shutdown(fd_, SHUT_WR); }

bool client::start_tls(int max_version) {
  static SSL_CTX* const context = [] {  // one for all: what a test measures is connections
    SSL_CTX* c = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(c, 0);
    SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
    SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
    return c;
  }();
  ssl_ = SSL_new(context);
  if (max_version != 0) SSL_set_max_proto_version(ssl_, max_version);
  SSL_set_fd(ssl_, fd_);
  return SSL_connect(ssl_) == 1;
}

bool client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                   : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string client::receive(std::size_t most) {
  if (!buffer_.empty()) return std::exchange(buffer_, {});
  std::string out(most, '\0');
  errno = 0;
  const auto n = ssl_ != nullptr ? SSL_read(ssl_, out.data(), static_cast<int>(most)) : ::recv(fd_, out.data(), most, 0);
  if (n < 0 && errno == ECONNRESET) reset_ = true;
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

std::string client::receive_all() {
  std::string out;
  for (auto more = receive(); !more.empty(); more = receive()) out += more;
  return out;
}

bool client::ended() {
  receive_all();
  return errno != EAGAIN;
}

parsed_response client::read_response(bool to_head) {
  parsed_response out;
  std::string bytes;
  const auto more = [&] {
    const auto some = receive();
    bytes += some;
    return !some.empty();
  };
  std::size_t end = 0;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return out;
  }
  out.head = bytes.substr(0, end + 4);
  bytes.erase(0, end + 4);
  out.status = std::atoi(out.head.substr(9, 3).c_str());
  if (out.status == 100) {
    buffer_ = bytes;
    return out;
  }
  if (to_head || out.status == 204 || out.status == 304) {
    out.complete = true;
  } else if (out.says("transfer-encoding: chunked")) {
    for (;;) {
      while (bytes.find("\r\n") == std::string::npos) {
        if (!more()) return out;
      }
      const auto line = bytes.find("\r\n");
      const auto size = std::strtoul(bytes.c_str(), nullptr, 16);
      while (bytes.size() < line + 2 + size + 2) {
        if (!more()) return out.body += bytes.substr(line + 2), out;
      }
      out.body += bytes.substr(line + 2, size);
      bytes.erase(0, line + 2 + size + 2);
      if (size == 0) break;
    }
    out.complete = true;
  } else if (const auto length = header_value(out.head, "content-length"); !length.empty()) {
    const auto size = std::strtoul(length.c_str(), nullptr, 10);
    while (bytes.size() < size) {
      if (!more()) return out.body = bytes, out;
    }
    out.body = bytes.substr(0, size);
    bytes.erase(0, size);
    out.complete = true;
  } else {
    while (more()) {
    }
    out.body = std::exchange(bytes, {});
    out.complete = !reset_;
  }
  buffer_ = bytes;
  return out;
}

long make_certificate(const std::string& certificate_file, const std::string& key_file, const std::string& name) {
  static std::atomic<long> serial{::getpid() * 1000L};
  const long number = ++serial;
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* x = X509_new();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), number);
  X509_gmtime_adj(X509_getm_notBefore(x), -60);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key);
  X509_NAME* subject = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, subject);
  X509V3_CTX context;
  X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
  const auto extend = [&](int what, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, "critical,CA:TRUE");
  extend(NID_subject_alt_name, "DNS:" + name + (name == "localhost" ? ",IP:127.0.0.1" : ""));
  X509_sign(x, key, EVP_sha256());
  std::FILE* f = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(f, x);
  std::fclose(f);
  f = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(f);
  X509_free(x);
  EVP_PKEY_free(key);
  return number;
}

long served_serial(ssl_st* ssl) {
  X509* x = SSL_get1_peer_certificate(ssl);
  const long number = x != nullptr ? ASN1_INTEGER_get(X509_get0_serialNumber(x)) : -1;
  X509_free(x);
  return number;
}

scratch_folder::scratch_folder() {
  path_ = (std::filesystem::temp_directory_path() / "naru-net-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

running_server::running_server(request_handler handle, server_limits limits, std::size_t shards, std::shared_ptr<tls_server_context> tls,
                               head_check check, early_error_writer writer) {
  std::vector<shard*> bare;
  for (std::size_t i = 0; i < shards; ++i) {
    shards_.push_back(std::make_unique<shard>(i));
    bare.push_back(shards_.back().get());
  }
  server_ = std::make_unique<server>(bare, server_hooks{std::move(handle), std::move(check), std::move(writer)},
                                     std::make_shared<const server_limits>(limits));
  const auto port = server_->listen({.address = "127.0.0.1:0", .tag = "api", .tls = std::move(tls)});
  if (!port) throw std::runtime_error{port.error().message};
  port_ = *port;
  for (auto& s : shards_) s->start();
}

running_server::~running_server() {
  server_.reset();
  for (auto& s : shards_) s->stop();
  for (auto& s : shards_) s->join();
}

bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

bool comes_to_rest(const std::atomic<std::size_t>& count) {
  std::size_t before = 0;
  int same = 0;
  return eventually([&] {
    const std::size_t now = count;
    same = now > 0 && now == before ? same + 1 : 0;
    before = now;
    return same == 50;
  });
}

std::size_t open_descriptors() {
  std::size_t n = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++n;
  ::closedir(folder);
  return n - 3;  // ".", "..", the folder's own
}

std::size_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

asio::awaitable<void, executor> echo(std::shared_ptr<request> r, response& out) {
  const std::string text = fmt::format("{} {}|{}", r->method, r->target, r->body);
  (void)co_await out.send(200, {{"content-type", "text/plain"}}, text);
}

}  // namespace naru::net::test
