#include "providers/dialects/answers.hpp"
#include "providers/dialects/cohere_chat/parts.hpp"

namespace naru::dialects::cohere_chat {
namespace {

void append_content(json::array content, std::vector<event>& out) {
  for (const json::value item : content) {
    if (!item.is_object()) continue;
    const json::object block = item.get_object().value_unsafe();
    const auto type = json::get_string(block, "type").value_or("");
    if (type == "text") out.emplace_back(text_delta{0, text_at(block, "text")});
    if (type == "thinking") out.emplace_back(reasoning_delta{0, text_at(block, "thinking"), {}});
  }
}

void append_calls(json::array calls, std::vector<event>& out) {
  std::uint32_t index = 0;
  for (const json::value item : calls) {
    if (!item.is_object()) continue;
    const json::object call = item.get_object().value_unsafe();
    const auto function = json::get_object(call, "function").value_or(call);
    out.emplace_back(tool_call_start{0, index, text_at(call, "id"), text_at(function, "name"), {}});
    std::string arguments = text_at(function, "arguments");
    out.emplace_back(tool_arguments_delta{0, index++, arguments.empty() ? "{}" : std::move(arguments)});
  }
}

void append_message(json::object message, std::vector<event>& out) {
  if (std::string plan = text_at(message, "tool_plan"); !plan.empty()) out.emplace_back(text_delta{0, std::move(plan)});
  if (const auto content = json::get_array(message, "content")) append_content(*content, out);
  if (const auto calls = json::get_array(message, "tool_calls")) append_calls(*calls, out);
  if (const auto citations = json::get_array(message, "citations")) {
    for (const json::value c : *citations) {
      if (c.is_object()) append_citation(c.get_object().value_unsafe(), out);
    }
  }
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = parse_answer(body);
  if (!doc) return fail(doc.error());
  const json::object answer = root_object(*doc);
  const auto message = json::get_object(answer, "message");
  const auto reason = json::get_string(answer, "finish_reason");
  if (!message) return garbled_answer("want an object `message`");
  if (!reason) return garbled_answer("want a string `finish_reason`");
  const end_word end = read_end(*reason);
  if (end.failed) return std::vector<event>{answer_failed{gave_up(*reason, {})}};
  std::vector<event> out;
  out.emplace_back(answer_start{text_at(answer, "id"), {}, 0});
  append_message(*message, out);
  out.emplace_back(finished{0, end.reason, {}, {}});
  if (auto u = read_usage(answer)) out.emplace_back(usage_report{std::move(*u)});
  return out;
}

}  // namespace naru::dialects::cohere_chat
