#include "providers/dialects/openai_chat/stream_reader.hpp"

#include <algorithm>

#include "providers/dialects/openai_chat/answer_parts.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/words.hpp"

namespace naru::dialects::openai_chat {

void chunk_reader::read(std::string_view event_name, std::string_view data, std::vector<event>& out) {
  usage_only_ = false;
  if (failed_) return;  // what follows a failure (some servers still send [DONE]) says nothing
  if (fast_ && event_name.empty() && read_by_template(data, out)) return;
  if (data == "[DONE]") {
    done_ = true;
    return;
  }
  const auto before = out.size();
  if (data.empty()) {
    out.emplace_back(keep_alive{});
    return;
  }
  const auto doc = json::document::parse(data, json::limits::of_answers());
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) {
    // An error event's data may be plain text.
    return fail(unreadable(event_name == "error" ? "the upstream reported an error in its stream" : "a frame is not a JSON object"), out);
  }
  if (auto failed = find_failure(root)) return fail(std::move(*failed), out);
  if (event_name == "error") return fail(read_inband_failure(root), out);
  read_frame(root, out);
  if (out.size() == before) out.emplace_back(keep_alive{});
  if (fast_ && out.size() == before + 1) learn(root, data, out.back());
}

void chunk_reader::read_frame(json::object root, std::vector<event>& out) {
  if (const auto tier = json::get_string(root, "service_tier")) tier_ = read_tier(*tier);
  read_start(root, out);
  const auto choices = json::get_array(root, "choices");
  if (choices) read_choices(*choices, out);
  if (failed_) return;
  const auto so_far = out.size();
  read_usage_report(root, out);
  usage_only_ = choices && choices->size() == 0 && out.size() > so_far;
}

/// Azure's first frame has no choices and empty names: the answer starts with the first that has either.
void chunk_reader::read_start(json::object root, std::vector<event>& out) {
  if (started_) return;
  const auto id = json::get_string(root, "id").value_or("");
  const auto choices = json::get_array(root, "choices");
  if (id.empty() && (!choices || choices->size() == 0)) return;
  started_ = true;
  out.emplace_back(answer_start{std::string{id}, std::string{json::get_string(root, "model").value_or("")},
                                json::get_uint(root, "created").value_or(0)});
}

void chunk_reader::read_choices(json::array choices, std::vector<event>& out) {
  std::uint32_t position = 0;
  for (const json::value item : choices) {
    json::object o;
    if (item.get(o) != simdjson::SUCCESS) return fail(unreadable("a choice is not an object"), out);
    read_choice(o, position++, out);
    if (failed_) return;
  }
}

void chunk_reader::read_choice(json::object o, std::uint32_t position, std::vector<event>& out) {
  const auto given = json::find(o, "index");
  const auto index = given && !json::is_null(*given) ? json::get_uint(o, "index") : std::optional<std::uint64_t>{position};
  if (!index || *index >= most_choices) return fail(unreadable("the index of a choice is out of range"), out);
  choice& c = choice_at(static_cast<std::uint32_t>(*index));
  const auto delta = json::get_object(o, "delta");
  plain_content_ = delta && json::get_string(*delta, "content").has_value();
  if (delta) {
    read_said(*delta, c.index, out);
    read_calls(*delta, c, out);
    if (failed_) return;
  }
  read_logprobs(o, c.index, out);
  read_finish_reason(o, c, out);
}

void chunk_reader::read_calls(json::object delta, choice& c, std::vector<event>& out) {
  if (const auto calls = json::get_array(delta, "tool_calls")) {
    std::uint64_t position = 0;
    for (const json::value item : *calls) {
      json::object piece;
      if (item.get(piece) != simdjson::SUCCESS) return fail(unreadable("a tool call is not an object"), out);
      read_call(piece, json::get_uint(piece, "index").value_or(position), c, out);
      if (failed_) return;
      ++position;
    }
  }
  if (const auto legacy = json::get_object(delta, "function_call")) read_call(*legacy, 0, c, out);
}

/// One piece of a call. Servers number the calls; some give every call the number 0, so that a new id with a name under a number that is
/// taken is a new call. The start is held back until the name is known, or arguments come.
void chunk_reader::read_call(json::object piece, std::uint64_t vendor_index, choice& c, std::vector<event>& out) {
  const auto function = json::get_object(piece, "function").value_or(piece);
  const auto id = json::get_string(piece, "id").value_or("");
  const auto name = json::get_string(function, "name").value_or("");
  auto arguments = read_arguments(function);
  const auto last = std::ranges::find(c.calls.rbegin(), c.calls.rend(), vendor_index, &call::vendor_index);
  const bool fresh = last == c.calls.rend() || (last->started && !id.empty() && !name.empty() && id != last->id);
  if (fresh) {
    if (c.calls.size() == most_calls || vendor_index >= most_calls) return fail(unreadable("too many tool calls"), out);
    c.calls.push_back(call{vendor_index, {}, {}, false});
  }
  const auto at = fresh ? c.calls.size() - 1 : static_cast<std::size_t>(c.calls.rend() - last) - 1;
  call& now = c.calls[at];
  const auto index = static_cast<std::uint32_t>(at);
  if (now.id.empty()) now.id = id;
  if (auto signature = read_call_signature(piece); !signature.empty()) now.signature = std::move(signature);
  if (!now.started && (!name.empty() || !arguments.empty())) {
    now.started = true;
    out.emplace_back(tool_call_start{c.index, index, now.id, std::string{name}, now.signature});
  }
  if (!arguments.empty()) out.emplace_back(tool_arguments_delta{c.index, index, std::move(arguments)});
}

void chunk_reader::read_finish_reason(json::object o, choice& c, std::vector<event>& out) {
  const auto word = json::get_string(o, "finish_reason").value_or("");
  auto finish = read_finish(word);
  if (!finish || c.ended) return;
  if (finish->failed) return fail(gave_up(word), out);
  c.ended = true;
  // A forced call ends with "stop" in this form; elsewhere the end must say that calls are to be answered.
  if (finish->reason == finish_reason::stop && !c.calls.empty()) finish->reason = finish_reason::tool_calls;
  out.emplace_back(finished{c.index, finish->reason});
}

void chunk_reader::read_usage_report(json::object root, std::vector<event>& out) {
  auto u = read_usage(root);
  if (!u) return;
  u->tier = tier_;
  out.emplace_back(usage_report{std::move(*u)});
}

chunk_reader::choice& chunk_reader::choice_at(std::uint32_t index) {
  const auto found = std::ranges::find(choices_, index, &choice::index);
  if (found != choices_.end()) return *found;
  return choices_.emplace_back(choice{index, false, {}});
}

void chunk_reader::fail(failure f, std::vector<event>& out) {
  failed_ = true;
  out.emplace_back(answer_failed{std::move(f)});
}

bool chunk_reader::read_by_template(std::string_view data, std::vector<event>& out) {
  const auto text = template_.match(data);
  if (!text) return false;
  if (template_tier_) tier_ = *template_tier_;
  if (text->empty())
    out.emplace_back(keep_alive{});
  else
    out.emplace_back(text_delta{template_choice_, std::string{*text}});
  return true;
}

/// Only a frame whose one event is the text of one choice can stand for others: nothing else in it changed any state but the tier.
void chunk_reader::learn(json::object root, std::string_view data, const event& only) {
  const auto* text = std::get_if<text_delta>(&only);
  if (text == nullptr || !plain_content_ || !template_.learn(data)) return;
  template_choice_ = text->choice;
  const auto tier = json::get_string(root, "service_tier");
  template_tier_ = tier ? std::optional{read_tier(*tier)} : std::nullopt;
}

void chunk_reader::end(std::vector<event>&) {}  // every frame was read whole: nothing is owed

bool chunk_reader::complete() const noexcept {
  return done_ && !failed_ && !choices_.empty() && std::ranges::all_of(choices_, &choice::ended);
}

}  // namespace naru::dialects::openai_chat
