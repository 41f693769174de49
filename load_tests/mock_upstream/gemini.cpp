#include "load_tests/mock_upstream/dialect.hpp"
#include "load_tests/mock_upstream/gemini_check.hpp"
#include "load_tests/mock_upstream/look.hpp"

// Google's generateContent, v1beta, as of 2026-11. The same paths below /projects/... serve for Vertex AI.
namespace naru::mock {
namespace {

constexpr std::string_view signature = "c2lnbmVkLWJ5LW1vY2s=";

std::string_view finish_word(ending e) {
  switch (e) {
    case ending::length: return "MAX_TOKENS";
    case ending::refusal: return "SAFETY";
    default: return "STOP";  // also for function calls
  }
}

/// candidatesTokenCount leaves out the thoughts; promptTokenCount includes what was cached.
void write_usage(json::writer& w, const token_counts& t, bool whole, const behaviour& b) {
  const std::uint64_t output = whole ? t.output : 0;
  w.key("usageMetadata").begin_object();
  write_tokens(w, "promptTokenCount", t.prompt, b);
  if (t.cached > 0) w.field("cachedContentTokenCount", t.cached);
  if (whole) write_tokens(w, "candidatesTokenCount", output, b);
  if (t.reasoning > 0) w.field("thoughtsTokenCount", t.reasoning);
  w.field("totalTokenCount", t.prompt + output + t.reasoning);
  w.key("promptTokensDetails")
      .begin_array()
      .begin_object()
      .field("modality", "TEXT")
      .field("tokenCount", t.prompt)
      .end_object()
      .end_array();
  w.end_object();
}

void write_tail(json::writer& w, const facts& f, std::uint64_t sequence) {
  w.field("modelVersion", f.model).field("responseId", "mock-" + std::to_string(sequence));
}

void write_text(json::writer& w, std::string_view text, bool thought = false) {
  w.begin_object().field("text", text);
  if (thought) w.field("thought", true);
  w.end_object();
}

/// Only the first call of a turn carries the signature; ids are left out, as this vendor does.
void write_call(json::writer& w, const made_call& call, bool first) {
  w.begin_object().key("functionCall").begin_object().field("name", call.name).key("args").raw(call.arguments).end_object();
  if (first) w.field("thoughtSignature", signature);
  w.end_object();
}

void write_logprobs(json::writer& w, const std::vector<std::string>& pieces, std::uint64_t top) {
  const auto one = [&w](const std::string& token, double logprob) {
    w.begin_object().field("token", token).field("tokenId", token.size()).field("logProbability", logprob).end_object();
  };
  w.key("logprobsResult").begin_object().key("topCandidates").begin_array();
  for (const auto& piece : pieces) {
    w.begin_object().key("candidates").begin_array();
    for (std::uint64_t i = 0; i < top; ++i) one(i == 0 ? piece : "alt" + std::to_string(i), -0.25 * static_cast<double>(i + 1));
    w.end_array().end_object();
  }
  w.end_array().key("chosenCandidates").begin_array();
  for (const auto& piece : pieces) one(piece, -0.25);
  w.end_array().end_object();
}

/// What stands there when the prompt itself is blocked: no candidate at all.
std::string blocked_json(const facts& f, const token_counts& t, const behaviour& b, std::uint64_t sequence) {
  std::string out;
  json::writer w(out);
  w.begin_object()
      .key("promptFeedback")
      .begin_object()
      .field("blockReason", "PROHIBITED_CONTENT")
      .key("safetyRatings")
      .begin_array()
      .end_array();
  w.end_object();
  if (b.usage != usage_form::none) write_usage(w, t, false, b);
  write_tail(w, f, sequence);
  w.end_object();
  return out;
}

std::string_view status_word(int status) {
  switch (status) {
    case 400: return "INVALID_ARGUMENT";
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 429: return "RESOURCE_EXHAUSTED";
    case 499: return "CANCELLED";
    case 500: return "INTERNAL";
    case 503: return "UNAVAILABLE";
    case 504: return "DEADLINE_EXCEEDED";
    default: return "UNKNOWN";
  }
}

std::string error_json(int status, std::string_view message, std::string_view word, const std::string& details = {}) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("error").begin_object().field("code", status).field("message", message);
  w.field("status", word.empty() ? status_word(status) : word);
  if (!details.empty()) w.key("details").raw(details);
  w.end_object().end_object();
  return out;
}

std::string details_of(const vendor_error& e, const behaviour& b) {
  if (e.status != 429) return {};
  const bool daily = b.refusal == refuses::quota;
  std::string out =
      R"([{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_requests","quotaId":")";
  out += daily ? "GenerateRequestsPerDayPerProjectPerModel" : "GenerateRequestsPerMinutePerProjectPerModel";
  out += R"("}]})";
  if (b.retry_after) {
    const auto ms = b.retry_after->count();
    const std::string seconds = std::to_string(ms / 1000) + (ms % 1000 != 0 ? "." + std::to_string(1000 + ms % 1000).substr(1) : "");
    out += R"(,{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":")" + seconds + "s\"}";
  }
  return out + "]";
}

class gemini final : public dialect {
 public:
  void check_key(const http_request& r, std::string_view key) const override {
    if (key.empty()) return;
    const std::string_view bearer = r.header("authorization");
    std::string given(bearer.starts_with("Bearer ") ? bearer.substr(7) : r.header("x-goog-api-key"));
    if (given.empty()) given = r.query_value("key").value_or("");
    if (given.empty()) {
      throw vendor_error{403, "Method doesn't allow unregistered callers (callers without established identity).", "", ""};
    }
    // This vendor answers 400 to a wrong API key.
    if (given != key) throw vendor_error{400, "API key not valid. Please pass a valid API key.", "", "INVALID_ARGUMENT"};
  }

  std::string model_of(const http_request& r, json::object) const override {
    const auto from = r.path.rfind("/models/");
    const auto colon = r.path.rfind(':');
    return from == std::string::npos || colon < from ? std::string{} : r.path.substr(from + 8, colon - from - 8);
  }

  facts read(const http_request& r, json::object body, const behaviour& b) const override {
    facts f = read_gemini_generate(r.path.ends_with(":countTokens") ? counted(body) : body, b);
    f.model = model_of(r, body);
    f.stream = r.path.ends_with(":streamGenerateContent");
    f.stream_array = f.stream && r.query_value("alt") != "sse";
    return f;
  }

  reply message(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    if (c.ending == ending::blocked) return {200, {}, blocked_json(f, c.tokens, b, sequence)};
    reply out{200, {}, {}};
    json::writer w(out.body);
    w.begin_object().key("candidates").begin_array();
    for (std::uint64_t i = 0; i < f.choices; ++i) {
      w.begin_object().key("content").begin_object().key("parts").begin_array();
      if (!c.thinking.empty()) write_text(w, c.thinking, true);
      if (!c.pieces.empty()) write_text(w, c.text());
      for (std::size_t k = 0; k < c.calls.size(); ++k) write_call(w, c.calls[k], k == 0);
      w.end_array().field("role", "model").end_object().field("finishReason", finish_word(c.ending)).field("index", i);
      if (f.logprobs || b.logprobs) write_logprobs(w, c.pieces, f.top_logprobs);
      w.end_object();
    }
    w.end_array();
    if (b.usage != usage_form::none) write_usage(w, c.tokens, true, b);
    write_tail(w, f, sequence);
    w.end_object();
    return out;
  }

  std::vector<frame> frames(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const override {
    std::vector<frame> out;
    if (c.ending == ending::blocked) return {{"data: " + blocked_json(f, c.tokens, b, sequence) + "\n\n", true}};
    const auto add = [&](std::uint64_t choice, bool last, const std::string* token, auto parts) {
      std::string data = "data: ";
      json::writer w(data);
      w.begin_object().key("candidates").begin_array().begin_object().key("content").begin_object().key("parts").begin_array();
      parts(w);
      w.end_array().field("role", "model").end_object();
      if (last) w.field("finishReason", finish_word(c.ending));
      w.field("index", choice);
      if (token && (f.logprobs || b.logprobs)) write_logprobs(w, {*token}, f.top_logprobs);
      w.end_object().end_array();
      if (b.usage != usage_form::none) write_usage(w, c.tokens, last, b);
      write_tail(w, f, sequence);
      w.end_object();
      out.push_back({data + "\n\n", !last});
    };
    for (std::uint64_t i = 0; i < f.choices; ++i) {
      if (!c.thinking.empty()) add(i, false, nullptr, [&](json::writer& w) { write_text(w, c.thinking, true); });
      for (const auto& piece : c.pieces) add(i, false, &piece, [&](json::writer& w) { write_text(w, piece); });
      for (std::size_t k = 0; k < c.calls.size(); ++k) add(i, false, nullptr, [&](json::writer& w) { write_call(w, c.calls[k], k == 0); });
      add(i, true, nullptr, [](json::writer& w) { write_text(w, ""); });
    }
    return out;
  }

  std::optional<reply> count(const facts&, const content& c) const override {
    return reply{200, {}, "{\"totalTokens\":" + std::to_string(c.tokens.prompt) + "}"};
  }

  reply models(std::string_view id) const override {
    if (!id.empty() && read_behaviour(id).status == 404) {
      return error({404, "models/" + std::string(id) + " is not found for API version v1beta", "", ""}, {}, 0);
    }
    reply out{200, {}, {}};
    json::writer w(out.body);
    const auto one = [&w](std::string_view name) {
      w.begin_object().field("name", "models/" + std::string(name)).field("displayName", name).field("inputTokenLimit", 1048576);
      w.field("outputTokenLimit", 65536).key("supportedGenerationMethods").begin_array().string("generateContent").end_array().end_object();
    };
    if (!id.empty()) {
      one(id);
      return out;
    }
    w.begin_object().key("models").begin_array();
    for (const auto& name : listed_models()) one(name);
    w.end_array().end_object();
    return out;
  }

  /// No Retry-After here: this vendor says it in RetryInfo.
  reply error(const vendor_error& e, const behaviour& b, std::uint64_t sequence) const override {
    return {e.status, headers(sequence), error_json(e.status, e.message, e.code, details_of(e, b))};
  }

  reply refusal(const facts& f, const behaviour& b, std::uint64_t sequence) const override {
    switch (b.refusal) {
      case refuses::quota:
        return error({429, "You exceeded your current quota, please check your plan and billing details.", "", ""}, b, sequence);
      case refuses::context:
        return error({400, "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).", "", ""}, b, sequence);
      case refuses::content_policy: {
        // A blocked prompt is a 200 without candidates; in a stream it is the only frame.
        std::string body = blocked_json(f, {}, b, sequence);
        return {200, headers(sequence), f.stream && !f.stream_array ? "data: " + body + "\n\n" : body};
      }
      default: break;
    }
    switch (b.status) {
      case 404:
        return error({404, "models/" + f.model + " is not found for API version v1beta, or is not supported for generateContent.", "", ""},
                     b, sequence);
      case 429: return error({429, "Resource has been exhausted (e.g. check quota).", "", ""}, b, sequence);
      case 503: return error({503, "The model is overloaded. Please try again later.", "", ""}, b, sequence);
      default: return error({b.status, "The mock was asked to answer " + std::to_string(b.status) + ".", "", ""}, b, sequence);
    }
  }

  std::string error_frame() const override {
    return "data: " + error_json(503, "The model is overloaded. Please try again later.", "") + "\n\n";
  }
  std::string broken_frame() const override { return "data: {\"candidates\":[{\"content\":{\"par\n\n"; }
  std::string ping() const override { return {}; }

  std::vector<std::pair<std::string, std::string>> headers(std::uint64_t) const override {
    return {{"server-timing", "gfet4t7; dur=1"}, {"x-content-type-options", "nosniff"}};
  }

 private:
  /// countTokens takes the contents bare or a whole request.
  static json::object counted(json::object body) {
    const auto whole = json::get_object(body, "generateContentRequest");
    return whole ? *whole : body;
  }
};

}  // namespace

const dialect& gemini_dialect() {
  static const gemini one;
  return one;
}

}  // namespace naru::mock
