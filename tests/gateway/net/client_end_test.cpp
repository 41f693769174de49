#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <thread>

#include "tests/gateway/net/client_support.hpp"

// Exchanges that are given up: by a cancel, by their owner, by the end of the shard.
using namespace client_test;
using nothing = net::asio::awaitable<void, net::executor>;

TEST_CASE("a cancel is seen by the server at once, and ends what waits", "[client]") {
  struct row {
    std::string first;  ///< what the server says before it stalls
    std::string told;
  };
  for (const row& r : {row{"", "error:canceled"}, row{"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", "read:canceled"}}) {
    std::promise<bool> closed;
    bool seen = false;
    std::promise<void> stalls;
    scripted_server server{{[&](peer& p) {
      p.read_request();
      p.say(r.first);
      p.client_has_read();
      stalls.set_value();
      closed.set_value(p.client_closes());
    }}};
    bench b;
    std::string told;
    std::unique_ptr<client::exchange> x;
    std::thread canceler([&] {
      stalls.get_future().get();
      b.home().post([&] { x->cancel(); });
    });
    b.run([&]() -> nothing {
      x = std::make_unique<client::exchange>(b.pool().open(server.origin()));
      client::outgoing request;
      request.path = "/";
      auto head = co_await x->send(request, {});
      if (!head) {
        told = "error:" + head.error().reason;
        CHECK(head.error().code == naru::error_code::canceled);
      } else {
        auto piece = co_await x->read_body();
        told = piece ? "read" : "read:" + piece.error().reason;
        auto later = co_await x->read_body();
        CHECK_FALSE(later);
        CHECK(later.error().reason == "canceled");
      }
      seen = closed.get_future().get();  // and not only when the exchange goes
      x.reset();
    });
    canceler.join();
    CHECK(told == r.told);
    CHECK(seen);
  }
}

TEST_CASE("canceling while a connection is being made, before sending and after the end", "[client]") {
  // A proxy and a TLS server that take the connection and say nothing.
  for (const bool through_proxy : {true, false}) {
    std::promise<bool> spoken;
    std::promise<bool> closed;
    scripted_server silent{{[&](peer& p) {
      spoken.set_value(p.client_speaks());
      closed.set_value(p.client_closes());
    }}};
    auto origin = std::make_shared<client::origin>(*silent.origin());
    if (through_proxy) {
      origin->via = client::proxy{"127.0.0.1", silent.port(), ""};
    } else {
      origin->tls = *net::tls_client_context::load({own_certificates().ca_file});
    }
    bench b;
    std::unique_ptr<client::exchange> x;
    std::string told;
    std::thread canceler([&] {
      CHECK(spoken.get_future().get());
      b.home().post([&] { x->cancel(); });
    });
    b.run([&]() -> nothing {
      x = std::make_unique<client::exchange>(b.pool().open(origin));
      client::outgoing request;
      request.path = "/";
      auto head = co_await x->send(request, {});
      told = head ? "answer" : head.error().reason;
      x.reset();
    });
    canceler.join();
    CHECK(told == "canceled");
    CHECK(closed.get_future().get());
  }
  scripted_server server{{answer(hello)}};
  bench b;
  b.run([&]() -> nothing {
    auto before = b.pool().open(server.origin());
    before.cancel();
    client::outgoing request;
    request.path = "/";
    auto head = co_await before.send(request, {});
    CHECK((!head && head.error().reason == "canceled"));
    auto after = b.pool().open(server.origin());
    CHECK(co_await after.send(request, {}));
    CHECK(co_await after.read_all(10));
    after.cancel();
    auto piece = co_await after.read_body();
    CHECK((piece && piece->empty()));
  });
  CHECK(server.connections() == 1);
}

TEST_CASE("five hundred exchanges given up at every stage leave no descriptor", "[client]") {
  scripted_server server{{[](peer& p) {
    p.read_head();
    p.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    p.client_closes();
  }}};
  bench b;
  const auto origin = server.origin();
  b.run([&]() -> nothing {  // c-ares, timers and the like have what they need from here on
    auto x = b.pool().open(origin);
    client::outgoing request;
    request.path = "/";
    CHECK(co_await x.send(request, {}));
  });
  REQUIRE(eventually([&] { return b.home().running() == 0 && server.finished() == 1; }));
  const auto before = open_descriptors();
  for (int i = 0; i < 500; ++i) {
    b.run([&]() -> nothing {
      auto x = b.pool().open(origin);
      if (i % 5 == 0) co_return;
      client::outgoing request;
      request.path = "/";
      client::timeouts limits;
      if (i % 5 == 1) limits.total = naru::deadline{std::chrono::steady_clock::now()};
      auto head = co_await x.send(request, limits);
      if (i % 5 == 2 || !head) co_return;
      CHECK(co_await x.read_body());
      if (i % 5 == 3) co_return;
      x.cancel();
      CHECK_FALSE(co_await x.read_body());
    });
  }
  INFO(before);
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE("a shard that is stopped under waiting exchanges lets go of everything", "[client]") {
  const auto before = open_descriptors();
  {
    std::atomic<int> waiting{0};
    scripted_server stalls{{[&](peer& p) {
      p.read_head();
      p.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      if (p.client_has_read()) ++waiting;
      p.client_closes();
    }}};
    scripted_server silent{{[&](peer& p) {
      if (p.client_speaks()) ++waiting;
      p.client_closes();
    }}};
    auto handshake = std::make_shared<client::origin>(*silent.origin());
    handshake->tls = *net::tls_client_context::load({own_certificates().ca_file});
    auto tunnel = std::make_shared<client::origin>(*silent.origin());
    tunnel->via = client::proxy{"127.0.0.1", silent.port(), ""};
    auto nameless = std::make_shared<client::origin>();
    nameless->host = "waits.test";
    // A DNS server that never answers: a socket nobody reads.
    const int deaf = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof a;
    REQUIRE(::bind(deaf, reinterpret_cast<sockaddr*>(&a), length) == 0);
    ::getsockname(deaf, reinterpret_cast<sockaddr*>(&a), &length);
    client::dns_options dns;
    dns.servers = "127.0.0.1:" + std::to_string(ntohs(a.sin_port));
    {
      bench b{{}, dns};
      std::atomic<int> ended{0};
      b.run([&]() -> nothing {
        for (const auto& origin : {stalls.origin(), silent.origin(), handshake, tunnel, nameless}) {
          b.home().spawn([](bench& owner, std::shared_ptr<client::origin> to, std::atomic<int>& count) -> nothing {
            auto x = owner.pool().open(to);
            client::outgoing request;
            request.path = "/";
            if (co_await x.send(request, {})) (void)co_await x.read_all(1000);
            ++count;
          }(b, origin, ended));
        }
        co_return;
      });
      REQUIRE(eventually([&] { return waiting == 4; }));
      pollfd asked{deaf, POLLIN, 0};
      REQUIRE(::poll(&asked, 1, 5000) == 1);
      CHECK(ended == 0);
    }
    ::close(deaf);
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}
