#include "gateway/flow/services.hpp"

#include "gateway/flow/exchange.hpp"

namespace naru::flow {

void services::set_settings(const std::shared_ptr<const snapshot>& s) {
  // A count of references of this shard's own: exchanges of different cores would otherwise fight for one cache line.
  auto holder = std::make_shared<std::shared_ptr<const snapshot>>(s);
  settings_ = std::shared_ptr<const snapshot>(holder, holder->get());
}

void services::end_all() {
  const std::vector<exchange*> now(live_.begin(), live_.end());
  for (exchange* x : now) x->stop();
}

std::string services::make_request_id() {
  constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuv";
  std::string id = "req_";
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random();
    for (int i = 0; i < 12; ++i, bits >>= 5) id += letters[bits & 31];
  }
  return id;
}

}  // namespace naru::flow
