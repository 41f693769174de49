#include "load_tests/mock_upstream/dialect.hpp"
#include "load_tests/mock_upstream/look.hpp"
#include "load_tests/mock_upstream/openai_check.hpp"

// OpenAI's chat completions, as of 2026-11 (npm openai 6.49.0). Reasoning is told as DeepSeek and its followers do, in
// `reasoning_content`, beside OpenAI's own `reasoning_tokens`.
namespace naru::mock {
namespace {

constexpr std::uint64_t created = 1795400000;

std::string id_of(std::uint64_t sequence) { return "chatcmpl-mock-" + std::to_string(sequence); }

std::string_view finish_word(ending e) {
  switch (e) {
    case ending::length: return "length";
    case ending::tool_calls: return "tool_calls";
    case ending::blocked: return "content_filter";
    default: return "stop";
  }
}

void write_usage(json::writer& w, const token_counts& t, const behaviour& b) {
  w.begin_object();
  write_tokens(w, "prompt_tokens", t.prompt, b);
  write_tokens(w, "completion_tokens", t.output + t.reasoning, b);
  write_tokens(w, "total_tokens", t.prompt + t.output + t.reasoning, b);
  w.key("prompt_tokens_details").begin_object();
  w.field("cached_tokens", t.cached).field("cache_write_tokens", t.cache_write).field("audio_tokens", 0).end_object();
  w.key("completion_tokens_details").begin_object();
  w.field("reasoning_tokens", t.reasoning).field("audio_tokens", 0).end_object();
  w.end_object();
}

void write_logprobs(json::writer& w, const std::vector<std::string>& pieces, std::uint64_t top) {
  const auto one = [&w](const std::string& token, double logprob) {
    w.field("token", token).field("logprob", logprob).key("bytes").begin_array();
    for (const char c : token) w.number(static_cast<unsigned>(static_cast<unsigned char>(c)));
    w.end_array();
  };
  w.begin_object().key("content").begin_array();
  for (const auto& piece : pieces) {
    w.begin_object();
    one(piece, -0.25);
    w.key("top_logprobs").begin_array();
    for (std::uint64_t i = 0; i < top; ++i) {
      w.begin_object();
      one(i == 0 ? piece : "alt" + std::to_string(i), -0.25 * static_cast<double>(i + 1));
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_array().key("refusal").null().end_object();
}

void write_call(json::writer& w, const made_call& call, std::string_view arguments) {
  w.field("id", call.id).field("type", "function").key("function").begin_object();
  w.field("name", call.name).field("arguments", arguments).end_object();
}

/// Writes the chunks of one stream; every chunk has the same head.
class chunk_writer {
 public:
  chunk_writer(const facts& f, const behaviour& b, std::uint64_t sequence) : facts_(f), behaviour_(b), id_(id_of(sequence)) {}

  /// `delta` writes the fields of the delta object.
  template <class Delta>
  void add(std::uint64_t choice, bool bears_content, Delta delta, std::string_view finish = {}, const std::string* token = nullptr) {
    std::string data = "data: ";
    json::writer w(data);
    head(w);
    w.key("choices").begin_array().begin_object().field("index", choice).key("delta").begin_object();
    delta(w);
    w.end_object();
    w.key("logprobs");
    if (token)
      write_logprobs(w, {*token}, facts_.top_logprobs);
    else
      w.null();
    w.key("finish_reason");
    finish.empty() ? w.null() : w.string(finish);
    w.end_object().end_array();
    if (facts_.include_usage) w.key("usage").null();
    w.end_object();
    frames.push_back({data + "\n\n", bears_content});
  }

  void usage(const token_counts& t) {
    std::string data = "data: ";
    json::writer w(data);
    head(w);
    w.key("choices").begin_array().end_array().key("usage");
    write_usage(w, t, behaviour_);
    w.end_object();
    frames.push_back({data + "\n\n", false});
  }

  std::vector<frame> frames;

 private:
  void head(json::writer& w) {
    w.begin_object().field("id", id_).field("object", "chat.completion.chunk").field("created", created).field("model", facts_.model);
    w.field("service_tier", "default").field("system_fingerprint", "fp_mock");
  }

  const facts& facts_;
  const behaviour& behaviour_;
  std::string id_;
};

void add_choice(chunk_writer& out, std::uint64_t choice, const facts& f, const behaviour& b, const content& c) {
  out.add(choice, false, [&](json::writer& w) {
    w.field("role", "assistant").key("content");
    c.calls.empty() ? w.string("") : w.null();
    w.key("refusal").null();
  });
  if (!c.thinking.empty()) out.add(choice, true, [&](json::writer& w) { w.field("reasoning_content", c.thinking); });
  for (const auto& piece : c.pieces) {
    const bool logprobs = f.logprobs || b.logprobs;
    out.add(choice, true, [&](json::writer& w) { w.field("content", piece); }, {}, logprobs ? &piece : nullptr);
  }
  if (!c.refusal.empty()) out.add(choice, true, [&](json::writer& w) { w.field("refusal", c.refusal); });
  for (std::size_t i = 0; i < c.calls.size(); ++i) {
    out.add(choice, true, [&](json::writer& w) {
      w.key("tool_calls").begin_array().begin_object().field("index", i);
      write_call(w, c.calls[i], "");
      w.end_object().end_array();
    });
    const std::string& arguments = c.calls[i].arguments;
    for (std::size_t at = 0; at < arguments.size(); at += 7) {
      out.add(choice, true, [&](json::writer& w) {
        w.key("tool_calls").begin_array().begin_object().field("index", i).key("function").begin_object();
        w.field("arguments", std::string_view(arguments).substr(at, 7)).end_object().end_object().end_array();
      });
    }
  }
  out.add(choice, false, [](json::writer&) {}, finish_word(c.ending));
}

std::string_view type_of(int status) {
  switch (status) {
    case 401:
    case 403:
    case 404: return "invalid_request_error";
    case 429: return "requests";
    default: return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

std::string error_json(const vendor_error& e, std::string_view type) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("error").begin_object().field("message", e.message).field("type", type).key("param");
  e.param.empty() ? w.null() : w.string(e.param);
  w.key("code");
  e.code.empty() ? w.null() : w.string(e.code);
  w.end_object().end_object();
  return out;
}

class openai final : public dialect {
 public:
  void check_key(const http_request& r, std::string_view key) const override {
    if (key.empty()) return;
    const std::string_view bearer = r.header("authorization");
    const std::string_view given = bearer.starts_with("Bearer ") ? bearer.substr(7) : r.header("api-key");
    if (given.empty()) {
      throw vendor_error{
          401, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.", "", ""};
    }
    if (given != key)
      throw vendor_error{401, "Incorrect API key provided: " + std::string(given.substr(0, 3)) + "***.", "", "invalid_api_key"};
  }

  std::string model_of(const http_request&, json::object body) const override { return std::string(string_of(body, "model")); }
  facts read(const http_request&, json::object body, const behaviour& b) const override { return read_openai_chat(body, b); }

  reply message(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    reply out{200, {}, {}};
    json::writer w(out.body);
    w.begin_object().field("id", id_of(sequence)).field("object", "chat.completion").field("created", created).field("model", f.model);
    w.key("choices").begin_array();
    for (std::uint64_t i = 0; i < f.choices; ++i) write_choice(w, i, f, b, c);
    w.end_array();
    if (b.usage != usage_form::none) {
      w.key("usage");
      write_usage(w, c.tokens, b);
    }
    w.field("service_tier", "default").field("system_fingerprint", "fp_mock").end_object();
    return out;
  }

  std::vector<frame> frames(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    chunk_writer out(f, b, sequence);
    for (std::uint64_t i = 0; i < f.choices; ++i) add_choice(out, i, f, b, c);
    if (f.include_usage && b.usage != usage_form::none) out.usage(c.tokens);
    out.frames.push_back({"data: [DONE]\n\n", false});
    return std::move(out.frames);
  }

  std::optional<reply> count(const facts&, const content&) const override { return std::nullopt; }

  reply models(std::string_view id) const override {
    if (!id.empty() && read_behaviour(id).status == 404) {
      return error({404, "The model '" + std::string(id) + "' does not exist", "model", "model_not_found"}, {}, 0);
    }
    reply out{200, {}, {}};
    json::writer w(out.body);
    const auto one = [&w](std::string_view name) {
      w.begin_object().field("id", name).field("object", "model").field("created", created).field("owned_by", "mock").end_object();
    };
    if (!id.empty()) {
      one(id);
      return out;
    }
    w.begin_object().field("object", "list").key("data").begin_array();
    for (const auto& name : listed_models()) one(name);
    w.end_array().end_object();
    return out;
  }

  reply error(const vendor_error& e, const behaviour& b, std::uint64_t sequence) const override {
    reply out{e.status, headers(sequence), error_json(e, e.code == "insufficient_quota" ? "insufficient_quota" : type_of(e.status))};
    if (e.status == 429) {
      out.headers.emplace_back("x-ratelimit-limit-requests", "60");
      out.headers.emplace_back("x-ratelimit-remaining-requests", "0");
    }
    if (b.retry_after) {
      const auto ms = b.retry_after->count();
      if (ms % 1000 != 0) out.headers.emplace_back("retry-after-ms", std::to_string(ms));
      out.headers.emplace_back("retry-after", std::to_string((ms + 999) / 1000));
      out.headers.emplace_back("x-ratelimit-reset-requests", ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms");
    }
    return out;
  }

  reply refusal(const facts& f, const behaviour& b, std::uint64_t sequence) const override {
    switch (b.refusal) {
      case refuses::quota:
        return error({429, "You exceeded your current quota, please check your plan and billing details.", "", "insufficient_quota"}, b,
                     sequence);
      case refuses::context:
        return error(
            {400,
             "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the "
             "length of the messages.",
             "messages", "context_length_exceeded"},
            b, sequence);
      case refuses::content_policy:
        return error({400, "Your request was rejected as a result of our safety system.", "", "content_policy_violation"}, b, sequence);
      default: break;
    }
    switch (b.status) {
      case 401: return error({401, "Incorrect API key provided: sk-***.", "", "invalid_api_key"}, b, sequence);
      case 404:
        return error({404, "The model `" + f.model + "` does not exist or you do not have access to it.", "", "model_not_found"}, b,
                     sequence);
      case 429: return error({429, "Rate limit reached for requests. Please try again later.", "", "rate_limit_exceeded"}, b, sequence);
      case 503: return error({503, "The engine is currently overloaded, please try again later.", "", "server_is_overloaded"}, b, sequence);
      default: return error({b.status, "The mock was asked to answer " + std::to_string(b.status) + ".", "", ""}, b, sequence);
    }
  }

  std::string error_frame() const override {
    return "data: " + error_json({500, "The server had an error while processing your request.", "", ""}, "server_error") + "\n\n";
  }
  std::string broken_frame() const override { return "data: {\"id\":\"chatcmpl-mock\",\"choices\":[{\"index\":0,\"del\n\n"; }
  std::string ping() const override { return ": MOCK PROCESSING\n\n"; }

  std::vector<std::pair<std::string, std::string>> headers(std::uint64_t sequence) const override {
    return {{"x-request-id", "req_mock_" + std::to_string(sequence)},
            {"openai-organization", "org-mock"},
            {"openai-version", "2020-10-01"},
            {"set-cookie", "__cf_bm=mock; path=/; HttpOnly"}};
  }

 private:
  static void write_choice(json::writer& w, std::uint64_t index, const facts& f, const behaviour& b, const content& c) {
    w.begin_object().field("index", index).key("message").begin_object().field("role", "assistant").key("content");
    c.pieces.empty() && (!c.calls.empty() || !c.refusal.empty()) ? w.null() : w.string(c.text());
    w.key("refusal");
    c.refusal.empty() ? w.null() : w.string(c.refusal);
    if (!c.thinking.empty()) w.field("reasoning_content", c.thinking);
    if (!c.calls.empty()) {
      w.key("tool_calls").begin_array();
      for (const auto& call : c.calls) {
        w.begin_object();
        write_call(w, call, call.arguments);
        w.end_object();
      }
      w.end_array();
    }
    w.key("annotations").begin_array().end_array().end_object().key("logprobs");
    if (f.logprobs || b.logprobs)
      write_logprobs(w, c.pieces, f.top_logprobs);
    else
      w.null();
    w.field("finish_reason", finish_word(c.ending)).end_object();
  }
};

}  // namespace

const dialect& openai_dialect() {
  static const openai one;
  return one;
}

}  // namespace naru::mock
