#include <map>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"

namespace naru::dialects::openai_completions {
namespace {

using json::writer;

/// What an event adds to the text of a choice. A refusal is all that a model says in its place; reasoning and calls have none here.
struct said {
  std::uint32_t choice = 0;
  std::string_view text;
};
std::optional<said> text_of(const event& e) noexcept {
  if (const auto* t = std::get_if<text_delta>(&e)) return said{t->choice, t->text};
  if (const auto* r = std::get_if<refusal_delta>(&e)) return said{r->choice, r->text};
  if (const auto* a = std::get_if<audio_delta>(&e)) return said{a->choice, a->transcript};
  return std::nullopt;
}

/// The form knows no calls: an answer that made some has ended.
std::string_view reason_of(finish_reason r) noexcept { return to_string(r == finish_reason::tool_calls ? finish_reason::stop : r); }

struct head {
  std::string id, model;
  std::uint64_t created = 0;

  void take(const answer_start& e) {
    if (!e.id.empty()) id = e.id;
    if (!e.model.empty()) model = e.model;
    if (e.created != 0) created = e.created;
  }
  void write(writer& w) const {
    w.begin_object().field("id", id).field("object", "text_completion").field("created", created).field("model", model);
  }
};

void write_choice(writer& w, std::uint32_t index, std::string_view text, std::string_view reason) {
  w.begin_object().field("text", text).field("index", index).key("logprobs").null().key("finish_reason");
  if (reason.empty())
    w.null();
  else
    w.string(reason);
  w.end_object();
}

/// Shard-local.
class chunk_writer final : public stream_writer {
 public:
  chunk_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created)
      : include_usage_(asked.include_usage), head_{std::string{fallback_id}, std::string{asked.model}, created} {}

  void write(const event& e, std::string& out) override {
    if (const auto* start = std::get_if<answer_start>(&e)) head_.take(*start);
    if (const auto* report = std::get_if<usage_report>(&e)) usage_ = report->usage;
    if (const auto* end = std::get_if<finished>(&e)) chunk(end->choice, {}, reason_of(end->reason), out);
    if (const auto words = text_of(e); words && !words->text.empty()) chunk(words->choice, words->text, {}, out);
  }
  void finish(std::string& out) override {
    if (include_usage_ && usage_) {
      writer w{out.append("data: ")};
      head_.write(w);
      w.key("choices").begin_array().end_array().key("usage");
      openai_chat::write_usage(w, *usage_);
      w.end_object();
      out += "\n\n";
    }
    out += "data: [DONE]\n\n";
  }
  void fail(const error& e, std::string_view request_id, std::string& out) override {
    out.append("data: ").append(openai_chat::write_error(e, request_id)).append("\n\n");
  }

 private:
  void chunk(std::uint32_t choice, std::string_view text, std::string_view reason, std::string& out) {
    writer w{out.append("data: ")};
    head_.write(w);
    w.key("choices").begin_array();
    write_choice(w, choice, text, reason);
    w.end_array();
    if (include_usage_) w.key("usage").null();
    w.end_object();
    out += "\n\n";
  }

  const bool include_usage_;
  head head_;
  std::optional<usage> usage_;
};

}  // namespace

std::string write_answer(const std::vector<event>& events, std::string_view fallback_id, std::uint64_t created) {
  struct choice {
    std::string text;
    finish_reason reason = finish_reason::stop;
  };
  std::map<std::uint32_t, choice> choices;
  head h{std::string{fallback_id}, {}, created};
  std::optional<usage> used;
  for (const event& e : events) {
    if (const auto* start = std::get_if<answer_start>(&e)) h.take(*start);
    if (const auto* report = std::get_if<usage_report>(&e)) used = report->usage;
    if (const auto* end = std::get_if<finished>(&e)) choices[end->choice].reason = end->reason;
    if (const auto words = text_of(e)) choices[words->choice].text += words->text;
  }
  std::string out;
  writer w{out};
  h.write(w);
  w.key("choices").begin_array();
  for (const auto& [index, c] : choices) write_choice(w, index, c.text, reason_of(c.reason));
  w.end_array();
  if (used) {
    w.key("usage");
    openai_chat::write_usage(w, *used);
  }
  w.end_object();
  return out;
}

std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created) {
  return std::make_unique<chunk_writer>(asked, fallback_id, created);
}

}  // namespace naru::dialects::openai_completions
