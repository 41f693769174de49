#include "gateway/flow/services.hpp"

#include "gateway/flow/exchange.hpp"

namespace naru::flow {

services::services(net::shard& s, upstream::gate& g)
    : shard(s), gate(g), random(std::random_device{}()), turn_(random()), lag_(s.time(), [this] {
        shed_resting();
        return !live_.empty();
      }) {}

void services::set_settings(const std::shared_ptr<const snapshot>& s) {
  // A count of references of this shard's own: exchanges of different cores would otherwise fight for one cache line.
  auto holder = std::make_shared<std::shared_ptr<const snapshot>>(s);
  settings_ = std::shared_ptr<const snapshot>(holder, holder->get());
}

void services::end_all() {
  const std::vector<exchange*> now(live_.begin(), live_.end());
  for (exchange* x : now)
    x->stop({error_code::shutting_down, "the gateway is being stopped", {}, "shutting_down", std::chrono::milliseconds{1000}});
}

resilience::shedding services::shedding() const {
  return resilience::what_to_shed(settings_->overload, {static_cast<std::uint32_t>(live_.size()), lag_.now()});
}

error services::overloaded(std::string_view limit) {
  const auto least = settings_->overload.retry_after;
  const auto wait = least + std::chrono::milliseconds{random() % static_cast<std::uint64_t>(least.count() + 1)};
  return {error_code::overloaded, "the gateway is at its limit; try again a little later", "overload." + std::string(limit), "overloaded",
          wait};
}

std::optional<error> services::turn_away(std::string_view retry_count) {
  const auto shed = shedding();
  const bool stays = shed.level == resilience::shed_level::none ||
                     (shed.level == resilience::shed_level::retrying && !resilience::will_retry(retry_count));
  return stays ? std::nullopt : std::optional(overloaded(shed.limit));
}

void services::shed_resting() {
  const auto shed = shedding();
  if (shed.level != resilience::shed_level::resting) return;
  const std::vector<exchange*> now(live_.begin(), live_.end());
  for (exchange* x : now) {
    if (!x->resting || x->reply->head_sent()) continue;
    x->record.shed = shed.limit;
    x->stop(overloaded(shed.limit));
  }
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
