#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/writers.hpp"

namespace naru::dialects::openai_chat {
namespace {

/// OpenAI's type for a status, as its SDK's classes and error guide have them (2026-08).
std::string_view type_of(int status) noexcept {
  switch (status) {
    case 401: return "authentication_error";
    case 402: return "insufficient_quota";
    case 403: return "permission_error";
    case 429: return "rate_limit_error";
    default: return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

struct body {
  std::string_view message, type, param, code;
};

std::string write(const body& b, std::string_view request_id) {
  std::string out;
  json::writer w{out};
  const auto text_or_null = [&](std::string_view key, std::string_view text) {
    w.key(key);
    if (text.empty())
      w.null();
    else
      w.string(text);
  };
  w.begin_object().key("error").begin_object();
  w.field("message", b.message);  // a string always: the Vercel SDK throws on anything else
  w.field("type", b.type);
  text_or_null("param", b.param);
  text_or_null("code", b.code);
  if (!request_id.empty()) w.field("request_id", request_id);
  w.end_object().end_object();
  return out;
}

/// The code that clients of this form look for when a failure carries none.
std::string_view code_of(failure_class c) noexcept {
  switch (c) {
    case failure_class::too_small: return "context_length_exceeded";
    case failure_class::content_policy: return "content_policy_violation";
    default: return {};
  }
}

}  // namespace

std::string write_error(const error& e, std::string_view request_id) {
  return write({.message = e.message,
                .type = type_of(http_status(e.code)),
                .param = e.field,
                .code = e.reason.empty() ? to_string(e.code) : std::string_view{e.reason}},
               request_id);
}

std::string write_failure(const failure& f, std::string_view request_id) {
  const int status = f.status == 0 ? 400 : f.status;
  return write(
      {.message = f.message.empty() ? std::string_view{"the vendor refused the request without a word"} : std::string_view{f.message},
       .type = f.type.empty() ? type_of(status) : std::string_view{f.type},
       .param = f.param,
       .code = f.code.empty() ? code_of(f.cls) : std::string_view{f.code}},
      request_id);
}

}  // namespace naru::dialects::openai_chat
