#include "providers/dialects/openai_chat/answer_reader.hpp"

#include "core/json/document.hpp"
#include "providers/dialects/openai_chat/answer_parts.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/words.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_chat {
namespace {

std::unexpected<error> bad(std::string_view why) {
  return fail(error_code::upstream_failed, "the upstream's answer cannot be read: " + std::string{why}, {}, "unreadable");
}

void read_call(json::object call, std::uint32_t choice, std::uint32_t index, std::vector<event>& out) {
  const auto function = json::get_object(call, "function").value_or(call);  // a legacy function_call has no wrapper
  const auto text = [](json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; };
  out.emplace_back(tool_call_start{choice, index, text(call, "id"), text(function, "name"), read_call_signature(call)});
  if (auto arguments = read_arguments(function); !arguments.empty()) {
    out.emplace_back(tool_arguments_delta{choice, index, std::move(arguments)});
  }
}

/// @return how many calls the message makes; nullopt: more than can be.
std::optional<std::uint32_t> read_calls(json::object message, std::uint32_t choice, std::vector<event>& out) {
  std::uint32_t count = 0;
  if (const auto calls = json::get_array(message, "tool_calls")) {
    for (const json::value item : *calls) {
      json::object call;
      if (item.get(call) != simdjson::SUCCESS) continue;
      if (count == most_calls) return std::nullopt;
      read_call(call, choice, count++, out);
    }
  }
  if (const auto legacy = json::get_object(message, "function_call")) read_call(*legacy, choice, count++, out);
  return count;
}

/// @return what is wrong with the choice; empty: nothing.
std::string_view read_choice(json::value item, std::uint32_t position, std::vector<event>& out) {
  json::object choice;
  if (item.get(choice) != simdjson::SUCCESS) return "a choice is not an object";
  const auto given = json::get_uint(choice, "index").value_or(position);
  if (given >= most_choices) return "the index of a choice is out of range";
  const auto index = static_cast<std::uint32_t>(given);
  const auto message = json::get_object(choice, "message");
  if (!message) return "a choice has no message";
  const auto word = json::get_string(choice, "finish_reason").value_or("");
  auto finish = read_finish(word).value_or(openai_chat::finish{});
  if (finish.failed) {
    out.emplace_back(answer_failed{gave_up(word)});
    return {};
  }
  read_said(*message, index, out);
  const auto calls = read_calls(*message, index, out);
  if (!calls) return "too many tool calls";
  read_logprobs(choice, index, out);
  // A forced call ends with "stop" in this form; elsewhere the end must say that calls are to be answered.
  if (*calls > 0 && finish.reason == finish_reason::stop) finish.reason = finish_reason::tool_calls;
  out.emplace_back(finished{index, finish.reason});
  return {};
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return bad(body.empty() ? "it is empty" : "it is not JSON");
  json::object root;
  if (doc->root().get(root) != simdjson::SUCCESS) return bad("it is not an object");
  std::vector<event> out;
  if (auto failed = find_failure(root)) {
    out.emplace_back(answer_failed{std::move(*failed)});
    return out;
  }
  const auto choices = json::get_array(root, "choices");
  if (!choices || choices->size() == 0) return bad("it has no choices");
  if (choices->size() > most_choices) return bad("it has too many choices");
  out.emplace_back(answer_start{std::string{json::get_string(root, "id").value_or("")},
                                std::string{json::get_string(root, "model").value_or("")}, json::get_uint(root, "created").value_or(0)});
  std::uint32_t position = 0;
  for (const json::value item : *choices) {
    if (const auto why = read_choice(item, position++, out); !why.empty()) return bad(why);
    if (auto* failed = std::get_if<answer_failed>(&out.back())) return std::vector<event>{event{std::move(*failed)}};
  }
  if (auto u = read_usage(root)) {
    u->tier = read_tier(json::get_string(root, "service_tier").value_or(""));
    out.emplace_back(usage_report{std::move(*u)});
  }
  return out;
}

}  // namespace naru::dialects::openai_chat
