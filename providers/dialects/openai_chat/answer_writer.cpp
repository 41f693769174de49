#include <algorithm>
#include <optional>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::openai_chat {
namespace {

using json::writer;

struct built_call {
  std::string id, name, arguments, signature;
};
struct built_choice {
  std::uint32_t index = 0;
  std::string text, refusal, reasoning;
  std::size_t unsigned_from = 0;  ///< of `reasoning`: where the thought began that no signature has closed yet
  std::vector<signed_thought> thoughts;
  std::vector<built_call> calls;
  std::vector<std::string> logprobs;
  std::vector<citation> citations;
  std::vector<image_made> images;
  std::optional<audio_delta> audio;
  std::optional<finish_reason> reason;
};

/// Puts the pieces together; choices in the order of their index.
class builder {
 public:
  void operator()(const answer_start& e) { start_ = e; }
  void operator()(const text_delta& e) {
    auto& c = at(e.choice);
    c.text += e.text;
    c.unsigned_from = c.reasoning.size();  // nobody signed what came before
  }
  void operator()(const refusal_delta& e) { at(e.choice).refusal += e.text; }
  void operator()(const reasoning_delta& e) {
    auto& c = at(e.choice);
    c.reasoning += e.text;
    if (e.signature.empty()) return;
    c.thoughts.push_back({c.reasoning.substr(c.unsigned_from), travelling_signature(e.signature, e.redacted)});
    c.unsigned_from = c.reasoning.size();
  }
  void operator()(const tool_call_start& e) {
    auto& c = call(e.choice, e.index);
    c.id = e.id, c.name = e.name, c.signature = e.signature;
  }
  void operator()(const tool_arguments_delta& e) { call(e.choice, e.index).arguments += e.piece; }
  void operator()(const logprobs_piece& e) { at(e.choice).logprobs.push_back(e.json); }
  void operator()(const finished& e) { at(e.choice).reason = e.reason; }
  void operator()(const usage_report& e) { usage_ = e.usage; }
  void operator()(const keep_alive&) {}
  void operator()(const answer_failed&) {}  // told by write_failure instead
  void operator()(const citation& e) { at(e.choice).citations.push_back(e); }
  void operator()(const image_made& e) { at(e.choice).images.push_back(e); }
  void operator()(const audio_delta& e) {
    auto& all = at(e.choice).audio;
    if (!all) all.emplace();
    if (!e.id.empty()) all->id = e.id;
    all->data += e.data;
    all->transcript += e.transcript;
  }
  void operator()(const embedding_made&) {}  // an answer of another form

  [[nodiscard]] const answer_start& start() const noexcept { return start_; }
  [[nodiscard]] const std::optional<usage>& used() const noexcept { return usage_; }
  [[nodiscard]] const std::vector<built_choice>& choices() const noexcept { return choices_; }

 private:
  built_choice& at(std::uint32_t index) {
    const auto place = std::ranges::lower_bound(choices_, index, {}, &built_choice::index);
    if (place != choices_.end() && place->index == index) return *place;
    built_choice fresh;
    fresh.index = index;
    return *choices_.insert(place, std::move(fresh));
  }
  built_call& call(std::uint32_t choice, std::uint32_t index) {
    auto& calls = at(choice).calls;
    if (calls.size() <= index) calls.resize(std::size_t{index} + 1);
    return calls[index];
  }

  answer_start start_;
  std::optional<usage> usage_;
  std::vector<built_choice> choices_;
};

/// One piece goes through as it came; the pieces of a stream are joined list by list.
void write_logprobs(writer& w, const std::vector<std::string>& pieces) {
  w.key("logprobs");
  if (pieces.empty()) {
    w.null();
    return;
  }
  if (pieces.size() == 1) {
    w.raw(pieces.front());
    return;
  }
  w.begin_object();
  for (const std::string_view list : {"content", "refusal"}) {
    w.key(list).begin_array();
    for (const auto& piece : pieces) {
      const auto doc = json::document::parse(piece);
      json::object o;
      if (!doc || doc->root().get(o) != simdjson::SUCCESS) continue;  // it was an object when it was read
      const auto items = json::get_array(o, list);
      if (!items) continue;
      for (const json::value item : *items) w.raw(json::to_text(item));
    }
    w.end_array();
  }
  w.end_object();
}

void write_calls(writer& w, const built_choice& c, std::string_view answer_id) {
  if (c.calls.empty()) return;
  w.key("tool_calls").begin_array();
  std::uint32_t index = 0;
  for (const auto& call : c.calls) {
    w.begin_object().field("id", call_id(call.id, answer_id, c.index, index++)).field("type", "function");
    w.key("function").begin_object().field("name", call.name);
    w.field("arguments", call.arguments.empty() ? std::string_view{"{}"} : std::string_view{call.arguments}).end_object();
    if (!call.signature.empty()) {
      w.key("extra_content").begin_object().key("google").begin_object();
      w.field("thought_signature", call.signature).end_object().end_object();
    }
    w.end_object();
  }
  w.end_array();
}

void write_choice(writer& w, const built_choice& c, std::string_view answer_id) {
  w.begin_object().field("index", c.index);
  w.key("message").begin_object().field("role", "assistant");
  w.key("content");
  if (c.text.empty() && (!c.calls.empty() || !c.refusal.empty()))
    w.null();
  else
    w.string(c.text);
  w.key("refusal");
  if (c.refusal.empty())
    w.null();
  else
    w.string(c.refusal);
  if (!c.reasoning.empty()) w.field("reasoning_content", c.reasoning);
  write_reasoning_details(w, c.thoughts);
  write_calls(w, c, answer_id);
  write_annotations(w, c.citations);
  write_images(w, c.images);
  if (c.audio) {
    w.key("audio");
    write_audio(w, *c.audio);
  }
  w.end_object();
  write_logprobs(w, c.logprobs);
  w.field("finish_reason", to_string(c.reason.value_or(c.calls.empty() ? finish_reason::stop : finish_reason::tool_calls)));
  w.end_object();
}

}  // namespace

std::string call_id(std::string_view given, std::string_view answer_id, std::uint32_t choice, std::uint32_t index) {
  if (!given.empty()) return std::string{given};
  return "call_" + std::string{answer_id.substr(0, 40)} + '_' + std::to_string(choice) + '_' + std::to_string(index);
}

std::string write_answer(const std::vector<event>& events, std::string_view fallback_id, std::uint64_t created) {
  builder b;
  for (const auto& e : events) std::visit(b, e);
  const std::string_view id = b.start().id.empty() ? fallback_id : std::string_view{b.start().id};
  std::string out;
  writer w{out};
  w.begin_object();
  w.field("id", id).field("object", "chat.completion");
  w.field("created", b.start().created == 0 ? created : b.start().created).field("model", b.start().model);
  w.key("choices").begin_array();
  for (const auto& c : b.choices()) write_choice(w, c, id);
  w.end_array();
  if (const auto& u = b.used()) {
    w.key("usage");
    write_usage(w, *u);
    if (!u->tier.empty()) w.field("service_tier", u->tier);
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_chat
