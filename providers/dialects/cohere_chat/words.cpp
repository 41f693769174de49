#include <fmt/format.h>

#include <algorithm>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/cohere_chat/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::cohere_chat {
namespace {

constexpr std::uint64_t most_offset = std::uint64_t{1} << 32;

bool has(const failure& f, std::string_view words) noexcept { return f.message.find(words) != std::string::npos; }

/// 498: the request or the answer holds a token that the vendor does not allow. 501: the model cannot do what was asked.
failure_class classify(const failure& f) noexcept {
  if (f.status == 501) return failure_class::request;
  if (f.status == 498) return failure_class::content_policy;
  // A trial key's month is over: no wait helps.
  if (f.status == 429 && has(f, "month")) return failure_class::account;
  const failure_class by_status = class_of_status(f.status);
  if (by_status == failure_class::request && (has(f, "too many tokens") || has(f, "too long"))) return failure_class::too_small;
  return by_status;
}

}  // namespace

end_word read_end(std::string_view word) noexcept {
  if (word == "MAX_TOKENS") return {finish_reason::length};
  if (word == "TOOL_CALL") return {finish_reason::tool_calls};
  if (word == "ERROR" || word == "TIMEOUT" || word == "ERROR_TOXIC") return {finish_reason::stop, true};
  return {finish_reason::stop};  // COMPLETE, STOP_SEQUENCE, and what is new: the vendor has ended the answer in order
}

failure gave_up(std::string_view word, std::string_view words) {
  failure f;
  f.cls = word == "ERROR_TOXIC" ? failure_class::content_policy : failure_class::transient;
  f.type = clean_word(word);
  f.message = words.empty() ? fmt::format("the vendor gave up: {}", f.type) : clean_text(words);
  return f;
}

// billed_units are what the vendor charges for, tokens what its models have seen, its own prompts included (a multiple for short requests
// with tools). The bill is made from this usage, so the former counts; where there is none, the latter is an upper bound.
std::optional<usage> read_usage(json::object holder) {
  const auto given = json::get_object(holder, "usage");
  if (!given) return std::nullopt;
  counts_reader counts;
  std::optional<std::uint64_t> input, output, seen_input, seen_output, cached;
  if (const auto billed = json::get_object(*given, "billed_units")) {
    counts.take(*billed, "input_tokens", input);
    counts.take(*billed, "output_tokens", output);
  }
  if (const auto seen = json::get_object(*given, "tokens")) {
    counts.take(*seen, "input_tokens", seen_input);
    counts.take(*seen, "output_tokens", seen_output);
  }
  counts.take(*given, "cached_tokens", cached);
  if (!counts.any()) return std::nullopt;
  if (!input) input = seen_input;
  if (!output) output = seen_output;
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  u.cached = {std::min(cached.value_or(0), u.input.value)};
  u.estimated = counts.odd() || !input || !output;
  return u;
}

void append_citation(json::object c, std::vector<event>& out) {
  const auto begin = json::get_uint(c, "start");
  const auto end = json::get_uint(c, "end");
  const auto sources = json::get_array(c, "sources");
  if (!begin || !end || *begin > *end || *end > most_offset || !sources) return;
  for (const json::value item : *sources) {
    if (!item.is_object()) continue;
    const json::object source = item.get_object().value_unsafe();
    auto inside = json::get_object(source, "document");
    if (!inside) inside = json::get_object(source, "tool_output");
    if (!inside) continue;
    citation said;
    said.url = text_at(*inside, "url");
    if (said.url.empty()) continue;
    said.title = text_at(*inside, "title");
    said.quoted = text_at(*inside, "snippet");
    said.begin = *begin;
    said.end = *end;
    out.emplace_back(std::move(said));
  }
}

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f;
  f.status = status;
  f.not_here_again = forbids_retry(headers);
  if (const auto doc = json::document::parse(body); doc && doc->root().is_object()) {
    f.message = clean_text(text_at(root_object(*doc), "message"));
  }
  f.cls = classify(f);
  if (f.cls != failure_class::account) f.retry_after = read_retry_after(headers);
  return with_words(std::move(f));
}

}  // namespace naru::dialects::cohere_chat
