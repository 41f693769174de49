#include <array>

#include "load_tests/mock_upstream/anthropic_check.hpp"
#include "load_tests/mock_upstream/dialect.hpp"
#include "load_tests/mock_upstream/look.hpp"

// Anthropic's Messages, versions 2023-06-01 and 2026-10-21, as of 2026-11.
namespace naru::mock {
namespace {

constexpr std::string_view signature = "c2lnbmVkLWJ5LW1vY2s=";

std::string_view stop_word(ending e) {
  switch (e) {
    case ending::stop_sequence: return "stop_sequence";
    case ending::length: return "max_tokens";
    case ending::tool_calls: return "tool_use";
    case ending::refusal:
    case ending::blocked: return "refusal";
    default: return "end_turn";
  }
}

/// input_tokens leaves out what was read from the cache or written to it; output_tokens includes the thinking.
void write_usage(json::writer& w, const token_counts& t, std::uint64_t output, const behaviour& b) {
  w.begin_object();
  write_tokens(w, "input_tokens", t.prompt - t.cached - t.cache_write, b);
  w.field("cache_creation_input_tokens", t.cache_write).field("cache_read_input_tokens", t.cached);
  w.key("cache_creation")
      .begin_object()
      .field("ephemeral_5m_input_tokens", t.cache_write)
      .field("ephemeral_1h_input_tokens", 0)
      .end_object();
  write_tokens(w, "output_tokens", output, b);
  w.field("service_tier", "standard").end_object();
}

void write_stop(json::writer& w, const content& c) {
  w.field("stop_reason", stop_word(c.ending)).key("stop_sequence");
  c.stop_hit.empty() ? w.null() : w.string(c.stop_hit);
  if (c.ending == ending::refusal || c.ending == ending::blocked) {
    w.key("stop_details")
        .begin_object()
        .field("type", "refusal")
        .field("category", "mock")
        .field("explanation", "The mock was asked to refuse.");
    w.end_object();
  }
}

void write_message_head(json::writer& w, const facts& f, std::uint64_t sequence) {
  w.field("id", "msg_mock_" + std::to_string(sequence)).field("type", "message").field("role", "assistant").field("model", f.model);
}

std::string call_id(const made_call& call) { return "toolu_" + call.id.substr(5); }

std::string event(std::string_view name, const std::string& data) { return "event: " + std::string(name) + "\ndata: " + data + "\n\n"; }

/// Writes the events of one stream, block by block.
class event_writer {
 public:
  std::vector<frame> frames;

  template <class Fields>
  void add(std::string_view name, bool bears_content, Fields fields) {
    std::string data;
    json::writer w(data);
    w.begin_object().field("type", name);
    fields(w);
    w.end_object();
    frames.push_back({event(name, data), bears_content});
  }

  /// @param start   writes the fields of content_block
  /// @param deltas  pairs of delta type with its field, and the value
  template <class Start>
  void block(Start start, const std::vector<std::array<std::string_view, 3>>& deltas) {
    add("content_block_start", false, [&](json::writer& w) {
      w.field("index", index_).key("content_block").begin_object();
      start(w);
      w.end_object();
    });
    for (const auto& [type, field, value] : deltas) {
      add("content_block_delta", true, [&](json::writer& w) {
        w.field("index", index_).key("delta").begin_object().field("type", type).field(field, value).end_object();
      });
    }
    add("content_block_stop", false, [&](json::writer& w) { w.field("index", index_); });
    ++index_;
  }

 private:
  std::size_t index_ = 0;
};

void add_blocks(event_writer& out, const content& c) {
  if (!c.thinking.empty()) {
    out.block([](json::writer& w) { w.field("type", "thinking").field("thinking", "").field("signature", ""); },
              {{"thinking_delta", "thinking", c.thinking}, {"signature_delta", "signature", signature}});
  }
  if (!c.pieces.empty()) {
    std::vector<std::array<std::string_view, 3>> deltas;
    for (const auto& piece : c.pieces) deltas.push_back({"text_delta", "text", piece});
    out.block([](json::writer& w) { w.field("type", "text").field("text", ""); }, deltas);
  }
  for (const auto& call : c.calls) {
    std::vector<std::array<std::string_view, 3>> deltas{{"input_json_delta", "partial_json", ""}};
    for (std::size_t at = 0; at < call.arguments.size(); at += 7) {
      deltas.push_back({"input_json_delta", "partial_json", std::string_view(call.arguments).substr(at, 7)});
    }
    out.block(
        [&](json::writer& w) {
          w.field("type", "tool_use").field("id", call_id(call)).field("name", call.name).key("input").begin_object().end_object();
        },
        deltas);
  }
}

std::string_view type_of(int status) {
  switch (status) {
    case 401: return "authentication_error";
    case 402: return "billing_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 409: return "conflict_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 504: return "timeout_error";
    case 529: return "overloaded_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

std::string error_json(std::string_view type, std::string_view message, const std::string& request_id = {}) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("type", "error").key("error").begin_object().field("type", type).field("message", message).end_object();
  if (!request_id.empty()) w.field("request_id", request_id);
  w.end_object();
  return out;
}

std::string_view message_of(int status) {
  switch (status) {
    case 401: return "invalid x-api-key";
    case 429: return "This request would exceed your organization's rate limit of 50 requests per minute.";
    case 500: return "Internal server error";
    case 529: return "Overloaded";
    default: return "The mock was asked to answer with this status.";
  }
}

class anthropic final : public dialect {
 public:
  void check_key(const http_request& r, std::string_view key) const override {
    if (key.empty()) return;
    const std::string_view bearer = r.header("authorization");
    const std::string_view given = bearer.starts_with("Bearer ") ? bearer.substr(7) : r.header("x-api-key");
    if (given.empty()) throw vendor_error{401, "x-api-key header is required", "", ""};
    if (given != key) throw vendor_error{401, "invalid x-api-key", "", ""};
  }

  std::string model_of(const http_request&, json::object body) const override { return std::string(string_of(body, "model")); }

  facts read(const http_request& r, json::object body, const behaviour& b) const override {
    const std::string_view version = r.header("anthropic-version");
    if (version.empty()) throw vendor_error{400, "anthropic-version: header is required", "", ""};
    if (version != "2023-06-01" && version != "2026-10-21") {
      throw vendor_error{400, "anthropic-version: \"" + std::string(version) + "\" is not a valid version", "", ""};
    }
    return read_anthropic_messages(body, version, r.path.ends_with("/count_tokens"), b);
  }

  reply message(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    reply out{200, {}, {}};
    json::writer w(out.body);
    w.begin_object();
    write_message_head(w, f, sequence);
    w.key("content").begin_array();
    if (!c.thinking.empty())
      w.begin_object().field("type", "thinking").field("thinking", c.thinking).field("signature", signature).end_object();
    if (!c.pieces.empty()) w.begin_object().field("type", "text").field("text", c.text()).end_object();
    for (const auto& call : c.calls) {
      w.begin_object()
          .field("type", "tool_use")
          .field("id", call_id(call))
          .field("name", call.name)
          .key("input")
          .raw(call.arguments)
          .end_object();
    }
    w.end_array();
    write_stop(w, c);
    if (b.usage != usage_form::none) {
      w.key("usage");
      write_usage(w, c.tokens, c.tokens.output + c.tokens.reasoning, b);
    }
    w.end_object();
    return out;
  }

  std::vector<frame> frames(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    event_writer out;
    out.add("message_start", false, [&](json::writer& w) {
      w.key("message").begin_object();
      write_message_head(w, f, sequence);
      w.key("content").begin_array().end_array().key("stop_reason").null().key("stop_sequence").null();
      if (b.usage != usage_form::none) {
        w.key("usage");
        write_usage(w, c.tokens, 1, b);
      }
      w.end_object();
    });
    out.frames.push_back({ping(), false});
    add_blocks(out, c);
    out.add("message_delta", false, [&](json::writer& w) {
      w.key("delta").begin_object();
      write_stop(w, c);
      w.end_object();
      if (b.usage == usage_form::none) return;
      w.key("usage").begin_object();
      write_tokens(w, "output_tokens", c.tokens.output + c.tokens.reasoning, b);
      w.end_object();
    });
    out.add("message_stop", false, [](json::writer&) {});
    return std::move(out.frames);
  }

  std::optional<reply> count(const facts&, const content& c) const override {
    return reply{200, {}, "{\"input_tokens\":" + std::to_string(c.tokens.prompt) + "}"};
  }

  reply models(std::string_view id) const override {
    if (!id.empty() && read_behaviour(id).status == 404) return error({404, "model: " + std::string(id), "", ""}, {}, 0);
    reply out{200, {}, {}};
    json::writer w(out.body);
    const auto one = [&w](std::string_view name) {
      w.begin_object()
          .field("type", "model")
          .field("id", name)
          .field("display_name", name)
          .field("created_at", "2026-11-01T00:00:00Z")
          .end_object();
    };
    if (!id.empty()) {
      one(id);
      return out;
    }
    w.begin_object().key("data").begin_array();
    for (const auto& name : listed_models()) one(name);
    w.end_array().field("has_more", false).field("first_id", listed_models().front()).field("last_id", listed_models().back()).end_object();
    return out;
  }

  reply error(const vendor_error& e, const behaviour& b, std::uint64_t sequence) const override {
    const std::string id = "req_mock_" + std::to_string(sequence);
    reply out{e.status, headers(sequence), error_json(type_of(e.status), e.message, id)};
    if (e.status == 429) {
      out.headers.emplace_back("anthropic-ratelimit-requests-limit", "50");
      out.headers.emplace_back("anthropic-ratelimit-requests-remaining", "0");
      out.headers.emplace_back("anthropic-ratelimit-requests-reset", "2026-11-23T12:00:00Z");
    }
    if (b.retry_after) {
      const auto ms = b.retry_after->count();
      if (ms % 1000 != 0) out.headers.emplace_back("retry-after-ms", std::to_string(ms));
      out.headers.emplace_back("retry-after", std::to_string((ms + 999) / 1000));
    }
    return out;
  }

  reply refusal(const facts& f, const behaviour& b, std::uint64_t sequence) const override {
    switch (b.refusal) {
      case refuses::quota: return error({402, "Your credit balance is too low to access the Anthropic API.", "", ""}, b, sequence);
      case refuses::context: return error({400, "prompt is too long: 200001 tokens > 200000 maximum", "", ""}, b, sequence);
      case refuses::content_policy: return error({400, "Output blocked by content filtering policy", "", ""}, b, sequence);
      default: break;
    }
    const std::string message = b.status == 404 ? "model: " + f.model : std::string(message_of(b.status));
    return error({b.status, message, "", ""}, b, sequence);
  }

  std::string error_frame() const override { return event("error", error_json("overloaded_error", "Overloaded")); }
  std::string broken_frame() const override { return event("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,\"del"); }
  std::string ping() const override { return event("ping", "{\"type\":\"ping\"}"); }

  std::vector<std::pair<std::string, std::string>> headers(std::uint64_t sequence) const override {
    return {{"request-id", "req_mock_" + std::to_string(sequence)},
            {"anthropic-organization-id", "org-mock"},
            {"set-cookie", "_cfuvid=mock; path=/; HttpOnly"}};
  }
};

}  // namespace

const dialect& anthropic_dialect() {
  static const anthropic one;
  return one;
}

}  // namespace naru::mock
