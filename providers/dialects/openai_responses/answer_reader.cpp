#include <algorithm>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/answer_parts.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_responses/answer.hpp"
#include "providers/dialects/reasoning_marks.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_responses {
namespace {

using openai_chat::most_calls;

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

/// Runs `read` on each element of a list that is an object.
template <class Read>
void each(json::object o, std::string_view key, Read read) {
  const auto list = json::get_array(o, key);
  if (!list) return;
  for (const json::value item : *list) {
    json::object inner;
    if (item.get(inner) == simdjson::SUCCESS) read(inner);
  }
}

void read_message(json::object item, std::vector<event>& out) {
  each(item, "content", [&](json::object part) {
    const auto type = json::get_string(part, "type").value_or("");
    if (type == "output_text") {
      if (auto text = text_of(part, "text"); !text.empty()) out.emplace_back(text_delta{0, std::move(text)});
      each(part, "annotations", [&](json::object a) { read_annotation(a, out); });
      read_logprobs(part, out);
    } else if (type == "refusal") {
      if (auto text = text_of(part, "refusal"); !text.empty()) out.emplace_back(refusal_delta{0, std::move(text)});
    }
  });
}

void read_call(json::object item, std::uint32_t index, std::vector<event>& out) {
  out.emplace_back(tool_call_start{0, index, text_of(item, "call_id"), text_of(item, "name"), {}});
  if (auto arguments = openai_chat::read_arguments(item); !arguments.empty()) {
    out.emplace_back(tool_arguments_delta{0, index, std::move(arguments)});
  }
}

/// Counts of this form's names; see openai_chat::read_usage for how far they are believed.
std::optional<usage> read_usage(json::object response) {
  const auto found = json::get_object(response, "usage");
  if (!found) return std::nullopt;
  counts_reader counts;
  std::optional<std::uint64_t> input, output, cached, written, reasoning;
  counts.take(*found, "input_tokens", input);
  counts.take(*found, "output_tokens", output);
  if (const auto details = json::get_object(*found, "input_tokens_details")) {
    counts.take(*details, "cached_tokens", cached);
    counts.take(*details, "cache_write_tokens", written);
  }
  if (const auto details = json::get_object(*found, "output_tokens_details")) counts.take(*details, "reasoning_tokens", reasoning);
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  u.cached = {std::min(cached.value_or(0), u.input.value)};
  u.cache_write = {std::min(written.value_or(0), u.input.value - u.cached.value)};
  u.reasoning = {std::min(reasoning.value_or(0), u.output.value)};
  u.estimated = counts.odd() || !input || !output || u.cached.value < cached.value_or(0) || u.cache_write.value < written.value_or(0) ||
                u.reasoning.value < reasoning.value_or(0);
  u.tier = openai_chat::read_tier(json::get_string(response, "service_tier").value_or(""));
  return u;
}

finish_reason reason_of(json::object response, bool any_call) noexcept {
  if (json::get_string(response, "status") == "incomplete") {
    const auto details = json::get_object(response, "incomplete_details");
    const auto why = details ? json::get_string(*details, "reason").value_or("") : std::string_view{};
    return why == "content_filter" ? finish_reason::content_filter : finish_reason::length;
  }
  return any_call ? finish_reason::tool_calls : finish_reason::stop;
}

std::unexpected<error> bad(std::string_view why) {
  return fail(error_code::upstream_failed, "the upstream's answer cannot be read: " + std::string{why}, {}, "unreadable");
}

/// {"object":"response.input_tokens","input_tokens":n}
result<std::vector<event>> read_count(json::object root) {
  const auto v = json::find(root, "input_tokens");
  const auto count = v ? token_count(*v) : std::nullopt;
  if (!count) return bad("it has no count of tokens");
  usage u;
  u.input = {*count};
  return std::vector<event>{answer_start{}, finished{}, usage_report{u}};
}

}  // namespace

failure read_in_band(json::object root) {
  failure f = openai_chat::read_inband_failure(root);
  if (f.type == "error") f.type.clear();  // the event's own name
  // Codes of a response that failed for what was asked (openai 6.49.0, ResponseError): pictures that cannot be used, and where they may go.
  const std::string_view code = f.code;
  if (code.starts_with("invalid_image") || code.starts_with("invalid_base64") || code.starts_with("image_") ||
      code == "unsupported_image_media_type" || code == "empty_image_file" || code == "failed_to_download_image" ||
      code == "data_residency_mismatch") {
    if (f.cls == failure_class::transient) f.cls = failure_class::request;
  }
  if (f.message.empty()) f.message = "the upstream gave up without a word";
  return f;
}

void read_annotation(json::object annotation, std::vector<event>& out) {
  if (json::get_string(annotation, "type") != "url_citation") return;  // files and containers are the vendor's own
  citation c;
  c.url = text_of(annotation, "url");
  c.title = text_of(annotation, "title");
  c.begin = json::get_uint(annotation, "start_index").value_or(0);
  c.end = json::get_uint(annotation, "end_index").value_or(0);
  if (!c.url.empty()) out.emplace_back(std::move(c));
}

void read_logprobs(json::object holder, std::vector<event>& out) {
  const auto v = json::find(holder, "logprobs");
  const auto list = json::get_array(holder, "logprobs");
  if (!list || list->size() == 0) return;
  out.emplace_back(logprobs_piece{0, "{\"content\":" + json::to_text(*v) + ",\"refusal\":null}"});
}

void read_thoughts(json::object item, std::vector<event>& out) {
  bool any = false;
  for (const std::string_view key : {"summary", "content"}) {
    each(item, key, [&](json::object piece) {
      const auto text = json::get_string(piece, "text").value_or("");
      if (text.empty()) return;
      out.emplace_back(reasoning_delta{0, (any ? "\n\n" : "") + std::string{text}, {}});
      any = true;
    });
  }
}

void read_signature(json::object item, std::vector<event>& out) {
  const auto encrypted = json::get_string(item, "encrypted_content").value_or("");
  const auto id = json::get_string(item, "id").value_or("");
  if (encrypted.empty() && id.empty()) return;
  out.emplace_back(reasoning_delta{0, {}, openai_reasoning_signature(id, encrypted)});
}

bool read_item(json::object item, std::uint32_t& calls, std::vector<event>& out) {
  const auto type = json::get_string(item, "type").value_or("");
  if (type == "message") {
    read_message(item, out);
  } else if (type == "function_call") {
    if (calls == most_calls) return false;
    read_call(item, calls++, out);
  } else if (type == "reasoning") {
    read_thoughts(item, out);
    read_signature(item, out);
  } else if (type == "image_generation_call") {
    if (auto data = text_of(item, "result"); !data.empty()) out.emplace_back(image_made{0, "image/png", std::move(data), {}, {}});
  }
  return true;
}

void read_end(json::object response, bool any_call, std::vector<event>& out) {
  out.emplace_back(finished{0, reason_of(response, any_call)});
  if (auto u = read_usage(response)) out.emplace_back(usage_report{std::move(*u)});
}

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return bad(body.empty() ? "it is empty" : "it is not JSON");
  json::object root;
  if (doc->root().get(root) != simdjson::SUCCESS) return bad("it is not an object");
  if (json::get_string(root, "object") == "response.input_tokens") return read_count(root);
  const auto status = json::get_string(root, "status").value_or("");
  const auto failed = json::find(root, "error");
  if (status == "failed" || (failed && !json::is_null(*failed))) return std::vector<event>{answer_failed{read_in_band(root)}};
  if (status == "cancelled") return std::vector<event>{answer_failed{openai_chat::gave_up("cancelled")}};
  if (!json::get_array(root, "output")) return bad("it has no output");
  if (status != "completed" && status != "incomplete") return bad("it has not ended");
  std::vector<event> out;
  out.emplace_back(answer_start{text_of(root, "id"), text_of(root, "model"), json::get_uint(root, "created_at").value_or(0)});
  std::uint32_t calls = 0;
  bool fits = true;
  each(root, "output", [&](json::object item) { fits = fits && read_item(item, calls, out); });
  if (!fits) return bad("too many tool calls");
  read_end(root, calls > 0, out);
  return out;
}

}  // namespace naru::dialects::openai_responses
