#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::bedrock {
namespace {

/// What asking again or elsewhere does about an error; the status is the one with which it comes, and which it is given in a stream.
struct named_class {
  std::string_view name;
  int status;
  failure_class cls;
};
/// Error classes of the service's model, version 2023-09-30 (botocore 1.44.8), and the signature's from "Common errors" of the API
/// reference. In a stream the first letter is a small one.
constexpr std::array<named_class, 18> classes{{
    {"ValidationException", 400, failure_class::request},
    {"ServiceQuotaExceededException", 400, failure_class::account},
    {"ConflictException", 400, failure_class::request},
    {"AccessDeniedException", 403, failure_class::account},
    {"UnrecognizedClientException", 403, failure_class::account},
    {"InvalidSignatureException", 403, failure_class::account},
    {"ExpiredTokenException", 403, failure_class::account},
    {"MissingAuthenticationTokenException", 403, failure_class::account},
    {"IncompleteSignatureException", 403, failure_class::account},
    {"ResourceNotFoundException", 404, failure_class::settings},  // a retired model, or one of another region
    {"ModelTimeoutException", 408, failure_class::transient},
    {"ModelErrorException", 424, failure_class::transient},
    {"ModelStreamErrorException", 424, failure_class::transient},
    {"ThrottlingException", 429, failure_class::limited},
    {"TooManyRequestsException", 429, failure_class::limited},
    {"ModelNotReadyException", 429, failure_class::transient},  // a custom model wakes up
    {"InternalServerException", 500, failure_class::transient},
    {"ServiceUnavailableException", 503, failure_class::transient},
}};

const named_class* find_class(std::string_view type) noexcept {
  const auto* found = std::ranges::find_if(classes, [&](const named_class& c) {
    return c.name.size() == type.size() && c.name.substr(1) == type.substr(1) &&
           (c.name[0] == type[0] || c.name[0] + ('a' - 'A') == type[0]);
  });
  return found == classes.end() ? nullptr : found;
}

struct saying {
  std::string_view words;
  failure_class cls;
};
/// What a ValidationException means beside a bad request, by its words: Bedrock has no codes for it.
constexpr std::array sayings{
    saying{"Input is too long for requested model", failure_class::too_small},
    saying{"prompt is too long", failure_class::too_small},
    saying{"exceed context limit", failure_class::too_small},
    saying{"Input Tokens Exceeded", failure_class::too_small},
    saying{"too many total text bytes", failure_class::too_small},
    saying{"maximum context length", failure_class::too_small},
    saying{"model identifier is invalid", failure_class::settings},
    saying{"on-demand throughput isn", failure_class::settings},  // "... isn't supported": the model wants an inference profile
    saying{"Operation not allowed", failure_class::account},
    saying{"content filter", failure_class::content_policy},
};

failure_class classify(const failure& f) {
  const named_class* known = find_class(f.type);
  const failure_class cls = known != nullptr ? known->cls : class_of_status(f.status);
  if (cls != failure_class::request) return cls;
  const auto* said = std::ranges::find_if(sayings, [&](const saying& s) { return f.message.contains(s.words); });
  return said == sayings.end() ? cls : said->cls;
}

/// "com.amazon.coral.service#ThrottlingException:http://internal.amazon.com/..." is ThrottlingException.
std::string type_word(std::string_view text) {
  text = text.substr(0, text.find(':'));
  if (const auto hash = text.rfind('#'); hash != std::string_view::npos) text.remove_prefix(hash + 1);
  return clean_word(text);
}

/// Type and words of an error's JSON; both stay empty when it is none.
void read_body(std::string_view body, failure& f) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc || !doc->root().is_object()) return;
  const json::object o = doc->root().get_object().value_unsafe();
  const auto text = [&](std::string_view name) { return json::get_string(o, name).value_or(""); };
  if (f.type.empty()) f.type = type_word(text("__type"));
  f.message = clean_text(text("message"));
  // The signature's errors come from before the service, with a capital.
  if (f.message.empty()) f.message = clean_text(text("Message"));
  if (const std::string_view original = text("originalMessage"); !original.empty() && f.message.empty()) f.message = clean_text(original);
}

}  // namespace

bool is_failure(std::string_view frame_name) noexcept {
  return frame_name == "error" || frame_name.ends_with("Exception") || frame_name.ends_with("Error");
}

failure read_exception(std::string_view frame_name, std::string_view payload) {
  failure f;
  if (frame_name != "error") f.type = clean_word(frame_name);
  read_body(payload, f);
  if (const named_class* known = find_class(f.type)) f.status = known->status;
  if (f.message.empty()) f.message = fmt::format("{} in the stream, without a word", f.type.empty() ? "an error" : f.type);
  f.cls = classify(f);
  return f;
}

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f;
  f.status = status;
  f.not_here_again = forbids_retry(headers);
  f.type = type_word(find_header(headers, "x-amzn-errortype"));
  read_body(body, f);
  if (f.message.empty()) f.message = fmt::format("HTTP {} without a readable error", status);
  f.cls = classify(f);
  if (f.cls != failure_class::account) f.retry_after = read_retry_after(headers);
  return f;
}

}  // namespace naru::dialects::bedrock
