#include "gateway/flow/load.hpp"

namespace naru::flow {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between{100};
constexpr milliseconds tick{20};  ///< an alarm comes up to so much late on an idle shard

}  // namespace

loop_lag::loop_lag(net::clock& c, std::function<bool()> each) : clock_(c), each_(std::move(each)), alarm_(c, [this] { look(); }) {}

void loop_lag::watch() {
  if (alarm_.armed()) return;
  due_ = clock_.now() + between;
  alarm_.arm(due_);
}

void loop_lag::look() {
  const auto late = std::chrono::duration_cast<milliseconds>(clock_.now() - due_) - tick;
  before_ = last_;
  last_ = std::max(late, milliseconds{0});
  if (each_()) return watch();
  last_ = before_ = milliseconds{0};
}

}  // namespace naru::flow
