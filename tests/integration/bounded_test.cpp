#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/integration/support.hpp"
#include "tests/integration/tiny_server.hpp"
#include "tests/support/seeded_random.hpp"

// What clients do to the gateway costs it bounded memory, and leaves nothing behind.
using namespace naru::test;

namespace {

constexpr std::size_t mib = 1024 * 1024;
/// How much more memory a gateway may have than before. One that was built with the address sanitizer, which shows in the terabytes that it
/// reserves, keeps what was freed for a while.
std::size_t slack(const child_process& gateway) {
  std::ifstream statm("/proc/" + std::to_string(gateway.pid()) + "/statm");
  std::size_t pages = 0;
  statm >> pages;
  const bool sanitized = pages > (std::size_t{1} << 40) / 4096;
  return (sanitized ? 32 : 6) * mib;
}

std::string chunked(std::string_view bytes) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

/// A vendor that pushes a stream of 200 MB as fast as it is taken.
class pusher {
 public:
  static constexpr std::size_t all = 200 * mib;
  [[nodiscard]] std::size_t sent() const noexcept { return sent_; }
  [[nodiscard]] bool hung_up() const noexcept { return hung_up_; }
  [[nodiscard]] unsigned short port() const noexcept { return server_.port(); }

 private:
  void serve(int fd) {
    (void)read_until(fd, "\r\n\r\n");
    const std::string frame = chunked(
        "data: "
        "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
        "\"" +
        std::string(16'000, 'x') + "\"},\"finish_reason\":null}]}\n\n");
    if (!write_all(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")) return;
    while (sent_ < all) {
      if (!write_all(fd, frame)) {
        hung_up_ = true;
        return;
      }
      sent_ += frame.size();
    }
  }
  std::atomic<std::size_t> sent_{0};
  std::atomic<bool> hung_up_{false};
  tiny_server server_{[this](int fd) { serve(fd); }};
};

}  // namespace

TEST_CASE("a slow reader costs bounded memory, and the vendor is made to wait", "[integration][bounded]") {
  pusher vendor;
  naru_process naru(listening_anywhere() + "providers:\n  v: {type: compatible, base_url: \"http://127.0.0.1:" +
                        std::to_string(vendor.port()) + "/v1\"}\n  local: off\n",
                    lean());
  const std::size_t before = naru.process().resident_bytes();
  http_client client(naru.port());
  client.send_request("POST", completions, {}, chat_stream("v/m"));
  CHECK(client.read_head().status == 200);
  REQUIRE(client.next_frame());

  // Until nothing has moved for a second: all buffers on the way are full.
  std::size_t last = 0;
  auto still_since = std::chrono::steady_clock::now();
  REQUIRE(eventually(
      [&] {
        const auto now = std::chrono::steady_clock::now();
        if (vendor.sent() != last) last = vendor.sent(), still_since = now;
        return now - still_since > std::chrono::seconds(1);
      },
      std::chrono::seconds(20)));
  CHECK(vendor.sent() < 32 * mib);  // the kernel's buffers, mostly
  CHECK(naru.process().resident_bytes() < before + slack(naru.process()));
  std::size_t read = 0;
  while (read < 40 * mib) {  // it moves on as soon as the client does
    const auto frame = client.next_frame();
    REQUIRE(frame);
    read += frame->data.size();
  }
  CHECK(naru.process().resident_bytes() < before + slack(naru.process()));
  client.close();
  CHECK(eventually([&] { return vendor.hung_up(); }, std::chrono::seconds(2)));
}

TEST_CASE("1,000 streams with random aborts leave no descriptor and no memory behind", "[integration][bounded]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "log: {access: off}\n"), lean());
  const auto one_stream = [&](std::size_t i) {
    auto random = seeded_random(i);
    const char* models[] = {"oa/a--sse-40x64", "an/a--sse-40x64", "go/a--sse-40x64", "oa/b--paced-40x400", "oa/c--slow-20"};
    http_client client(naru.port());
    client.send_request("POST", completions, {}, chat_stream(models[random() % 5]));
    const auto frames = random() % 50;
    if (frames > 0) (void)client.read_head();
    for (std::size_t f = 1; f < frames && client.next_frame(); ++f) {
    }
    client.close(random() % 2 == 0);
  };
  const auto quiet = [&] {
    return eventually(
        [&] { return metric(naru.admin_port(), "naru_inflight_requests") == 0.0 && metric(naru.admin_port(), "naru_connections") == 0.0; });
  };
  in_parallel(300, 8, one_stream);  // pools and arenas grow once
  REQUIRE(quiet());
  const std::size_t memory = naru.process().resident_bytes();
  const std::size_t files = naru.process().open_files();
  in_parallel(1000, 8, [&](std::size_t i) { one_stream(1000 + i); });
  REQUIRE(quiet());
  CHECK(naru.process().resident_bytes() < memory + slack(naru.process()));
  CHECK(naru.process().open_files() <= files + 8);  // idle connections kept to the mock
  CHECK(eventually([&] { return mock.stat("open") <= 40; }));
  CHECK(post(naru.port(), chat("oa/x--ok")).status == 200);
}
