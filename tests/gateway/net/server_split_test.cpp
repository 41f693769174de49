// Every request is cut at every byte, and fed byte by byte, through a connection on a stream that gives exactly those pieces: real
// sockets would join them as they like. What sockets do is in server_request_test.cpp.
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <deque>

#include "gateway/net/server_connection.hpp"
#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;

namespace {

/// Gives its pieces one a wait, then the end. Takes at most `take` bytes a write.
class scripted_stream final : public stream {
 public:
  scripted_stream(shard& home, std::deque<std::string> pieces, std::string& written, std::size_t take)
      : home_(home), pieces_(std::move(pieces)), written_(written), take_(take) {}

  task<> wait_readable() override {
    co_await asio::post(home_.get_executor(), asio::use_awaitable_t<executor>{});
    given_ = false;
    if (!open_) co_return fail(error_code::upstream_failed, "closed", {}, "closed");
    co_return result<void>{};
  }
  result<std::size_t> try_read(std::span<char> into) override {
    if (given_) return would_block;
    if (pieces_.empty()) return std::size_t{0};
    std::string& piece = pieces_.front();
    const std::size_t n = std::min(into.size(), piece.size());
    piece.copy(into.data(), n);
    piece.erase(0, n);
    if (piece.empty()) pieces_.pop_front(), given_ = true;
    return n;
  }
  result<std::size_t> try_write(std::span<const asio::const_buffer> buffers) override {
    std::string all;
    for (const auto& b : buffers) all.append(static_cast<const char*>(b.data()), b.size());
    const std::size_t n = std::min(take_, all.size());
    written_.append(all, 0, n);
    return n;
  }
  task<> write(std::span<const asio::const_buffer> buffers) override {
    co_await asio::post(home_.get_executor(), asio::use_awaitable_t<executor>{});
    home_.scratch()[0] = '!';  // what lies in the shard's memory does not survive a wait
    for (const auto& b : buffers) written_.append(static_cast<const char*>(b.data()), b.size());
    co_return result<void>{};
  }
  void shutdown_send() noexcept override { written_ += "<end>"; }
  void close() noexcept override { open_ = false; }
  [[nodiscard]] bool is_open() const noexcept override { return open_; }
  [[nodiscard]] std::string peer_address() const override { return "192.0.2.1"; }
  [[nodiscard]] bool peer_is_loopback() const noexcept override { return false; }
  [[nodiscard]] bool is_tls() const noexcept override { return false; }

 private:
  shard& home_;
  std::deque<std::string> pieces_;
  std::string& written_;
  std::size_t take_;
  bool given_ = false;
  bool open_ = true;
};

/// What the connection writes for these pieces; dates are blanked.
std::string answer_to(std::deque<std::string> pieces, request_handler handle = test::echo,
                      std::size_t take = static_cast<std::size_t>(-1)) {
  shard home{0};
  auto core = std::make_shared<server_core>();
  core->hooks.handle = std::move(handle);
  core->limits = std::make_shared<const server_limits>();
  core->rooms.emplace_back(home);
  std::string written;
  shard_room& room = core->rooms.front();
  auto c = std::make_shared<server_connection>(core, room, std::make_unique<scripted_stream>(home, std::move(pieces), written, take), "api",
                                               connection_place{room});
  home.spawn(c->run(c));
  c.reset();
  home.context().poll();
  REQUIRE(home.running() == 0);
  REQUIRE(room.connections == 0);
  REQUIRE(room.first == nullptr);
  for (auto at = written.find("date: "); at != std::string::npos; at = written.find("date: ", at + 6)) {
    written.erase(at, written.find("\r\n", at) + 2 - at);
  }
  return written;
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

asio::awaitable<void, executor> stream_three(std::shared_ptr<request>, response& out) {
  auto body = co_await out.start(200, {{"content-type", "text/event-stream"}}, "one");
  if (!body) co_return;
  if (auto sent = co_await body->send("two"); !sent) co_return;
  (void)co_await body->finish("three");
}

}  // namespace

TEST_CASE("requests give the same answers wherever their bytes are cut", "[server]") {
  const std::string get = "GET /v1/models?a=b HTTP/1.1\r\nHost: naru\r\nX-Long: " + std::string(40, 'x') + "\r\n\r\n";
  const std::string post = "POST /v1/chat HTTP/1.1\r\nHost: naru\r\nContent-Length: 11\r\n\r\nhello world";
  const std::string chunked =
      "POST /c HTTP/1.1\r\nHost: naru\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=\"a\"\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
  const std::string all = get + post + chunked + get;
  const std::string wanted =
      ok("GET /v1/models?a=b|") + ok("POST /v1/chat|hello world") + ok("POST /c|hello world") + ok("GET /v1/models?a=b|");
  REQUIRE(answer_to({all}) == wanted);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    INFO("cut at " << cut);
    REQUIRE(answer_to({all.substr(0, cut), all.substr(cut)}) == wanted);
  }
  std::deque<std::string> bytes;
  for (const char c : all) bytes.emplace_back(1, c);
  CHECK(answer_to(bytes) == wanted);
}

TEST_CASE("a refused request is refused wherever it is cut, and nothing behind it is read", "[server]") {
  const std::string bad =
      "POST /x HTTP/1.1\r\nHost: naru\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: "
      "naru\r\n\r\n";
  for (std::size_t cut = 1; cut < bad.size(); ++cut) {
    const auto written = answer_to({bad.substr(0, cut), bad.substr(cut)});
    INFO("cut at " << cut << ": " << written);
    REQUIRE(written.starts_with("HTTP/1.1 400 "));
    REQUIRE(written.find("connection: close\r\n") != std::string::npos);
    REQUIRE(written.find("200 OK") == std::string::npos);
    REQUIRE(written.ends_with("<end>"));
  }
}

TEST_CASE("an answer arrives whole however little the client takes at once", "[server]") {
  const std::string get = "GET /s HTTP/1.1\r\nHost: naru\r\n\r\n";
  const std::string streamed = answer_to({get}, stream_three);
  CHECK(streamed ==
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n");
  const std::string post = "POST /b HTTP/1.1\r\nHost: naru\r\nContent-Length: 200000\r\n\r\n" + std::string(200'000, 'b');
  const std::string large = answer_to({post});
  CHECK(large == ok("POST /b|" + std::string(200'000, 'b')));
  // The date is in what is cut, so offsets move by its length only: every cut of the first 300 bytes is tried.
  for (std::size_t take = 0; take < 300; ++take) {
    INFO("takes " << take);
    REQUIRE(answer_to({get}, stream_three, take) == streamed);
    if (take % 10 == 0) REQUIRE(answer_to({post}, test::echo, take) == large);
  }
}
