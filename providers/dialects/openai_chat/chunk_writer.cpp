#include <optional>
#include <utility>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::openai_chat {
namespace {

using json::append_string;

/// One chunk per event, as the official SDKs want them: the role in a choice's first delta, a call's id and name in its first piece,
/// `usage` null on every chunk when a usage chunk was asked for. Shard-local.
class chunk_writer final : public stream_writer {
 public:
  chunk_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created)
      : include_usage_(asked.include_usage), id_(fallback_id), model_(asked.model), created_(created) {}

  void write(const event& e, std::string& out) override {
    std::visit([&](const auto& what) { on(what, out); }, e);
  }
  void finish(std::string& out) override {
    if (include_usage_ && usage_) write_usage_chunk(out);
    out += "data: [DONE]\n\n";
  }
  void fail(const error& e, std::string_view request_id, std::string& out) override {
    out.append("data: ").append(write_error(e, request_id)).append("\n\n");
  }

 private:
  void on(const answer_start& e, std::string&) {
    if (!e.id.empty()) id_ = e.id;
    if (!e.model.empty()) model_ = e.model;
    if (e.created != 0) created_ = e.created;
    head_.clear();
  }
  void on(const text_delta& e, std::string& out) {
    if (!thoughts_.empty()) thought_of(e.choice).text = {};  // nobody signed what came before
    text_chunk(e.choice, "content", e.text, out);
  }
  void on(const refusal_delta& e, std::string& out) { text_chunk(e.choice, "refusal", e.text, out); }
  void on(const reasoning_delta& e, std::string& out) {
    if (!e.text.empty()) text_chunk(e.choice, "reasoning_content", e.text, out);
    thought& t = thought_of(e.choice);
    t.text += e.text;
    if (e.signature.empty()) return;
    const signed_thought whole{std::exchange(t.text, {}), travelling_signature(e.signature, e.redacted)};
    member(e.choice, out, [&](json::writer& w) { t.next = write_reasoning_details(w, {&whole, 1}, t.next); });
  }
  void on(const tool_call_start& e, std::string& out) {
    open(e.choice, out);
    call_piece(e.index, out);
    out += ",\"id\":";
    append_string(out, call_id(e.id, id_, e.choice, e.index));
    out += ",\"type\":\"function\",\"function\":{\"name\":";
    append_string(out, e.name);
    out += ",\"arguments\":\"\"}";
    if (!e.signature.empty()) {
      out += ",\"extra_content\":{\"google\":{\"thought_signature\":";
      append_string(out, e.signature);
      out += "}}";
    }
    out += "}]}";
    close(out);
  }
  void on(const tool_arguments_delta& e, std::string& out) {
    open(e.choice, out);
    call_piece(e.index, out);
    out += ",\"function\":{\"arguments\":";
    append_string(out, e.piece);
    out += "}}]}";
    close(out);
  }
  void on(const logprobs_piece& e, std::string& out) {
    open(e.choice, out);
    out += '}';
    close(out, e.json);
  }
  void on(const finished& e, std::string& out) {
    open(e.choice, out);
    if (comma_) out += ",\"content\":\"\"";  // nothing was said: the first delta is also the last
    out += '}';
    close(out, "null", to_string(e.reason));
  }
  void on(const usage_report& e, std::string&) { usage_ = e.usage; }
  void on(const keep_alive&, std::string&) {}
  void on(const answer_failed&, std::string&) {}  // told by `fail`, in our own words
  void on(const citation& e, std::string& out) {
    if (!e.url.empty()) member(e.choice, out, [&](json::writer& w) { write_annotations(w, {&e, 1}); });
  }
  void on(const image_made& e, std::string& out) {
    member(e.choice, out, [&](json::writer& w) { write_images(w, {&e, 1}); });
  }
  void on(const audio_delta& e, std::string& out) {
    member(e.choice, out, [&](json::writer& w) {
      w.key("audio");
      write_audio(w, e);
    });
  }
  void on(const embedding_made&, std::string&) {}  // an answer of another form

  /// What a choice has thought since the last signature, which proves all of it; most vendors sign nothing.
  struct thought {
    std::string text;
    std::uint32_t next = 0;  ///< index of the next element of reasoning_details
  };
  thought& thought_of(std::uint32_t choice) {
    if (thoughts_.size() <= choice) thoughts_.resize(std::size_t{choice} + 1);
    return thoughts_[choice];
  }

  /// A chunk whose delta has one member, which `write_member` writes.
  template <class Write>
  void member(std::uint32_t choice, std::string& out, Write write_member) {
    std::string made;
    json::writer w{made};
    w.begin_object();
    write_member(w);
    w.end_object();
    open(choice, out);
    if (comma_) out += ',';
    out.append(made, 1);  // without its first brace: the delta's own is open
    close(out);
  }

  void text_chunk(std::uint32_t choice, std::string_view key, std::string_view text, std::string& out) {
    open(choice, out);
    if (comma_) out += ',';
    append_string(out, key);
    out += ':';
    append_string(out, text);
    out += '}';
    close(out);
  }
  void call_piece(std::uint32_t index, std::string& out) {
    if (comma_) out += ',';
    out += "\"tool_calls\":[{\"index\":";
    out += std::to_string(index);
  }

  /// Begins a chunk up to the inside of its delta, where the role stands already in a choice's first one (`comma_`).
  void open(std::uint32_t choice, std::string& out) {
    if (head_.empty()) make_head();
    out += head_;
    out += std::to_string(choice);
    out += ",\"delta\":{";
    if (seen_.size() <= choice) seen_.resize(std::size_t{choice} + 1);
    comma_ = !seen_[choice];
    if (comma_) out += "\"role\":\"assistant\"";
    seen_[choice] = true;
  }
  void close(std::string& out, std::string_view logprobs = "null", std::string_view reason = {}) const {
    out += ",\"logprobs\":";
    out += logprobs;
    out += ",\"finish_reason\":";
    if (reason.empty())
      out += "null";
    else
      append_string(out, reason);
    out += include_usage_ ? "}],\"usage\":null}\n\n" : "}]}\n\n";
  }

  void write_usage_chunk(std::string& out) {
    out += "data: ";
    json::writer w{out};
    w.begin_object().field("id", id_).field("object", "chat.completion.chunk").field("created", created_).field("model", model_);
    w.key("choices").begin_array().end_array();  // clients index into it: it must be there, and empty
    w.key("usage");
    write_usage(w, *usage_);
    if (!usage_->tier.empty()) w.field("service_tier", usage_->tier);
    w.end_object();
    out += "\n\n";
  }

  /// What every chunk begins with, made once.
  void make_head() {
    head_ = "data: {\"id\":";
    append_string(head_, id_);
    head_ += ",\"object\":\"chat.completion.chunk\",\"created\":" + std::to_string(created_) + ",\"model\":";
    append_string(head_, model_);
    head_ += ",\"choices\":[{\"index\":";
  }

  const bool include_usage_;
  bool comma_ = false;  ///< the open delta holds the role already
  std::string id_, model_;
  std::uint64_t created_;
  std::string head_;
  std::vector<bool> seen_;  ///< choices whose role was told
  std::vector<thought> thoughts_;
  std::optional<usage> usage_;
};

}  // namespace

std::unique_ptr<stream_writer> make_chunk_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created) {
  return std::make_unique<chunk_writer>(asked, fallback_id, created);
}

}  // namespace naru::dialects::openai_chat
