#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/anthropic_messages/client_answer.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// Errors page of the API reference (2026-11). `overloaded_error` is told apart from other faults of a server by its code.
std::string_view type_of(int status) noexcept {
  switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 408:
    case 504: return "timeout_error";
    case 409: return "conflict_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 529: return "overloaded_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

std::string_view type_of(error_code code) noexcept {
  if (code == error_code::overloaded || code == error_code::shutting_down) return "overloaded_error";
  return type_of(http_status(code));
}

bool is_own_type(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 11> types{
      "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error", "conflict_error",
      "request_too_large",     "rate_limit_error",     "api_error",     "timeout_error",    "overloaded_error"};
  return std::ranges::find(types, word) != types.end();
}

std::string write(std::string_view type, std::string_view message, std::string_view code, std::string_view request_id) {
  std::string out;
  json::writer w{out};
  w.begin_object().field("type", "error").key("error").begin_object().field("type", type).field("message", message);
  if (!code.empty()) w.key("details").begin_object().field("error_code", code).end_object();
  w.end_object().key("request_id");
  if (request_id.empty())
    w.null();
  else
    w.string(request_id);
  w.end_object();
  return out;
}

/// Claude Code makes its conversation shorter when it reads these words (2026-09), whoever says that a prompt does not fit.
std::string too_long(std::string_view words) {
  constexpr std::string_view mark = "prompt is too long";
  if (words.find(mark) != std::string_view::npos) return std::string{words};
  return std::string{mark} + ": " + std::string{words};
}

}  // namespace

std::string write_error(const error& e, std::string_view request_id) {
  std::string message = e.code == error_code::context_too_long ? too_long(e.message) : e.message;
  // The form has no field for the place of what was wrong.
  if (!e.field.empty() && message.find(e.field) == std::string::npos) message = e.field + ": " + message;
  return write(type_of(e.code), message, e.reason.empty() ? to_string(e.code) : std::string_view{e.reason}, request_id);
}

std::string write_failure(const failure& f, std::string_view request_id) {
  const std::string_view words =
      f.message.empty() ? std::string_view{"the vendor refused the request without a word"} : std::string_view{f.message};
  return write(is_own_type(f.type) ? std::string_view{f.type} : type_of(f.status == 0 ? 400 : f.status),
               f.cls == failure_class::too_small ? too_long(words) : std::string{words}, f.code, request_id);
}

}  // namespace naru::dialects::anthropic_messages
