#include "providers/dialects/openai_chat/failure_reader.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_chat {
namespace {

using cls = failure_class;

struct code_row {
  std::string_view code;
  cls means;
};
/// Codes and types that say more than the status does. The decision is by code, because one status (400, 402, 403, 429) means many things.
constexpr std::array codes{
    // Money and credentials of ours. OpenAI (error codes guide, 2026-08 and the newer credit_balance_exhausted), OpenRouter
    code_row{"insufficient_quota", cls::account}, code_row{"credit_balance_exhausted", cls::account},
    code_row{"billing_hard_limit_reached", cls::account}, code_row{"billing_not_active", cls::account},
    code_row{"enforced_spend_limit_reached", cls::account}, code_row{"contract_spend_limit_reached", cls::account},
    code_row{"payment_required", cls::account}, code_row{"invalid_api_key", cls::account}, code_row{"account_deactivated", cls::account},
    code_row{"access_terminated", cls::account},
    // OpenRouter's 402 that passes by itself
    code_row{"in_flight_budget_exhausted", cls::limited},
    // The context. llama.cpp's newer builds: exceed_context_size_error
    code_row{"context_length_exceeded", cls::too_small}, code_row{"exceed_context_size_error", cls::too_small},
    code_row{"max_tokens_exceeded", cls::too_small}, code_row{"token_limit_exceeded", cls::too_small},
    // Content. Azure: content_filter; OpenAI: invalid_prompt is a flagged prompt
    code_row{"content_filter", cls::content_policy}, code_row{"content_policy_violation", cls::content_policy},
    code_row{"invalid_prompt", cls::content_policy}, code_row{"bio_policy", cls::content_policy},
    code_row{"cyber_policy_violation", cls::content_policy}, code_row{"moderation_blocked", cls::content_policy},
    code_row{"image_content_policy_violation", cls::content_policy}, code_row{"refusal", cls::content_policy},
    // What is configured does not exist there. Groq: model_decommissioned; Azure: DeploymentNotFound
    code_row{"model_not_found", cls::settings}, code_row{"model_decommissioned", cls::settings},
    code_row{"DeploymentNotFound", cls::settings}, code_row{"unknown_url", cls::settings},
    // The local worker's full queue
    code_row{"queue_full", cls::busy},
    // Groq: the model's own output was not what it should be (400), and a full flex tier (498)
    code_row{"tool_use_failed", cls::transient}, code_row{"json_validate_failed", cls::transient},
    code_row{"capacity_exceeded", cls::transient}, code_row{"server_is_overloaded", cls::transient}, code_row{"slow_down", cls::transient},
    code_row{"server_error", cls::transient}, code_row{"provider_unavailable", cls::transient},
    code_row{"provider_overloaded", cls::transient}, code_row{"rate_limit_exceeded", cls::limited},
    // Types, which are vaguer
    code_row{"rate_limit_error", cls::limited}, code_row{"authentication_error", cls::account}, code_row{"permission_error", cls::account},
    code_row{"not_found_error", cls::settings}, code_row{"NotFoundError", cls::settings}, code_row{"unavailable_error", cls::transient},
    code_row{"InternalServerError", cls::transient}, code_row{"api_error", cls::transient}, code_row{"invalid_request_error", cls::request},
    code_row{"BadRequestError", cls::request}};

std::optional<cls> class_of(std::string_view code) noexcept {
  const auto* found = std::ranges::find(codes, code, &code_row::code);
  return code.empty() || found == codes.end() ? std::nullopt : std::optional{found->means};
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> needles) noexcept {
  return std::ranges::any_of(needles, [&](std::string_view n) { return text.find(n) != std::string_view::npos; });
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// Servers that say it in words alone. vLLM: "This model's maximum context length is 4096 tokens"; llama.cpp: "the request exceeds the
/// available context size"; Ollama: "input length exceeds maximum context length", "prompt is too long"; TGI: "`inputs` tokens +
/// `max_new_tokens` must be <= 4096"; Together answers 403.
bool says_too_long(std::string_view message) {
  return contains_any(message, {"maximum context length", "context size", "context length", "context window", "prompt is too long",
                                "input is too long", "`inputs` must have less than", "max_new_tokens` must be <="});
}

bool says_flagged(std::string_view message) {
  return contains_any(message, {"content management policy", "content policy", "usage policies", "usage policy", "flagged as potentially"});
}

/// "Please try again in 1.3s", "in 20ms", "in 6m0s": OpenAI and Groq say in words what a header would say better.
std::optional<std::chrono::milliseconds> wait_in_words(std::string_view message) {
  constexpr std::string_view mark = "try again in ";
  const auto at = message.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  message.remove_prefix(at + mark.size());
  std::int64_t total = 0;
  bool any = false;
  while (!message.empty() && message.front() >= '0' && message.front() <= '9') {
    const auto digits = message.find_first_not_of("0123456789.");
    if (digits == std::string_view::npos) break;
    auto number = message.substr(0, digits);
    message.remove_prefix(digits);
    const auto value = read_seconds_as_ms(number);
    if (!value) break;
    if (message.starts_with("ms"))
      total += (*value + 999) / 1000, message.remove_prefix(2);
    else if (message.starts_with("h"))
      total += *value * 3600, message.remove_prefix(1);
    else if (message.starts_with("m"))
      total += *value * 60, message.remove_prefix(1);
    else if (message.starts_with("s"))
      total += *value, message.remove_prefix(1);
    else
      break;
    any = true;
  }
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
  return any ? std::optional{std::chrono::milliseconds{std::min(total, day_ms)}} : std::nullopt;
}

/// A code that is text, or a number as text.
std::string read_code(json::object o, std::string_view key) {
  const auto v = json::find(o, key);
  if (!v) return {};
  if (v->is_string()) return clean_word(json::get_string(o, key).value_or(""));
  return v->is_number() ? clean_word(json::to_text(*v)) : std::string{};
}

void fill(failure& f, json::object o) {
  f.type = clean_word(json::get_string(o, "type").value_or(json::get_string(o, "error_type").value_or("")));
  f.code = read_code(o, "code");
  f.param = clean_word(json::get_string(o, "param").value_or(""));
  f.message = clean_text(json::get_string(o, "message").value_or(json::get_string(o, "detail").value_or("")));
  // OpenRouter names the kind below metadata, and the wait below availability.
  if (const auto meta = json::get_object(o, "metadata"); meta && f.type.empty()) {
    f.type = clean_word(json::get_string(*meta, "error_type").value_or(""));
  }
  if (const auto available = json::get_object(o, "availability")) {
    const auto wait = json::find(*available, "retry_after");
    const auto ms = wait && wait->is_number() ? read_seconds_as_ms(json::to_text(*wait)) : std::nullopt;
    if (ms) f.retry_after = std::chrono::milliseconds{*ms};
  }
  // Azure hides the policy one level deeper.
  if (const auto inner = json::get_object(o, "innererror"); inner && json::get_string(*inner, "code") == "ResponsibleAIPolicyViolation") {
    f.code = "content_filter";
  }
}

/// {"error":{..}}, {"error":"text"} (Ollama's native form; xAI with `code` beside it), flat (older vLLM, Mistral), Google's array of one.
void read_object(failure& f, json::object root) {
  if (const auto o = json::get_object(root, "error")) {
    fill(f, *o);
  } else {
    fill(f, root);
    if (const auto text = json::get_string(root, "error")) f.message = clean_text(*text);
  }
}

void read_body(failure& f, std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc) return;  // empty, HTML, cut: the status has to do
  json::object root;
  if (doc->root().get(root) == simdjson::SUCCESS) return read_object(f, root);
  json::array list;
  if (doc->root().get(list) == simdjson::SUCCESS && list.size() > 0 && list.at(0).get(root) == simdjson::SUCCESS) read_object(f, root);
}

cls classify(const failure& f, cls by_status) {
  if (const auto by_code = class_of(f.code)) return *by_code;
  const auto words = lower(f.message);
  const bool refusal = by_status == cls::request || by_status == cls::account || (by_status == cls::transient && f.status != 503);
  if (refusal && f.status != 401 && says_too_long(words)) return cls::too_small;
  if (refusal && f.status != 401 && says_flagged(words)) return cls::content_policy;
  const auto by_type = class_of(f.type);
  // A type names the money or the context where the code is missing; a status is surer than "invalid_request_error".
  if (by_type && (f.status == 0 || *by_type == cls::too_small || *by_type == cls::content_policy || f.type == "insufficient_quota")) {
    return *by_type;
  }
  return by_status;
}

/// Groq: 424 failed dependency and 498 full tier are its own trouble.
cls by_status(int status) noexcept { return status == 424 || status == 498 ? cls::transient : class_of_status(status); }

}  // namespace

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f;
  f.status = status;
  read_body(f, body);
  f.cls = classify(f, by_status(status));
  if (f.message.empty()) f.message = "HTTP " + std::to_string(status) + " without a readable error";
  if (const auto wait = read_retry_after(headers)) f.retry_after = wait;
  if (!f.retry_after) f.retry_after = wait_in_words(f.message);
  // The vendor's own word on whether the same request may do better: "true" turns a refusal into a passing one. "false" on a passing
  // one changes no class: the classes say whose fault it is, and another deployment may still be asked.
  f.not_here_again = forbids_retry(headers);
  if (f.cls == cls::request && find_header(headers, "x-should-retry") == "true") f.cls = cls::transient;
  return f;
}

failure read_inband_failure(json::object root) {
  failure f;
  read_object(f, root);
  const auto digits = f.code.size() == 3 && std::ranges::all_of(f.code, [](char c) { return c >= '0' && c <= '9'; });
  const int named = digits ? (f.code[0] - '0') * 100 + (f.code[1] - '0') * 10 + (f.code[2] - '0') : 0;
  if (named >= 400 && named < 600) f.status = named;
  f.cls = classify(f, f.status == 0 ? cls::transient : by_status(f.status));
  if (!f.retry_after) f.retry_after = wait_in_words(f.message);
  return f;
}

}  // namespace naru::dialects::openai_chat
