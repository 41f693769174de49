#include "gateway/net/gather.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using namespace naru::net;

TEST_CASE("a gather says what is left after any sequence of steps, with empty buffers anywhere", "[gather]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> pieces(random() % 6);
    std::string whole;
    std::vector<boost::asio::const_buffer> buffers;
    for (auto& p : pieces) {
      p.resize(random() % 3 == 0 ? 0 : random() % 9);
      for (char& c : p) c = static_cast<char>('a' + random() % 26);
      whole += p;
    }
    for (const auto& p : pieces) buffers.emplace_back(p.data(), p.size());
    gather g{buffers};
    std::size_t at = 0;
    for (;;) {
      const std::string rest = whole.substr(at);
      REQUIRE(g.done() == rest.empty());
      REQUIRE(g.left() == rest.size());
      REQUIRE(g.left(3) == std::min<std::size_t>(3, rest.size()));
      const std::size_t want = random() % 12;
      std::string copied(want, '\0');
      copied.resize(g.copy({copied.data(), want}));
      REQUIRE(copied == rest.substr(0, want));
      std::array<boost::asio::const_buffer, 8> out;
      std::string sliced;
      for (std::size_t i = 0, n = g.slice(out, want); i < n; ++i) sliced.append(static_cast<const char*>(out[i].data()), out[i].size());
      REQUIRE(sliced == rest.substr(0, want));
      std::array<iovec, 8> io{};
      std::string gathered;
      for (std::size_t i = 0, n = g.pieces(io); i < n; ++i) gathered.append(static_cast<const char*>(io[i].iov_base), io[i].iov_len);
      REQUIRE(gathered == rest);
      REQUIRE(rest.starts_with(std::string_view{g.first().data(), g.first().size()}));
      if (rest.empty()) break;
      const std::size_t step = 1 + random() % 5;
      g.advance(step);
      at = std::min(at + step, whole.size());
    }
  }
}
