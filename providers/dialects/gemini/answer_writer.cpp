#include "providers/dialects/gemini/writers.hpp"

namespace naru::dialects::gemini {
namespace {

/// A candidate's parts, each kind of words joined as long as nothing else comes between.
class built_choice {
 public:
  choice_end end;

  void say(std::string_view text) {
    if (thinking_) flush();
    text_ += text;
    end.said.add(text);
  }
  void think(const reasoning_delta& e) {
    if (!thinking_ || e.redacted) flush();
    thinking_ = true;
    thought_.text += e.text;
    thought_.redacted = e.redacted;
    if (e.signature.empty()) return;
    thought_.signature = e.signature;
    flush();
  }
  template <class Write>
  void add(Write write) {
    flush();
    write(writer_);
  }
  /// The elements of `parts`, closed.
  std::string_view parts() {
    flush();
    write_calls(writer_, end);
    writer_.end_array();
    return parts_;
  }

 private:
  void flush() {
    if (thinking_) write_thought(writer_, thought_);
    if (!text_.empty()) write_text(writer_, text_);
    text_.clear();
    thought_ = {};
    thinking_ = false;
  }

  std::string parts_;
  json::writer writer_ = begun(parts_);
  std::string text_;
  reasoning_delta thought_;
  bool thinking_ = false;

  static json::writer begun(std::string& out) {
    json::writer w(out);
    w.begin_array();
    return w;
  }
};

class builder {
 public:
  void operator()(const answer_start& e) { start_ = e; }
  void operator()(const text_delta& e) { choices_[e.choice].say(e.text); }
  void operator()(const refusal_delta& e) {
    choices_[e.choice].say(e.text);  // the form has no other words than text: the end tells what they are
    choices_[e.choice].end.refused = true;
  }
  void operator()(const reasoning_delta& e) { choices_[e.choice].think(e); }
  void operator()(const tool_call_start& e) {
    auto& call = choices_[e.choice].end.call(e.index);
    call.id = e.id, call.name = e.name, call.signature = e.signature;
  }
  void operator()(const tool_arguments_delta& e) { choices_[e.choice].end.call(e.index).arguments += e.piece; }
  void operator()(const logprobs_piece& e) { choices_[e.choice].end.logprobs.push_back(e.json); }
  void operator()(const finished& e) { choices_[e.choice].end.reason = e; }
  void operator()(const usage_report& e) { usage_ = e.usage; }
  void operator()(const keep_alive&) {}
  void operator()(const answer_failed&) {}  // told by write_failure instead
  void operator()(const citation& e) { choices_[e.choice].end.citations.push_back(e); }
  void operator()(const audio_delta& e) {
    choices_[e.choice].add([&](json::writer& w) { write_audio(w, e); });
  }
  void operator()(const image_made& e) {
    choices_[e.choice].add([&](json::writer& w) { write_image(w, e); });
  }
  void operator()(const embedding_made&) {}  // an answer of another form

  std::string write(std::string_view fallback_id) {
    std::string out;
    json::writer w(out);
    w.begin_object().key("candidates").begin_array();
    for (auto& [index, choice] : choices_) {
      w.begin_object().key("content").begin_object().key("parts").raw(choice.parts()).field("role", "model").end_object();
      write_end(w, choice.end);
      w.field("index", index).end_object();
    }
    w.end_array();
    if (usage_) {
      w.key("usageMetadata");
      write_usage(w, *usage_);
    }
    w.field("modelVersion", start_.model).field("responseId", start_.id.empty() ? fallback_id : std::string_view{start_.id});
    w.end_object();
    return out;
  }

 private:
  answer_start start_;
  std::optional<usage> usage_;
  std::map<std::uint32_t, built_choice> choices_;
};

}  // namespace

std::string write_answer(const std::vector<event>& events, std::string_view fallback_id) {
  builder b;
  for (const auto& e : events) std::visit(b, e);
  return b.write(fallback_id);
}

std::string write_count(const std::vector<event>& events) {
  usage counted;
  for (const auto& e : events) {
    if (const auto* report = std::get_if<usage_report>(&e)) counted = report->usage;
  }
  std::string out;
  json::writer w(out);
  w.begin_object().field("totalTokens", counted.input.value);
  if (counted.cached.value != 0) w.field("cachedContentTokenCount", counted.cached.value);
  if (counted.audio_input.value != 0) {
    w.key("promptTokensDetails").begin_array();
    w.begin_object().field("modality", "TEXT").field("tokenCount", counted.input.value - counted.audio_input.value).end_object();
    w.begin_object().field("modality", "AUDIO").field("tokenCount", counted.audio_input.value).end_object().end_array();
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::gemini
