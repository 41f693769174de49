#include "providers/vendors/vertex/shape.hpp"

#include <algorithm>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"

// Sources: @google/genai 2.32.0 and @anthropic-ai/vertex-sdk (paths, anthropic_version, what stays in the body), Google Cloud's reference
// of publishers.models (countTokens, predict), state of 2026-11.
namespace naru::vendors::vertex_parts {
namespace {

constexpr std::string_view anthropic_version = "vertex-2023-10-16";

/// "/v1/projects/p/locations/l/publishers/google/models/"
std::string models_path(const account& a, std::string_view publisher) {
  return "/v1/projects/" + std::string{a.project} + "/locations/" + std::string{a.region} + "/publishers/" + std::string{publisher} +
         "/models/";
}

/// The body as one text: what was spliced as views is joined, as it is changed here once more.
std::string& whole_body(dialects::wire_request& r) {
  if (!r.spliced.views.empty()) {
    r.body = r.spliced.text();
    r.spliced = {};
  }
  return r.body;
}

/// The model names a place in the path; count-tokens is an endpoint of its own that wants it in the body.
void shape_claude(dialects::wire_request& r, const shaping& how) {
  const std::string models = models_path(how.account, "anthropic");
  std::string& body = whole_body(r);
  const std::string version = json::quoted(anthropic_version);
  if (how.kind == request_kind::token_count) {
    r.path = models + "count-tokens:rawPredict";
    body = json::splice(body, {{"anthropic_version", version}, {"model", json::quoted(how.target.model)}});
  } else {
    r.path = models + std::string{how.target.model} + (how.stream ? ":streamRawPredict" : ":rawPredict");
    body = json::splice(body, {{"anthropic_version", version}}, {"model"});
  }
  // The version is the body's here; what the client's anthropic-beta asks for goes on as a header.
  std::erase_if(r.headers, [](const dialects::header& h) { return h.first == "anthropic-version"; });
}

/// {"generateContentRequest":{"model","contents",...}} is the Developer API's alone: here the request's own fields stand in the body.
void shape_count(std::string& body) {
  const auto doc = json::document::parse(body);
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) return;  // written by the dialect: cannot be
  for (const std::string_view key : {"generateContentRequest", "generate_content_request"}) {
    if (const auto inner = json::find(root, key)) {
      body = json::splice(json::to_text(*inner), {}, {"model"});
      return;
    }
  }
  body = json::splice(body, {}, {"model"});
}

void write_instance(json::object request, json::writer& w) {
  std::string text;
  if (const auto content = json::get_object(request, "content")) {
    if (const auto parts = json::get_array(*content, "parts")) {
      for (const json::value part : *parts) {
        if (part.is_object()) text += json::get_string(part.get_object().value_unsafe(), "text").value_or("");
      }
    }
  }
  w.begin_object().field("content", text);
  const auto either = [&](std::string_view camel, std::string_view snake) {
    const auto found = json::get_string(request, camel);
    return found ? found : json::get_string(request, snake);
  };
  if (const auto type = either("taskType", "task_type")) w.field("task_type", *type);
  if (const auto title = json::get_string(request, "title")) w.field("title", *title);
  w.end_object();
}

/// Texts to vectors are predictions here: {"instances":[{"content","task_type"}],"parameters":{"outputDimensionality"}}.
void shape_embed(std::string& body) {
  const auto doc = json::document::parse(body);
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) return;
  std::string out;
  json::writer w(out);
  std::optional<std::uint64_t> dimensions;
  const auto add = [&](json::object request) {
    write_instance(request, w);
    for (const std::string_view key : {"outputDimensionality", "output_dimensionality"}) {
      if (const auto n = json::get_uint(request, key)) dimensions = n;
    }
  };
  w.begin_object().key("instances").begin_array();
  if (const auto requests = json::get_array(root, "requests")) {
    for (const json::value one : *requests) {
      if (one.is_object()) add(one.get_object().value_unsafe());
    }
  } else {
    add(root);
  }
  w.end_array();
  if (dimensions) w.key("parameters").begin_object().field("outputDimensionality", *dimensions).end_object();
  w.end_object();
  body = std::move(out);
}

}  // namespace

bool is_claude(std::string_view model) noexcept { return model.starts_with("claude"); }

void shape(dialects::wire_request& request, const shaping& how) {
  if (is_claude(how.target.model)) return shape_claude(request, how);
  const std::string models = models_path(how.account, "google");
  if (how.kind == request_kind::embedding) {
    request.path = models + std::string{how.target.model} + ":predict";
    shape_embed(whole_body(request));
    return;
  }
  constexpr std::string_view before = "/v1beta/models/";
  if (request.path.starts_with(before)) request.path.replace(0, before.size(), models);
  if (how.kind == request_kind::token_count) shape_count(whole_body(request));
}

}  // namespace naru::vendors::vertex_parts
