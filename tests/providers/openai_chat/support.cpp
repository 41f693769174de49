#include "support.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace naru::test {
namespace {

namespace openai_chat = dialects::openai_chat;
const std::filesystem::path folder = std::filesystem::path{NARU_SOURCE_DIR} / "tests/contract/openai";

/// Bytes to frames, as they come.
class framer {
 public:
  void feed(std::string_view bytes, std::vector<frame>& out) {
    for (const char c : bytes) {
      if (c != '\n') {
        line_ += c;
        continue;
      }
      if (!line_.empty() && line_.back() == '\r') line_.pop_back();
      take_line(out);
      line_.clear();
    }
  }

 private:
  void take_line(std::vector<frame>& out) {
    if (line_.empty()) {
      if (any_) out.push_back(std::exchange(current_, {}));
      any_ = false;
    } else if (line_.starts_with("data:")) {
      if (any_ && !current_.data.empty()) current_.data += '\n';
      current_.data += value_after(5);
      any_ = true;
    } else if (line_.starts_with("event:")) {
      current_.event_name = value_after(6);
    }
  }
  [[nodiscard]] std::string value_after(std::size_t n) const { return line_.substr(line_.size() > n && line_[n] == ' ' ? n + 1 : n); }
  std::string line_;
  frame current_;
  bool any_ = false;
};

struct describer {
  std::string operator()(const answer_start& e) const { return fmt::format("start id={} model={} created={}", e.id, e.model, e.created); }
  std::string operator()(const text_delta& e) const { return fmt::format("text[{}] {}", e.choice, e.text); }
  std::string operator()(const refusal_delta& e) const { return fmt::format("refusal[{}] {}", e.choice, e.text); }
  std::string operator()(const reasoning_delta& e) const { return fmt::format("reasoning[{}] {} {}", e.choice, e.text, e.signature); }
  std::string operator()(const tool_call_start& e) const {
    return fmt::format("call[{}][{}] id={} name={} signature={}", e.choice, e.index, e.id, e.name, e.signature);
  }
  std::string operator()(const tool_arguments_delta& e) const { return fmt::format("arguments[{}][{}] {}", e.choice, e.index, e.piece); }
  std::string operator()(const logprobs_piece& e) const { return fmt::format("logprobs[{}] {}", e.choice, e.json); }
  std::string operator()(const finished& e) const { return fmt::format("finished[{}] {}", e.choice, to_string(e.reason)); }
  std::string operator()(const usage_report& e) const { return "usage " + describe(e.usage); }
  std::string operator()(const keep_alive&) const { return "keep-alive"; }
  std::string operator()(const answer_failed& e) const {
    const auto& f = e.failure;
    return fmt::format("failed {} status={} type={} code={} message={}", to_string(f.cls), f.status, f.type, f.code, f.message);
  }
  std::string operator()(const citation& e) const {
    return fmt::format("citation[{}] url={} title={} quoted={} {}:{}-{}", e.choice, e.url, e.title, e.quoted, e.document, e.begin, e.end);
  }
  std::string operator()(const audio_delta& e) const { return fmt::format("audio[{}] {} {} {}", e.choice, e.id, e.data, e.transcript); }
  std::string operator()(const image_made& e) const { return fmt::format("image[{}] {} {} {}", e.choice, e.media_type, e.data, e.url); }
  std::string operator()(const embedding_made& e) const { return fmt::format("embedding[{}] {}", e.index, fmt::join(e.vector, ",")); }
};

struct part_describer {
  std::string operator()(const text_part& p) const { return fmt::format("text({})", p.text); }
  std::string operator()(const refusal_part& p) const { return fmt::format("refusal({})", p.text); }
  std::string operator()(const image_part& p) const { return fmt::format("image({}|{}|{}|{})", p.url, p.media_type, p.data, p.detail); }
  std::string operator()(const audio_part& p) const { return fmt::format("audio({}|{})", p.data, p.format); }
  std::string operator()(const file_part& p) const { return fmt::format("file({}|{}|{}|{})", p.id, p.filename, p.media_type, p.data); }
  std::string operator()(const reasoning_part& p) const { return fmt::format("reasoning({}|{}|{})", p.text, p.signature, p.redacted); }
};

template <class T>
std::string maybe(const std::optional<T>& v) {
  return v ? fmt::format("{}", *v) : "-";
}
std::string maybe(const std::optional<json::value>& v) { return v ? json::to_text(*v) : "-"; }

std::string describe_message(const message& m) {
  std::string out = fmt::format("message role={} name={} answers={}", static_cast<int>(m.role), m.name, m.tool_call_id);
  for (const auto& p : m.parts) out += ' ' + std::visit(part_describer{}, p);
  for (const auto& c : m.calls) out += fmt::format(" call({}|{}|{}|{})", c.id, c.name, c.arguments, c.signature);
  return out + '\n';
}

/// Appends to the last event when it is of the same kind and place.
bool join(std::vector<event>& out, const event& e) {
  if (out.empty() || out.back().index() != e.index()) return false;
  if (auto* t = std::get_if<text_delta>(&out.back()); t != nullptr && t->choice == std::get<text_delta>(e).choice) {
    t->text += std::get<text_delta>(e).text;
    return true;
  }
  if (auto* a = std::get_if<tool_arguments_delta>(&out.back())) {
    const auto& more = std::get<tool_arguments_delta>(e);
    if (a->choice != more.choice || a->index != more.index) return false;
    a->piece += more.piece;
    return true;
  }
  return false;
}

}  // namespace

std::string transcript(std::string_view name) {
  std::ifstream in(folder / name, std::ios::binary);
  INFO("transcript " << name);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> transcripts(std::string_view ending) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto name = std::filesystem::relative(entry.path(), folder).generic_string();
    if (name.ends_with(ending)) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  REQUIRE_FALSE(out.empty());
  return out;
}

std::vector<frame> frames_of(std::string_view bytes, std::size_t cut) {
  std::vector<frame> out;
  framer f;
  f.feed(bytes.substr(0, cut), out);
  if (cut < bytes.size()) f.feed(bytes.substr(cut), out);
  return out;
}

reading read_frames(dialects::stream_reader& reader, const std::vector<frame>& frames) {
  reading r;
  for (const auto& f : frames) {
    reader.read(f.event_name, f.data, r.events);
    r.usage_only.push_back(reader.last_frame_is_usage_only());
  }
  reader.end(r.events);
  r.complete = reader.complete();
  return r;
}

reading read_fast(const std::vector<frame>& frames) { return read_frames(*openai_chat::upstream().make_stream_reader(), frames); }
reading read_slow(const std::vector<frame>& frames) { return read_frames(*openai_chat::make_slow_stream_reader(), frames); }

std::string describe(const event& e) { return std::visit(describer{}, e); }

std::string describe(const std::vector<event>& events) {
  std::string out;
  for (const auto& e : events) out += describe(e) + '\n';
  return out;
}

std::string describe(const usage& u) {
  return fmt::format("in={} cached={} write={} write_long={} out={} reasoning={} audio={}/{} tier={} estimated={}", u.input.value,
                     u.cached.value, u.cache_write.value, u.cache_write_long.value, u.output.value, u.reasoning.value, u.audio_input.value,
                     u.audio_output.value, u.tier, u.estimated);
}

std::string describe(const chat_request& r) {
  std::string out = fmt::format("model {}\n", r.model);
  for (const auto& m : r.messages) out += describe_message(m);
  for (const auto& t : r.tools) {
    out += fmt::format("tool {} {} {} {}\n", t.name, t.description, maybe(t.parameters), maybe(t.strict));
  }
  out += fmt::format("choice {} {} parallel {}\n", static_cast<int>(r.tool_choice.how), r.tool_choice.name, maybe(r.parallel_tool_calls));
  const auto& f = r.response_format;
  out += fmt::format("format {} {} {} {} {}\n", static_cast<int>(f.what), f.name, f.description, maybe(f.schema), maybe(f.strict));
  out += fmt::format("limit {} temperature {} top_p {} top_k {} min_p {}\n", maybe(r.max_output_tokens), maybe(r.temperature),
                     maybe(r.top_p), maybe(r.top_k), maybe(r.min_p));
  out += fmt::format("penalties {} {} {} seed {} n {} logprobs {} {}\n", maybe(r.frequency_penalty), maybe(r.presence_penalty),
                     maybe(r.repeat_penalty), maybe(r.seed), maybe(r.n), maybe(r.logprobs), maybe(r.top_logprobs));
  for (const auto s : r.stop) out += fmt::format("stop {}\n", s);
  out += fmt::format("effort {} verbosity {} tier {} user {} stream {} usage {}\n", r.reasoning_effort, r.verbosity, r.service_tier, r.user,
                     r.stream, r.include_usage);
  std::vector<std::string> extras;  // their order says nothing
  for (const auto& e : r.extra) extras.push_back(fmt::format("extra {} {}\n", e.name, json::to_text(e.value)));
  std::sort(extras.begin(), extras.end());
  for (const auto& e : extras) out += e;
  return out;
}

std::vector<event> joined(const std::vector<event>& events) {
  std::vector<event> out;
  for (const auto& e : events) {
    if (std::holds_alternative<keep_alive>(e) || join(out, e)) continue;
    out.push_back(e);
  }
  return out;
}

json::document parsed(std::string_view text) {
  auto doc = json::document::parse(text);
  INFO("JSON: " << text);
  if (!doc) FAIL(doc.error().message);
  return std::move(*doc);
}

held_request read_body(std::string_view body) {
  held_request out{parsed(body), {}};
  auto r = openai_chat::client().read_request(out.doc);
  INFO("body: " << body);
  if (!r) FAIL(r.error().message);
  out.request = std::move(*r);
  return out;
}

error refused(std::string_view body) {
  const auto doc = parsed(body);
  auto r = openai_chat::client().read_request(doc);
  INFO("body: " << body);
  REQUIRE_FALSE(r.has_value());
  return r.error();
}

}  // namespace naru::test
