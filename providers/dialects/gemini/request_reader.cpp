#include "providers/dialects/gemini/request_reader.hpp"

namespace naru::dialects::gemini {
namespace {

/// Filters that are all switched off ask for what vendors without them do anyway.
bool filters_nothing(json::value settings) noexcept {
  if (!settings.is_array()) return false;
  for (const json::value one : settings.get_array().value_unsafe()) {
    if (!one.is_object()) return false;
    const auto word = json::get_string(one.get_object().value_unsafe(), "threshold").value_or("");
    if (word != "BLOCK_NONE" && word != "OFF") return false;
  }
  return true;
}

void read_service_tier(reading& in, const place& at, json::value v) {
  const auto word = in.faults.string(at, v);
  if (word.empty() || word == "unspecified") return;
  in.request.service_tier = word == "standard" ? std::string_view{"default"} : word;
}

/// A GenerateContentRequest. @param at  nullptr: it is the body
void read_members(reading& in, const place* at, json::object o) {
  members m{in.faults, at, o};
  if (const auto v = m.take("model")) {
    const auto name = in.faults.word(m.at("model"), *v, "the name of a model, a string");
    if (in.request.model.empty()) in.request.model = model_name(name);
  }
  // The system's words first, wherever they stand: that is their place in a conversation.
  if (const auto v = m.take("systemInstruction")) read_system(in, m.at("systemInstruction"), *v);
  if (const auto v = m.take("contents")) {
    read_contents(in, m.at("contents"), *v);
  } else {
    in.faults.missing(m.at("contents"), "an array of contents");
  }
  if (const auto v = m.take("tools")) read_tools(in, m.at("tools"), *v);
  if (const auto v = m.take("toolConfig")) read_tool_config(in, m.at("toolConfig"), *v);
  if (const auto v = m.take("generationConfig")) read_generation_config(in, m.at("generationConfig"), *v);
  if (const auto v = m.take("serviceTier")) read_service_tier(in, m.at("serviceTier"), *v);
  if (const auto v = m.take("safetySettings"); v && !filters_nothing(*v)) in.keep_extra(m.at("safetySettings"), *v);
  if (in.faults.ok()) in.keep_left(m);
}

result<chat_request> done(reading& in, const addressed& to) {
  if (in.faults.ok() && in.request.model.empty()) in.faults.missing(place{"model"}, "the name of a model, in the path");
  if (!in.faults.ok()) return fail(in.faults.take());
  in.request.stream = to.stream;
  in.request.stream_as_array = to.stream && !to.as_events;
  in.request.include_usage = true;  // every answer of this form has it
  return std::move(in.request);
}

result<json::object> body_of(const json::document& doc) {
  json::object root;
  if (doc.root().get(root) == simdjson::SUCCESS) return root;
  return fail(error_code::bad_request, "want a JSON object with \"contents\", got " + std::string{json::type_name(doc.root())});
}

}  // namespace

std::string_view model_name(std::string_view name) noexcept {
  constexpr std::string_view collection = "models/";
  const auto at = name.rfind(collection);
  return at == std::string_view::npos ? name : name.substr(at + collection.size());
}

result<chat_request> read_generate(const json::document& doc, const addressed& to, std::vector<origin>* origins) {
  const auto root = body_of(doc);
  if (!root) return fail(root.error());
  reading in{.origins = origins};
  in.request.model = model_name(to.model);
  read_members(in, nullptr, *root);
  return done(in, to);
}

result<chat_request> read_count(const json::document& doc, const addressed& to, std::vector<origin>* origins) {
  const auto root = body_of(doc);
  if (!root) return fail(root.error());
  reading in{.origins = origins};
  in.request.kind = request_kind::token_count;
  in.request.model = model_name(to.model);
  members m{in.faults, nullptr, *root};
  if (const auto whole = m.take("generateContentRequest")) {
    const place here = m.at("generateContentRequest");
    if (const auto o = in.faults.object(here, *whole, "an object with contents")) read_members(in, &here, *o);
    if (m.take("contents")) in.faults.refuse_rule(m.at("contents"), "want either contents or generateContentRequest, not both");
    m.skip({"model"});
    if (in.faults.ok()) in.keep_left(m);
  } else if (in.faults.ok()) {
    read_members(in, nullptr, *root);
  }
  addressed at = to;
  at.stream = false;
  return done(in, at);
}

}  // namespace naru::dialects::gemini
