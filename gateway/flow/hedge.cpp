#include "gateway/flow/hedge.hpp"

#include <spdlog/spdlog.h>

namespace naru::flow {
namespace {

/// The vendor's word on the request itself: what another deployment failed with afterwards says less.
bool refused(const std::optional<failure>& f) noexcept {
  return f && (f->cls == failure_class::request || f->cls == failure_class::content_policy || f->cls == failure_class::too_small);
}

}  // namespace

lane& race::decisive() noexcept {
  lane* const other = second();
  if (other == nullptr || first_.call.content_sent || !first_.failed) return first_;
  if (other->call.content_sent || !other->failed) return *other;
  return refused(first_.failed) ? first_ : *other;
}

void race::let_win(one_call& winner, one_call* other) {
  if (other == nullptr || other->ended()) return;
  if (other->running()) winner.beside = other->charge_if_outrun();
  other->end_as_outrun();
}

net::asio::awaitable<void, net::executor> race::run_second(std::shared_ptr<runner> r, std::shared_ptr<reply> kept, race* back) {
  try {
    r->its->failed = co_await r->its->call.run();
  } catch (...) {
    r->bug = std::current_exception();
  }
  (void)kept;  // what the call may be writing to lives as long as this frame, also when a shard is destroyed under it
  r->ended = true;
  back->ended_.raise();  // `run` is still there: it waits for exactly this
}

void race::start_second() {
  if (second_ || x_.canceled() || first_.call.content_sent) return;
  try {
    auto made = make_second_();
    if (!made) return;
    auto r = std::make_shared<runner>();
    r->its = std::move(made);
    lane& its = *r->its;
    first_.call.number = its.call.number;
    its.call.on_content = [this, &its] { let_win(its.call, &first_.call); };
    x_.on_cancel = [this, &its] {
      first_.call.cancel();
      its.call.cancel();
    };
    second_ = r;
    x_.shared.shard.spawn(run_second(std::move(r), x_.reply, this));
  } catch (const std::exception& bug) {
    spdlog::error("bug: a hedge could not be started: {}", bug.what());
    x_.on_cancel = [this] { first_.call.cancel(); };
    second_.reset();
  }
}

net::asio::awaitable<void, net::executor> race::run(steady_time due, begin make_second) {
  make_second_ = std::move(make_second);
  first_.call.on_content = [this] { let_win(first_.call, second_ ? &second_->its->call : nullptr); };
  net::alarm late(x_.shared.shard.time(), [this] { start_second(); });
  late.arm(due);
  std::exception_ptr bug;
  try {
    first_.failed = co_await first_.call.run();
  } catch (...) {
    bug = std::current_exception();
  }
  late.disarm();
  if (second_) {
    if (bug) second_->its->call.cancel();
    while (!second_->ended) co_await ended_.wait();
    if (!bug) bug = second_->bug;
  }
  if (bug) std::rethrow_exception(bug);
}

}  // namespace naru::flow
