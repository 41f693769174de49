#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "tests/gateway/net/client_support.hpp"
#include "tests/gateway/net/stepped_clock.hpp"

using namespace client_test;
using namespace std::chrono_literals;
using nothing = net::asio::awaitable<void, net::executor>;

namespace {

struct record {
  std::vector<std::string> v4, v6;
  unsigned ttl = 60;
  bool silent = false;
};

/// A DNS server on loopback that knows a few names; others do not exist.
class name_server {
 public:
  explicit name_server(std::map<std::string, record> records) : records_(std::move(records)), fd_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof a;
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&a), length) != 0) throw std::runtime_error("bind");
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&a), &length);
    port_ = ntohs(a.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~name_server() {
    stop_ = true;
    thread_.join();
    ::close(fd_);
  }
  [[nodiscard]] client::dns_options options() const {
    client::dns_options o;
    o.servers = "127.0.0.1:" + std::to_string(port_);
    return o;
  }
  std::atomic<int> questions{0};

 private:
  void serve() {
    while (!stop_) {
      pollfd p{fd_, POLLIN, 0};
      if (::poll(&p, 1, 20) <= 0) continue;
      char bytes[1500];
      sockaddr_in from{};
      socklen_t length = sizeof from;
      const auto n = ::recvfrom(fd_, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &length);
      if (n < 17) continue;
      ++questions;
      const std::string reply = answer({bytes, static_cast<std::size_t>(n)});
      if (!reply.empty()) ::sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
    }
  }

  std::string answer(const std::string& question) {
    std::string name;
    std::size_t at = 12;
    while (at < question.size() && question[at] != 0) {
      const auto n = static_cast<unsigned char>(question[at]);
      if (!name.empty()) name += '.';
      name += question.substr(at + 1, n);
      at += n + 1u;
    }
    const std::string asked = question.substr(12, at + 5 - 12);
    const int type = static_cast<unsigned char>(question[at + 2]);
    const auto known = records_.find(name);
    if (known != records_.end() && known->second.silent) return {};
    const bool v6 = type == 28;
    const auto& all = known == records_.end() ? none_ : v6 ? known->second.v6 : known->second.v4;
    std::string out = question.substr(0, 2);
    out += '\x81';
    out += static_cast<char>(0x80 | (known == records_.end() ? 3 : 0));  // NXDOMAIN
    out += std::string{"\0\1\0", 3} + static_cast<char>(all.size()) + std::string(4, '\0') + asked;
    for (const auto& text : all) {
      const unsigned ttl = known->second.ttl;
      out += std::string{"\xc0\x0c\0", 3} + static_cast<char>(type) + std::string{"\0\1", 2};
      for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(ttl >> shift & 0xff);
      char raw[16];
      ::inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), raw);
      out += std::string{"\0", 1} + static_cast<char>(v6 ? 16 : 4) + std::string{raw, v6 ? 16u : 4u};
    }
    return out;
  }

  std::map<std::string, record> records_;
  const std::vector<std::string> none_;
  int fd_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// "127.0.0.1 ::1", or "error: message".
std::string look_up(bench& b, const std::string& host) {
  std::string told;
  b.run([&]() -> nothing {
    client::breaker stop;
    auto found = co_await b.names().resolve(host, stop);
    if (!found) {
      told = "error " + found.error().reason + ": " + found.error().message;
      co_return;
    }
    for (const auto& a : *found) told += (told.empty() ? "" : " ") + net::address_text(a.storage);
  });
  return told;
}

}  // namespace

TEST_CASE("literals and localhost need no server", "[client][dns]") {
  name_server server{{}};
  bench b{{}, server.options()};
  CHECK(look_up(b, "10.1.2.3") == "10.1.2.3");
  CHECK(look_up(b, "::1") == "::1");
  CHECK(look_up(b, "localhost") == "127.0.0.1 ::1");
  CHECK(look_up(b, "a.LOCALHOST.") == "127.0.0.1 ::1");
  CHECK(server.questions == 0);
}

TEST_CASE("a name of /etc/hosts is found there", "[client][dns]") {
  std::ifstream hosts{"/etc/hosts"};
  std::string line, address, name;
  while (std::getline(hosts, line)) {
    std::istringstream words{line.substr(0, line.find('#'))};
    std::string a, n;
    if (words >> a >> n && n.find("localhost") == n.npos && a.find(':') == a.npos) {
      address = a;
      name = n;
    }
  }
  if (name.empty()) {
    WARN("/etc/hosts names nothing but localhost: not tested");
    return;
  }
  name_server server{{}};
  bench b{{}, server.options()};
  CHECK_THAT(look_up(b, name), Catch::Contains(address));
  CHECK(server.questions == 0);
}

TEST_CASE("both families are asked for, taken in turn, and kept for their time", "[client][dns]") {
  name_server server{{{"up.test", {{"127.0.0.1", "127.0.0.2"}, {"::1"}, 60, false}}}};
  bench b{{}, server.options()};
  const std::string found = look_up(b, "up.test");
  CHECK_THAT(found, Catch::Contains("127.0.0.1") && Catch::Contains("127.0.0.2") && Catch::Contains("::1"));
  CHECK_THAT(found, !Catch::EndsWith("::1"));  // not both of one family first
  CHECK(server.questions == 2);
  for (int i = 0; i < 10; ++i) CHECK(look_up(b, "up.test") == found);
  CHECK(server.questions == 2);
  CHECK(b.names().lookups() == 1);
}

TEST_CASE("a short TTL is kept for a second at least, then asked again", "[client][dns]") {
  name_server server{{{"short.test", {{"127.0.0.1"}, {}, 0, false}}}};
  auto made = std::make_unique<naru::net::test::stepped_clock>();
  auto& time = *made;
  bench b{{}, server.options(), std::move(made)};
  CHECK(look_up(b, "short.test") == "127.0.0.1");
  time.step(b.home(), 999ms);
  CHECK(look_up(b, "short.test") == "127.0.0.1");
  CHECK(b.names().lookups() == 1);
  time.step(b.home(), 1ms);
  CHECK(look_up(b, "short.test") == "127.0.0.1");
  CHECK(b.names().lookups() == 2);
}

TEST_CASE("those who ask for one name at one time share one look-up", "[client][dns]") {
  name_server server{{{"up.test", {{"127.0.0.1"}, {}, 60, false}}}};
  bench b{{}, server.options()};
  std::atomic<int> found{0};
  b.run([&]() -> nothing {
    for (int i = 0; i < 20; ++i) {
      b.home().spawn([](bench& owner, std::atomic<int>& count) -> nothing {
        client::breaker stop;
        auto a = co_await owner.names().resolve("up.test", stop);
        if (a && a->size() == 1) ++count;
      }(b, found));
    }
    co_return;
  });
  CHECK(eventually([&] { return found == 20; }));
  CHECK(b.names().lookups() == 1);
}

TEST_CASE("a name that does not exist is an error that names it, believed for a second", "[client][dns]") {
  name_server server{{}};
  bench b{{}, server.options()};
  CHECK_THAT(look_up(b, "gone.test"), Catch::StartsWith("error dns: ") && Catch::Contains("gone.test"));
  CHECK_THAT(look_up(b, "gone.test"), Catch::StartsWith("error dns: "));
  CHECK(b.names().lookups() == 1);
  auto origin = std::make_shared<client::origin>();
  origin->host = "gone.test";
  const outcome o = fetch(b, origin);
  CHECK(o.told == "error:dns");
  CHECK_THAT(o.message, !Catch::Contains("gone.test"));
  CHECK_THAT(look_up(b, "bad..name"), Catch::StartsWith("error dns: "));
}

TEST_CASE("a server that is silent is given up, and whoever stops waiting earlier is free at once", "[client][dns]") {
  name_server server{{{"silent.test", {{}, {}, 0, true}}, {"silent-too.test", {{}, {}, 0, true}}}};
  auto options = server.options();
  options.query_timeout = 100ms;
  options.tries = 2;
  bench b{{}, options};
  auto origin = std::make_shared<client::origin>();
  origin->host = "silent.test";
  client::timeouts limits;
  limits.connect = 50ms;
  CHECK(fetch(b, origin, limits).told == "error:connect_timeout");
  CHECK_THAT(look_up(b, "silent.test"), Catch::StartsWith("error dns: "));
  CHECK(b.names().lookups() == 1);
  // One that is still under way when everything is closed.
  limits.connect = 20ms;
  auto other = std::make_shared<client::origin>();
  other->host = "silent-too.test";
  CHECK(fetch(b, other, limits).told == "error:connect_timeout");
}

TEST_CASE("the next address is tried when one refuses", "[client][dns]") {
  scripted_server server{{[](peer& p) {
    p.read_request();
    p.say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
  }}};
  // Nobody listens on 127.0.0.2 and 127.0.0.3.
  name_server names{{{"many.test", {{"127.0.0.2", "127.0.0.3", "127.0.0.1"}, {}, 60, false}}}};
  bench b{{}, names.options()};
  CHECK(fetch(b, server.origin("many.test")).told == "200:hi");
}
