#include <fmt/format.h>

#include <string>

#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_converse/answer.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

std::string text_of(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

class content_reader {
 public:
  explicit content_reader(std::vector<event>& out) : out_(out) {}

  /// One block of `content`. Blocks of the vendor's own tools, and kinds yet unknown, have no place in a chat and are skipped.
  void read(json::object block) {
    if (const auto words = json::get_string(block, "text")) return text(*words);
    if (const auto use = json::get_object(block, "toolUse")) return call(*use);
    if (const auto thought = json::get_object(block, "reasoningContent")) return reasoning(*thought);
    if (const auto cited = json::get_object(block, "citationsContent")) return cited_text(*cited);
    if (const auto image = json::get_object(block, "image")) {
      if (const auto source = json::get_object(*image, "source")) append_image(text_of(*image, "format"), *source, out_);
    }
  }

 private:
  void text(std::string_view words) {
    length_.add(words);
    out_.emplace_back(text_delta{0, std::string{words}});
  }

  void call(json::object use) {
    if (json::get_string(use, "type") == "server_tool_use") return;
    const auto input = json::find(use, "input");
    out_.emplace_back(tool_call_start{0, calls_, text_of(use, "toolUseId"), text_of(use, "name"), {}});
    out_.emplace_back(tool_arguments_delta{0, calls_, input && input->is_object() ? json::to_text(*input) : "{}"});
    ++calls_;
  }

  void reasoning(json::object thought) {
    if (const auto t = json::get_object(thought, "reasoningText")) {
      out_.emplace_back(reasoning_delta{0, text_of(*t, "text"), text_of(*t, "signature")});
    } else if (const auto hidden = json::get_string(thought, "redactedContent")) {
      out_.emplace_back(reasoning_delta{0, {}, std::string{bedrock::redacted_mark}.append(*hidden), true});
    }
  }

  void cited_text(json::object cited) {
    const std::uint64_t begin = length_.characters();
    if (const auto content = json::get_array(cited, "content")) {
      for (const json::value one : *content) {
        if (one.is_object()) text(json::get_string(one.get_object().value_unsafe(), "text").value_or(""));
      }
    }
    const auto all = json::get_array(cited, "citations");
    if (!all) return;
    for (const json::value one : *all) {
      if (one.is_object()) append_citation(one.get_object().value_unsafe(), begin, length_.characters(), out_);
    }
  }

  std::vector<event>& out_;
  std::uint32_t calls_ = 0;
  text_length length_;
};

/// {"inputTokens": n}: the answer to a question for the count alone.
std::vector<event> read_count(json::object answer) {
  usage_counts counts;
  counts.overwrite(answer);
  return {answer_start{}, usage_report{counts.total()}, finished{}};
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled(doc.error().message);
  if (!doc->root().is_object()) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())));
  const json::object answer = doc->root().get_object().value_unsafe();
  const auto output = json::get_object(answer, "output");
  if (!output && json::get_uint(answer, "inputTokens")) return read_count(answer);
  const auto message = output ? json::get_object(*output, "message") : std::nullopt;
  const auto content = message ? json::get_array(*message, "content") : std::nullopt;
  const auto stop_reason = json::get_string(answer, "stopReason");
  if (!content) return garbled("want an array `output.message.content`");
  if (!stop_reason) return garbled("want a string `stopReason`");

  std::vector<event> out{answer_start{}};  // neither id nor model: the request's id is a header
  content_reader reader(out);
  for (const json::value block : *content) {
    if (!block.is_object()) return garbled("want objects in `output.message.content`");
    reader.read(block.get_object().value_unsafe());
  }
  usage_counts counts;
  if (const auto u = json::get_object(answer, "usage")) counts.overwrite(*u);
  counts.take_tier(answer);
  if (counts.any()) out.emplace_back(usage_report{counts.total()});  // before the end, which may be a failure and the last word
  append_end(*stop_reason, answer, out);
  return out;
}

}  // namespace naru::dialects::bedrock_converse
