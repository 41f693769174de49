#include "gateway/net/clock.hpp"

#include <algorithm>
#include <utility>

namespace naru::net {

alarm::alarm(clock& c, std::function<void()> action) : clock_(c), action_(std::move(action)) {}

alarm::~alarm() {
  disarm();
  if (clock_.firing_ == this) clock_.firing_ = nullptr;
}

void alarm::arm(steady_time at) noexcept {
  at_ = at;
  if (!armed_) clock_.link(*this);
  if (at < clock_.earliest_) {
    clock_.earliest_ = at;
    clock_.wake_at(at);
  }
}

void alarm::disarm() noexcept {
  if (armed_) clock_.unlink(*this);
}

void clock::link(alarm& a) noexcept {
  a.armed_ = true;
  a.previous_ = nullptr;
  a.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &a;
  first_ = &a;
}

void clock::unlink(alarm& a) noexcept {
  if (cursor_ == &a) cursor_ = a.next_;
  (a.previous_ != nullptr ? a.previous_->next_ : first_) = a.next_;
  if (a.next_ != nullptr) a.next_->previous_ = a.previous_;
  a.previous_ = a.next_ = nullptr;
  a.armed_ = false;
}

void clock::sweep(steady_time at) {
  if (at < earliest_) return;
  earliest_ = steady_time::max();
  // What an action arms is linked before the cursor and so waits for the next sweep: an alarm that re-arms itself for "now"
  // cannot hold the loop.
  for (cursor_ = first_; cursor_ != nullptr;) {
    alarm& a = *cursor_;
    cursor_ = a.next_;
    if (a.at_ <= at) {
      fire(a);
    } else {
      earliest_ = std::min(earliest_, a.at_);
    }
  }
}

void clock::fire(alarm& a) {
  unlink(a);
  // The action runs from here, not from the alarm, because it may destroy the alarm.
  auto action = std::move(a.action_);
  firing_ = &a;
  action();
  if (firing_ == &a) a.action_ = std::move(action);
  firing_ = nullptr;
}

}  // namespace naru::net
