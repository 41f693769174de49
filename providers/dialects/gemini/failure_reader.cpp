#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::gemini {
namespace {

/// google.rpc.Code as HTTP statuses, for errors that name no number (google/rpc/code.proto).
constexpr std::array<named_status, 12> statuses{{{"INVALID_ARGUMENT", 400},
                                                 {"FAILED_PRECONDITION", 400},
                                                 {"OUT_OF_RANGE", 400},
                                                 {"UNAUTHENTICATED", 401},
                                                 {"PERMISSION_DENIED", 403},
                                                 {"NOT_FOUND", 404},
                                                 {"ABORTED", 409},
                                                 {"RESOURCE_EXHAUSTED", 429},
                                                 {"CANCELLED", 499},
                                                 {"INTERNAL", 500},
                                                 {"UNAVAILABLE", 503},
                                                 {"DEADLINE_EXCEEDED", 504}}};

/// Our key, project, region or bill, although the status is the one of a bad request.
bool our_account(const failure& f) noexcept {
  return f.type == "FAILED_PRECONDITION" || f.type == "PERMISSION_DENIED" || f.code == "API_KEY_INVALID" ||
         f.message.contains("API key not valid") || f.message.contains("API key expired") || f.message.contains("credits are depleted");
}

/// "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
bool too_long(const failure& f) noexcept { return f.message.contains("token count") && f.message.contains("exceeds the maximum"); }

failure_class classify(const failure& f) {
  if (our_account(f)) return failure_class::account;
  const failure_class by_status = class_of_status(f.status);
  return by_status == failure_class::request && too_long(f) ? failure_class::too_small : by_status;
}

/// google.protobuf.Duration in JSON: seconds with a fraction and an "s".
std::optional<std::chrono::milliseconds> read_duration(std::string_view text) noexcept {
  if (!text.ends_with('s')) return std::nullopt;
  const auto ms = read_seconds_as_ms(text.substr(0, text.size() - 1));
  return ms ? std::optional{std::chrono::milliseconds{*ms}} : std::nullopt;
}

/// One of google.rpc's error details; "@type" says which.
void read_detail(json::object detail, failure& f) {
  const std::string_view type = json::get_string(detail, "@type").value_or("");
  if (type.ends_with("google.rpc.RetryInfo")) {
    f.retry_after = read_duration(json::get_string(detail, "retryDelay").value_or(""));
  } else if (type.ends_with("google.rpc.ErrorInfo")) {
    f.code = clean_word(json::get_string(detail, "reason").value_or(""));
  } else if (type.ends_with("google.rpc.BadRequest")) {
    const auto violations = json::get_array(detail, "fieldViolations");
    json::value first;
    if (violations && violations->at(0).get(first) == simdjson::SUCCESS && first.is_object()) {
      f.param = clean_word(json::get_string(first.get_object().value_unsafe(), "field").value_or(""));
    }
  }
}

void read_words(json::object error, failure& f) {
  f.type = clean_word(json::get_string(error, "status").value_or(""));
  f.message = clean_text(json::get_string(error, "message").value_or(""));
  const auto details = json::get_array(error, "details");
  if (!details) return;
  for (const json::value one : *details) {
    if (one.is_object()) read_detail(one.get_object().value_unsafe(), f);
  }
}

int status_in_band(json::object error, std::string_view type) noexcept {
  if (const auto code = json::get_uint(error, "code"); code && *code >= 400 && *code <= 599) return static_cast<int>(*code);
  return status_named(statuses, type);
}

}  // namespace

bool is_status_word(std::string_view word) noexcept { return status_named(statuses, word) != 0; }

failure read_error_in_band(json::object error) {
  failure f;
  read_words(error, f);
  f.status = status_in_band(error, f.type);
  f.cls = classify(f);
  return f;
}

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f = begin_failure(status, headers, body, read_words);
  // RetryInfo is the one that this vendor fills in; Retry-After comes from what stands before it.
  if (!f.retry_after) f.retry_after = read_retry_after(headers);
  f.cls = classify(f);
  return f;
}

}  // namespace naru::dialects::gemini
