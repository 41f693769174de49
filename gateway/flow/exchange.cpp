#include "gateway/flow/exchange.hpp"

namespace naru::flow {

exchange::exchange(services& s, std::shared_ptr<net::request> r, net::response& out, const dialects::client_dialect& d)
    : shared(s),
      request(std::move(r)),
      dialect(d),
      settings(s.settings()),
      began(s.shard.time().now()),
      deadline(began + settings->deadline),
      answer_by(deadline),
      reply(std::make_shared<flow::reply>(s.shard, out, s.make_request_id())) {
  record.request_id = reply->request_id();
  record.at = s.shard.time().wall_now();
  record.bytes_in = request->body.size();
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
