#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/http_client.hpp"
#include "tests/support/mock_upstream.hpp"

/// The three dialects as the mock's own tests speak them.
namespace naru::test {

struct vendor {
  std::string name;
  std::string path;  ///< '@' stands for the model
  std::string stream_path;
  header_lines headers;
  std::string body;  ///< '@' stands for the model, '%' for the further fields
  std::string stream_fields;
};

inline const std::vector<vendor>& all_vendors() {
  static const std::string key(mock_upstream::default_key);
  static const std::vector<vendor> all{{"openai",
                                        "/v1/chat/completions",
                                        "/v1/chat/completions",
                                        {{"Authorization", "Bearer " + key}},
                                        R"({"model":"@","messages":[{"role":"user","content":"hello there"}]%})",
                                        R"(,"stream":true)"},
                                       {"anthropic",
                                        "/v1/messages",
                                        "/v1/messages?beta=true",
                                        {{"x-api-key", key}, {"anthropic-version", "2023-06-01"}},
                                        R"({"model":"@","max_tokens":4000,"messages":[{"role":"user","content":"hello there"}]%})",
                                        R"(,"stream":true)"},
                                       {"gemini",
                                        "/v1beta/models/@:generateContent",
                                        "/v1beta/models/@:streamGenerateContent?alt=sse",
                                        {{"x-goog-api-key", key}},
                                        R"({"contents":[{"role":"user","parts":[{"text":"hello there"}]}]%})",
                                        ""}};
  return all;
}

inline const vendor& vendor_named(std::string_view name) {
  for (const auto& v : all_vendors()) {
    if (v.name == name) return v;
  }
  throw std::runtime_error("no such vendor");
}

inline std::string filled(std::string text, char mark, std::string_view with) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) text.replace(at, 1, with);
  return text;
}

inline void send(http_client& client, const vendor& v, std::string_view model, bool stream, std::string_view more = {}) {
  const std::string body = filled(filled(v.body, '@', model), '%', (stream ? v.stream_fields : std::string{}) + std::string(more));
  client.send_request("POST", filled(stream ? v.stream_path : v.path, '@', model), v.headers, body);
}

inline http_answer answer_of(const mock_upstream& mock, const vendor& v, std::string_view model, std::string_view more = {}) {
  http_client client(mock.port());
  send(client, v, model, false, more);
  return client.read_answer();
}

/// A stream as it came, to its end.
struct played {
  int status = 0;
  std::vector<sse_frame> frames;
  std::size_t content = 0;  ///< frames that bear content
  bool finished = false;    ///< the dialect's end was there
  bool errored = false;     ///< the dialect's error was there
  bool complete = false;    ///< the HTTP body ended as its framing should
  ended how = ended::open;
};

inline bool bears_content(const sse_frame& f) {
  const auto has = [&](std::string_view word) { return f.data.find(word) != std::string::npos; };
  return has(R"("delta":{"content":")") ? !has(R"("content":"","ref)") && !has(R"("role")")
                                        : has("text_delta") || (has(R"("parts":[{"text":")") && !has(R"("finishReason")"));
}

inline played play(const mock_upstream& mock, const vendor& v, std::string_view model, std::string_view more = {}) {
  http_client client(mock.port());
  send(client, v, model, true, more);
  played p;
  p.status = client.read_head().status;
  if (p.status == 0) {
    p.how = client.wait_for_end(std::chrono::seconds(2));
    return p;
  }
  p.frames = client.read_frames();
  p.complete = client.body_complete();
  p.how = client.wait_for_end(std::chrono::milliseconds(p.complete ? 0 : 2000));
  for (const auto& f : p.frames) {
    p.content += bears_content(f) ? 1 : 0;
    p.errored = p.errored || f.data.find(R"("error":{)") != std::string::npos;
    p.finished = p.finished || f.data == "[DONE]" || f.event == "message_stop" || f.data.find(R"("finishReason")") != std::string::npos;
  }
  return p;
}

}  // namespace naru::test
