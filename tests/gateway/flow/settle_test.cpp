#include <catch2/catch.hpp>
#include <map>

#include "gateway/flow/steps.hpp"
#include "tests/gateway/flow/house.hpp"

using namespace naru;
using namespace naru::flow::test;

namespace {

observe::attempt_record call(std::uint64_t input, std::uint64_t output, std::uint64_t nano, bool known = true) {
  observe::attempt_record a;
  a.usage.input = {input};
  a.usage.output = {output};
  a.usage.cached = {1};
  a.charge.amount = {nano};
  a.charge.known = known;
  a.duration = std::chrono::microseconds{10};
  return a;
}

/// What is settled for an exchange that made these calls and ended so. Nothing runs: the exchange has a connection only because it needs
/// one.
observe::exchange_record settled(std::vector<observe::attempt_record> calls, const result<void>& end) {
  net::shard shard(0);
  upstream::gate gate(shard);
  flow::services services(shard, gate);
  services.set_settings(snapshot_builder().build());
  std::vector<observe::exchange_record> out;
  services.settled = [&](const observe::exchange_record& r) { out.push_back(r); };
  std::atomic<bool> done{false};
  net::server server({&shard},
                     {.handle = [&](std::shared_ptr<net::request> r, net::response& answer) -> coroutine {
                        {
                          flow::exchange x(services, std::move(r), answer, dialects::openai_chat::client());
                          x.record.attempts = calls;
                          (void)co_await x.reply->send(202, "text/plain", "four");
                          flow::settle(x, end);
                        }
                        done = true;
                      },
                      .check_head = {},
                      .early_error = {}},
                     std::make_shared<const net::server_limits>());
  const auto port = server.listen({.address = "127.0.0.1:0", .tag = {}, .tls = nullptr});
  REQUIRE(port.has_value());
  shard.start();
  CHECK(naru::test::ask(*port, "GET", "/").status == 202);
  REQUIRE(eventually([&] { return done.load(); }));
  server.abort_all();
  shard.stop();
  shard.join();
  REQUIRE(out.size() == 1);
  return out.front();
}

}  // namespace

TEST_CASE("what is settled is the sum of all calls", "[flow][settle]") {
  const auto r = settled({call(10, 1, 5), call(20, 2, 7)}, {});
  CHECK(r.usage.input == tokens{30});
  CHECK(r.usage.output == tokens{3});
  CHECK(r.usage.cached == tokens{2});
  CHECK(r.cost == nano_usd{12});
  CHECK(r.cost_known);
  CHECK(r.status == 202);
  CHECK(r.bytes_out == 4);
  CHECK(r.outcome == observe::outcome::ok);
  CHECK_FALSE(r.error);
  CHECK(r.overhead <= r.duration);
}

TEST_CASE("one call of unknown price makes the whole cost unknown", "[flow][settle]") {
  CHECK_FALSE(settled({call(1, 1, 1, false), call(1, 1, 1)}, {}).cost_known);
}

TEST_CASE("each error is an outcome", "[flow][settle]") {
  const std::map<error_code, observe::outcome> wanted{{error_code::bad_request, observe::outcome::client_error},
                                                      {error_code::unauthorized, observe::outcome::client_error},
                                                      {error_code::not_found, observe::outcome::client_error},
                                                      {error_code::context_too_long, observe::outcome::client_error},
                                                      {error_code::forbidden, observe::outcome::policy_denied},
                                                      {error_code::rate_limited, observe::outcome::policy_denied},
                                                      {error_code::nothing_cleared, observe::outcome::policy_denied},
                                                      {error_code::payment_required, observe::outcome::policy_denied},
                                                      {error_code::upstream_failed, observe::outcome::upstream_error},
                                                      {error_code::upstream_timeout, observe::outcome::upstream_error},
                                                      {error_code::stream_broken, observe::outcome::upstream_error},
                                                      {error_code::nothing_available, observe::outcome::upstream_error},
                                                      {error_code::upstream_limited, observe::outcome::upstream_error},
                                                      {error_code::internal, observe::outcome::upstream_error},
                                                      {error_code::canceled, observe::outcome::canceled}};
  for (const auto& [code, outcome] : wanted) {
    CAPTURE(to_string(code));
    const auto r = settled({}, fail(code, "m"));
    CHECK(r.outcome == outcome);
    CHECK(r.error == code);
    CHECK(r.status == (code == error_code::canceled ? 499 : 202));
  }
}
