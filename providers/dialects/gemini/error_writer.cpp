#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/gemini/writers.hpp"

namespace naru::dialects::gemini {
namespace {

/// google.rpc.Code's word for a status (google/rpc/code.proto; 402 and 405 have none of their own).
std::string_view status_word(int status) noexcept {
  switch (status) {
    case 401: return "UNAUTHENTICATED";
    case 402: return "FAILED_PRECONDITION";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 405: return "UNIMPLEMENTED";
    case 408:
    case 504: return "DEADLINE_EXCEEDED";
    case 409: return "ABORTED";
    case 429: return "RESOURCE_EXHAUSTED";
    case 499: return "CANCELLED";
    case 502:
    case 503: return "UNAVAILABLE";
    default: return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
  }
}

struct body {
  int code = 500;
  std::string_view message, status, reason, field, request_id;
  std::optional<std::chrono::milliseconds> wait;
};

json::writer& detail(json::writer& w, std::string_view type) {
  return w.begin_object().field("@type", "type.googleapis.com/google.rpc." + std::string{type});
}

std::string write(const body& b) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("error").begin_object().field("code", b.code).field("message", b.message).field("status", b.status);
  w.key("details").begin_array();
  if (!b.reason.empty()) detail(w, "ErrorInfo").field("reason", b.reason).field("domain", "naru").end_object();
  if (!b.field.empty()) {
    detail(w, "BadRequest").key("fieldViolations").begin_array();
    w.begin_object().field("field", b.field).field("description", b.message).end_object().end_array().end_object();
  }
  if (b.wait) {
    const auto ms = std::max<std::int64_t>(b.wait->count(), 0);
    detail(w, "RetryInfo").field("retryDelay", fmt::format("{}.{:03}s", ms / 1000, ms % 1000)).end_object();
  }
  if (!b.request_id.empty()) detail(w, "RequestInfo").field("requestId", b.request_id).end_object();
  w.end_array().end_object().end_object();
  return out;
}

}  // namespace

std::string write_error(const error& e, std::string_view request_id) {
  const int status = http_status(e.code);
  return write({.code = status,
                .message = e.message,
                .status = status_word(status),
                .reason = e.reason.empty() ? to_string(e.code) : std::string_view{e.reason},
                .field = e.field,
                .request_id = request_id,
                .wait = e.retry_after});
}

std::string write_failure(const failure& f, std::string_view request_id) {
  const int status = f.status == 0 ? 400 : f.status;
  return write(
      {.code = status,
       .message = f.message.empty() ? std::string_view{"the vendor refused the request without a word"} : std::string_view{f.message},
       .status = is_status_word(f.type) ? std::string_view{f.type} : status_word(status),
       .reason = f.code.empty() ? to_string(f.cls) : std::string_view{f.code},
       .field = f.param,
       .request_id = request_id,
       .wait = f.retry_after});
}

}  // namespace naru::dialects::gemini
