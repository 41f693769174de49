#include "gateway/observe/record.hpp"

namespace naru::observe {

std::string_view to_string(outcome o) noexcept {
  switch (o) {
    case outcome::ok: return "ok";
    case outcome::client_error: return "client_error";
    case outcome::upstream_error: return "upstream_error";
    case outcome::policy_denied: return "policy_denied";
    case outcome::canceled: return "canceled";
  }
  return "ok";
}

}  // namespace naru::observe
