#include "core/failure.hpp"

namespace naru {

std::string_view to_string(failure_class c) noexcept {
  switch (c) {
    case failure_class::transient: return "transient";
    case failure_class::limited: return "limited";
    case failure_class::account: return "account";
    case failure_class::settings: return "settings";
    case failure_class::too_small: return "too_small";
    case failure_class::request: return "request";
    case failure_class::content_policy: return "content_policy";
    case failure_class::busy: return "busy";
    case failure_class::broken_stream: return "broken_stream";
    case failure_class::canceled: return "canceled";
  }
  return "unknown";
}

}  // namespace naru
