#include "gateway/flow/exchange.hpp"

#include <algorithm>

namespace naru::flow {

const chat_request& choice::asked_of(std::size_t index, const chat_request& whole) const {
  const auto at = std::ranges::find(lessened, index, &std::pair<std::size_t, trimmed>::first);
  return at == lessened.end() ? whole : at->second.chat;
}

std::span<const std::string> choice::dropped_for(std::size_t index) const {
  const auto at = std::ranges::find(lessened, index, &std::pair<std::size_t, trimmed>::first);
  return at == lessened.end() ? std::span<const std::string>{} : at->second.dropped;
}

exchange::exchange(services& s, std::shared_ptr<net::request> r, net::response& out, const dialects::client_dialect& d, arrival how)
    : shared(s),
      request(std::move(r)),
      dialect(d),
      came(std::move(how)),
      settings(s.settings()),
      began(s.shard.time().now()),
      deadline(began + settings->deadline),
      answer_by(deadline),
      reply(std::make_shared<flow::reply>(s.shard, out, s.make_request_id())) {
  record.request_id = reply->request_id();
  record.at = s.shard.time().wall_now();
  record.bytes_in = request->body.size();
  record.api = came.api;
  shared.live_.insert(this);
  shared.lag_.watch();
}

exchange::~exchange() {
  request->on_disconnect({});
  shared.live_.erase(this);
}

void exchange::cancel() {
  if (canceled_) return;
  canceled_ = true;
  if (on_cancel) on_cancel();
}

void exchange::stop(error why) {
  if (canceled_) return;
  stopped_ = std::move(why);
  cancel();
}

}  // namespace naru::flow
