#include "gateway/flow/steps.hpp"

namespace naru::flow {

net::task<> count_here(exchange& x) {
  usage counted;
  counted.input = x.chosen.demand.input;
  counted.estimated = true;
  const std::vector<event> events{usage_report{counted}, finished{}};
  x.reply->set_header("x-naru-estimated", "true");
  const std::string body = x.dialect.write_answer(x.chat, events, x.record.request_id, 0);
  if (auto sent = co_await x.reply->send(200, "application/json", body); !sent) co_return fail(std::move(sent.error()));
  co_return result<void>{};
}

}  // namespace naru::flow
