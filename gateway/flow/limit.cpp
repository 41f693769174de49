#include "gateway/flow/steps.hpp"

namespace naru::flow {

result<void> limit(exchange& x) {
  if (!x.caller || x.caller->scopes.empty()) return {};
  auto permit = limits::concurrency_permit::take(x.caller->scopes);
  if (!permit) return fail(limits::to_error(permit.error()));
  x.concurrency = std::move(*permit);
  return {};
}

}  // namespace naru::flow
