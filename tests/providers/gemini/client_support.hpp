#pragma once
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/dialects/gemini/gemini.hpp"

/// What the tests of the end towards clients share.
namespace naru::test {

/// A request and what it points into.
struct held_request {
  json::document doc;
  chat_request request;
};
inline held_request read_as(const dialects::client_dialect& form, std::string_view body,
                            const dialects::addressed& to = {.model = "gemini-x"}) {
  auto doc = json::document::parse(body);
  if (!doc) FAIL(doc.error().message);
  auto r = form.read_request(*doc, to);
  if (!r) FAIL(r.error().field << ": " << r.error().message << "\n" << body);
  return {std::move(*doc), std::move(*r)};
}
inline held_request read_chat(std::string_view body, const dialects::addressed& to = {.model = "gemini-x"}) {
  return read_as(dialects::gemini::client(), body, to);
}
/// The field at fault; empty when the body is taken.
inline std::string refused_by(const dialects::client_dialect& form, std::string_view body, std::string_view model = "gemini-x") {
  const auto doc = json::document::parse(body);
  if (!doc) FAIL(doc.error().message);
  const auto r = form.read_request(*doc, {.model = model});
  if (r) return {};
  CHECK(r.error().code == error_code::bad_request);
  if (!r.error().field.empty()) CHECK(r.error().message.starts_with(r.error().field));
  return r.error().field.empty() ? "the body" : r.error().field;
}
/// Names of the extras, one after the other.
inline std::string extras_of(const chat_request& r) {
  std::string all;
  for (const auto& e : r.extra) all += (all.empty() ? "" : " ") + std::string{e.name};
  return all;
}

/// Everything that a chat of this form can say, one line a thing.
inline std::string describe(const chat_request& r) {
  std::string out = "model=" + std::string{r.model};
  const auto add = [&](std::string_view name, const std::string& value) { out += "\n" + std::string{name} + "=" + value; };
  const auto number = [&](std::string_view name, const auto& value) {
    if (value) add(name, fmt::format("{}", *value));
  };
  for (const auto& m : r.messages) {
    add("message", fmt::format("{} id={} name={} error={}", static_cast<int>(m.role), m.tool_call_id, m.name, m.tool_error));
    for (const auto& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) add(" text", std::string{t->text});
      if (const auto* i = std::get_if<image_part>(&p)) add(" image", fmt::format("{}|{}|{}", i->url, i->media_type, i->data));
      if (const auto* a = std::get_if<audio_part>(&p)) add(" audio", fmt::format("{}|{}", a->format, a->data));
      if (const auto* f = std::get_if<file_part>(&p)) add(" file", fmt::format("{}|{}|{}|{}", f->url, f->filename, f->media_type, f->data));
      if (const auto* t = std::get_if<reasoning_part>(&p)) add(" thought", fmt::format("{}|{}|{}", t->text, t->signature, t->redacted));
    }
    for (const auto& c : m.calls) add(" call", fmt::format("{} {} {} {}", c.id, c.name, c.arguments, c.signature));
  }
  for (const auto& t : r.tools) {
    add("tool",
        fmt::format("{} {} {} {}", t.name, t.description, t.parameters ? json::to_text(*t.parameters) : "-", t.strict.value_or(false)));
  }
  add("choice", fmt::format("{} {}", static_cast<int>(r.tool_choice.how), r.tool_choice.name));
  add("format", fmt::format("{} {}", static_cast<int>(r.response_format.what),
                            r.response_format.schema ? json::to_text(*r.response_format.schema) : "-"));
  number("max", r.max_output_tokens), number("temperature", r.temperature), number("top_p", r.top_p), number("top_k", r.top_k);
  number("frequency", r.frequency_penalty), number("presence", r.presence_penalty), number("seed", r.seed), number("n", r.n);
  number("logprobs", r.logprobs), number("top_logprobs", r.top_logprobs), number("budget", r.thinking.budget);
  number("shown", r.thinking.shown);
  for (const auto stop : r.stop) add("stop", std::string{stop});
  add("thinking", fmt::format("{} {}", static_cast<int>(r.thinking.how), r.reasoning_effort));
  add("tier", std::string{r.service_tier});
  add("stream", fmt::format("{} {}", r.stream, r.stream_as_array));
  for (const auto& e : r.extra) add("extra", std::string{e.name} + " " + json::to_text(e.value));
  return out;
}

}  // namespace naru::test
