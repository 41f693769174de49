#include <utility>

#include "providers/dialects/anthropic_messages/client_answer.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// Blocks of this form follow one another: a block that has begun ends before the next one does, and only the first that is not told
/// whole is open. So what comes of later ones meanwhile (calls whose arguments a vendor mixes) waits in them. Shard-local.
class event_writer final : public stream_writer {
 public:
  event_writer(std::string_view model, std::string_view fallback_id) : id_(fallback_id), model_(model), content_(fallback_id) {}

  void write(const event& e, std::string& out) override {
    if (const auto* start = std::get_if<answer_start>(&e)) return begin(*start);
    if (const auto* u = std::get_if<usage_report>(&e)) {
      used_ = u->usage;
      return;
    }
    if (const auto* end = std::get_if<finished>(&e)) {
      if (end->choice == 0) close_all(*end, out);
    } else if (content_.take(e)) {
      tell_start(out);
      tell_blocks(false, out);
    }
  }

  /// A stream that is relayed as it came was told nothing here, and has its own end.
  void finish(std::string& out) override {
    if (!started_) return;
    tell_blocks(true, out);
    frame("message_delta", out, [&](json::writer& w) {
      w.key("delta").begin_object();
      write_ending(w, {end_, content_.refusal(), content_.calls() != 0});
      w.end_object().key("usage");
      write_usage(w, used_.value_or(usage{}));
    });
    frame("message_stop", out, [](json::writer&) {});
  }

  void fail(const error& e, std::string_view request_id, std::string& out) override {
    out.append("event: error\ndata: ").append(write_error(e, request_id)).append("\n\n");
  }
  [[nodiscard]] std::string_view ping() const noexcept override { return "event: ping\ndata: {\"type\": \"ping\"}\n\n"; }

 private:
  void begin(const answer_start& e) {
    if (!e.id.empty()) id_ = e.id;
    if (!e.model.empty()) model_ = e.model;
    content_.name(id_);
  }

  void close_all(const finished& e, std::string& out) {
    end_ = e;
    tell_start(out);
    tell_blocks(true, out);
  }

  /// Waits for the first content, so that the counts of input, which vendors of this form tell first, are in it.
  void tell_start(std::string& out) {
    if (std::exchange(started_, true)) return;
    frame("message_start", out, [&](json::writer& w) {
      w.key("message").begin_object().field("id", id_).field("type", "message").field("role", "assistant").field("model", model_);
      w.key("content").begin_array().end_array().key("stop_reason").null().key("stop_sequence").null().key("usage");
      write_usage(w, used_.value_or(usage{}));
      w.end_object();
    });
  }

  /// @param all  nothing more will come: every block is whole
  void tell_blocks(bool all, std::string& out) {
    auto& blocks = content_.blocks();
    while (told_ < blocks.size()) {
      block& b = blocks[told_];
      const bool followed = told_ + 1 < blocks.size();
      if (!b.open) tell_block_start(b, out);
      tell_news(b, out);
      const bool whole = b.what == block::kind::redacted || (followed && (b.what != block::kind::tool || b.arguments.reached()));
      if (!whole && !all) return;
      tell_block_end(b, out);
      ++told_;
    }
  }

  void tell_block_start(block& b, std::string& out) {
    b.open = true;
    of_block("content_block_start", out, [&](json::writer& w) {
      w.key("content_block").begin_object();
      switch (b.what) {
        case block::kind::text: w.field("type", "text").field("text", ""); break;
        case block::kind::thinking: w.field("type", "thinking").field("thinking", "").field("signature", ""); break;
        case block::kind::redacted: w.field("type", "redacted_thinking").field("data", b.text); break;
        case block::kind::tool:
          w.field("type", "tool_use").field("id", b.id).field("name", b.name).key("input").begin_object().end_object();
          break;
      }
      w.end_object();
    });
    if (b.what == block::kind::redacted) b.text.clear();
  }

  void tell_news(block& b, std::string& out) {
    if (!b.text.empty()) {
      tell_piece(b.what, b.text, out);
      b.said = true;
      b.text.clear();
    }
    if (!b.signature.empty() && !std::exchange(b.signed_off, true)) {
      delta(out, [&](json::writer& w) { w.field("type", "signature_delta").field("signature", b.signature); });
    }
    for (; b.cited < b.citations.size(); ++b.cited) {
      delta(out, [&](json::writer& w) {
        w.field("type", "citations_delta").key("citation");
        write_citation(w, b.citations[b.cited]);
      });
    }
  }

  void tell_piece(block::kind what, std::string_view piece, std::string& out) {
    delta(out, [&](json::writer& w) {
      switch (what) {
        case block::kind::text: w.field("type", "text_delta").field("text", piece); break;
        case block::kind::thinking: w.field("type", "thinking_delta").field("thinking", piece); break;
        case block::kind::tool: w.field("type", "input_json_delta").field("partial_json", piece); break;
        case block::kind::redacted: break;  // whole in its start
      }
    });
  }

  /// A call without arguments has an empty object.
  void tell_block_end(const block& b, std::string& out) {
    if (b.what == block::kind::tool && !b.said) tell_piece(b.what, "{}", out);
    of_block("content_block_stop", out, [](json::writer&) {});
  }

  template <class Write>
  void delta(std::string& out, Write inside) {
    of_block("content_block_delta", out, [&](json::writer& w) {
      w.key("delta").begin_object();
      inside(w);
      w.end_object();
    });
  }
  template <class Write>
  void of_block(std::string_view name, std::string& out, Write inside) {
    frame(name, out, [&](json::writer& w) {
      w.field("index", told_);
      inside(w);
    });
  }
  /// The SDKs skip a frame without its `event:` line.
  template <class Write>
  void frame(std::string_view name, std::string& out, Write inside) {
    out.append("event: ").append(name).append("\ndata: ");
    json::writer w{out};
    w.begin_object().field("type", name);
    inside(w);
    w.end_object();
    out += "\n\n";
  }

  std::string id_, model_;
  content content_;
  std::size_t told_ = 0;  ///< blocks that are told whole: the index of the open one
  bool started_ = false;
  finished end_;
  std::optional<usage> used_;
};

}  // namespace

std::unique_ptr<stream_writer> make_stream_writer(std::string_view model, std::string_view fallback_id) {
  return std::make_unique<event_writer>(model, fallback_id);
}

}  // namespace naru::dialects::anthropic_messages
