#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// Errors page of the API reference (2026-11): the HTTP status of each type. 529 is this vendor's "overloaded".
constexpr std::array<named_status, 11> statuses{{{"invalid_request_error", 400},
                                                 {"authentication_error", 401},
                                                 {"billing_error", 402},
                                                 {"permission_error", 403},
                                                 {"not_found_error", 404},
                                                 {"conflict_error", 409},
                                                 {"request_too_large", 413},
                                                 {"rate_limit_error", 429},
                                                 {"api_error", 500},
                                                 {"timeout_error", 504},
                                                 {"overloaded_error", 529}}};

/// A wait does not help: the account's own limit is reached, until someone raises it or the month ends.
bool spent(const failure& f) noexcept {
  return f.type == "billing_error" || f.code == "enforced_spend_limit_reached" || f.code == "contract_spend_limit_reached" ||
         f.message.contains("credit balance is too low") || f.message.contains("specified API usage limits");
}
/// "prompt is too long: 213000 tokens > 200000 maximum", "input length and `max_tokens` exceed context limit: ...".
bool too_long(const failure& f) noexcept { return f.message.contains("prompt is too long") || f.message.contains("exceed context limit"); }

failure_class classify(const failure& f) {
  if (spent(f)) return failure_class::account;
  const failure_class by_status = class_of_status(f.status);
  if (by_status != failure_class::request) return by_status;
  if (too_long(f)) return failure_class::too_small;
  if (f.message.contains("content filtering policy")) return failure_class::content_policy;
  return failure_class::request;
}

void read_words(json::object error, failure& f) {
  f.type = clean_word(json::get_string(error, "type").value_or(""));
  f.message = clean_text(json::get_string(error, "message").value_or(""));
  if (const auto details = json::get_object(error, "details")) f.code = clean_word(json::get_string(*details, "error_code").value_or(""));
}

}  // namespace

failure read_error_in_band(json::object error) {
  failure f;
  read_words(error, f);
  f.status = status_named(statuses, f.type);
  f.cls = classify(f);  // a type that nobody knows has no status, and is transient
  return f;
}

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f = begin_failure(status, headers, body, read_words);
  f.cls = classify(f);
  // A spend limit's retry-after says nothing about when there is money again.
  if (f.cls != failure_class::account) f.retry_after = read_retry_after(headers);
  return f;
}

}  // namespace naru::dialects::anthropic_messages
