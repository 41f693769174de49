#include "providers/dialects/gemini/writers.hpp"

namespace naru::dialects::gemini {
namespace {

/// One GenerateContentResponse per event, as SSE or as the elements of one JSON array. What an end belongs to (reasons, sources, usage)
/// is told in the last frame, when the stream has ended in order: a cut never looks whole. Shard-local.
class frame_writer final : public stream_writer {
 public:
  frame_writer(const chat_request& asked, std::string_view fallback_id)
      : as_array_(asked.stream_as_array), id_(fallback_id), model_(asked.model) {}

  void write(const event& e, std::string& out) override {
    std::visit([&](const auto& what) { on(what, out); }, e);
  }

  void finish(std::string& out) override {
    if (!ends_.empty() || usage_) {
      frame(out, [&](json::writer& w) {
        if (ends_.empty()) return;
        w.key("candidates").begin_array();
        for (auto& [index, end] : ends_) {
          w.begin_object().key("content").begin_object().key("parts").begin_array();
          write_calls(w, end);  // none is left where the choice has an end
          write_text(w, {});
          w.end_array().field("role", "model").end_object();
          write_end(w, end);
          w.field("index", index).end_object();
        }
        w.end_array();
      });
    }
    if (as_array_) out += begun_ ? "]\n" : "[]\n";
  }

  void fail(const error& e, std::string_view request_id, std::string& out) override {
    const std::string body = write_error(e, request_id);
    if (as_array_) {
      separate(out);
      out.append(body).append("]\n");
      return;
    }
    // Google's own SDK takes a frame with an error for an answer without candidates, and raises only for bytes that are no frame; other
    // readers skip such bytes. So it is told both ways.
    out.append("data: ").append(body).append("\n\n").append(body).append("\n");
  }

  [[nodiscard]] std::string_view content_type() const noexcept override { return as_array_ ? "application/json" : "text/event-stream"; }
  /// White space is skipped by all readers of both shapes; not all that split this form's stream by hand know comments.
  [[nodiscard]] std::string_view ping() const noexcept override { return "\n"; }
  void remark(std::string_view, std::string&) const override {}

 private:
  void on(const answer_start& e, std::string&) {
    if (!e.id.empty()) id_ = e.id;
    if (!e.model.empty()) model_ = e.model;
  }
  void on(const text_delta& e, std::string& out) { say(e.choice, e.text, out); }
  void on(const refusal_delta& e, std::string& out) {
    say(e.choice, e.text, out);
    ends_[e.choice].refused = true;
  }
  void on(const reasoning_delta& e, std::string& out) {
    if (e.text.empty() && e.signature.empty()) return;
    parts(e.choice, out, [&](json::writer& w) { write_thought(w, e); });
  }
  void on(const tool_call_start& e, std::string&) {
    auto& call = ends_[e.choice].call(e.index);
    call.id = e.id, call.name = e.name, call.signature = e.signature;
  }
  void on(const tool_arguments_delta& e, std::string&) { ends_[e.choice].call(e.index).arguments += e.piece; }
  void on(const logprobs_piece& e, std::string&) { ends_[e.choice].logprobs.push_back(e.json); }
  void on(const finished& e, std::string& out) {
    choice_end& end = ends_[e.choice];
    end.reason = e;
    if (end.calls.empty()) return;
    std::string calls;
    json::writer w(calls);
    w.begin_array();
    write_calls(w, end);
    w.end_array();
    if (calls != "[]") candidate(e.choice, calls, out);
  }
  void on(const usage_report& e, std::string&) { usage_ = e.usage; }
  void on(const keep_alive&, std::string&) {}
  void on(const answer_failed&, std::string&) {}  // told by `fail`, in our own words
  void on(const citation& e, std::string&) { ends_[e.choice].citations.push_back(e); }
  void on(const audio_delta& e, std::string& out) {
    if (e.data.empty() && e.transcript.empty()) return;
    parts(e.choice, out, [&](json::writer& w) { write_audio(w, e); });
  }
  void on(const image_made& e, std::string& out) {
    parts(e.choice, out, [&](json::writer& w) { write_image(w, e); });
  }
  void on(const embedding_made&, std::string&) {}  // an answer of another form

  void say(std::uint32_t choice, std::string_view text, std::string& out) {
    if (text.empty()) return;
    ends_[choice].said.add(text);
    parts(choice, out, [&](json::writer& w) { write_text(w, text); });
  }
  template <class Write>
  void parts(std::uint32_t choice, std::string& out, Write write) {
    std::string made;
    json::writer w(made);
    w.begin_array();
    write(w);
    w.end_array();
    candidate(choice, made, out);
  }
  void candidate(std::uint32_t choice, std::string_view parts, std::string& out) {
    frame(out, [&](json::writer& w) {
      w.key("candidates").begin_array().begin_object().key("content").begin_object();
      w.key("parts").raw(parts).field("role", "model").end_object().field("index", choice).end_object().end_array();
    });
  }

  template <class Write>
  void frame(std::string& out, Write write) {
    if (as_array_) {
      separate(out);
    } else {
      out += "data: ";
    }
    json::writer w(out);
    w.begin_object();
    write(w);
    if (usage_) {
      w.key("usageMetadata");
      write_usage(w, *usage_);
    }
    w.field("modelVersion", model_).field("responseId", id_).end_object();
    if (!as_array_) out += "\n\n";
  }
  void separate(std::string& out) {
    out += begun_ ? ",\n" : "[";
    begun_ = true;
  }

  const bool as_array_;
  bool begun_ = false;  ///< the array is open
  std::string id_, model_;
  choice_ends ends_;
  std::optional<usage> usage_;
};

}  // namespace

std::unique_ptr<stream_writer> make_frame_writer(const chat_request& asked, std::string_view fallback_id) {
  return std::make_unique<frame_writer>(asked, fallback_id);
}

}  // namespace naru::dialects::gemini
