#include "gateway/flow/client_deadline.hpp"
#include "gateway/flow/steps.hpp"

namespace naru::flow {

result<void> heed(exchange& x) {
  const auto said = read_patience(*x.request);
  if (!said) return fail(said.error());
  if (said->whole) x.deadline = x.deadline.sooner(x.began, client_patience::in_time(*said->whole));
  x.answer_by = x.deadline;
  if (said->content) x.answer_by = x.answer_by.sooner(x.began, client_patience::in_time(*said->content));
  return {};
}

}  // namespace naru::flow
