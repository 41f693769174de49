#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "providers/dialects/gemini/embed.hpp"
#include "providers/dialects/gemini/request_reader.hpp"

namespace naru::dialects::gemini {
namespace {

struct purpose {
  std::string_view google;
  std::string_view canonical;
};
constexpr std::array purposes{purpose{"RETRIEVAL_QUERY", "query"}, purpose{"RETRIEVAL_DOCUMENT", "document"},
                              purpose{"CLASSIFICATION", "classification"}, purpose{"CLUSTERING", "clustering"}};

/// The text of one content. More than one part makes one vector together.
void read_text(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v, "a content, an object with parts");
  if (!o) return;
  members m{in.faults, &at, *o};
  m.skip({"role"});
  const auto parts = m.take("parts");
  if (!parts) return in.faults.missing(m.at("parts"), "an array of parts with text");
  std::vector<std::string_view> texts;
  each_element(in.faults, m.at("parts"), *parts, "an array of parts", [&](const place& here, json::value one, std::size_t) {
    const auto part_object = in.faults.object(here, one, "a part, an object");
    if (!part_object) return;
    members part{in.faults, &here, *part_object};
    const part_kind kind = kind_of(part);
    if (in.faults.ok() && kind.name != "text") return in.keep_extra(here, one);
    if (in.faults.ok()) texts.push_back(in.faults.string(part.at("text"), kind.value));
    if (in.faults.ok()) in.keep_left(part);
  });
  if (!in.faults.ok()) return;
  in.keep_left(m);
  message& made = in.request.messages.emplace_back();
  made.role = role::user;
  if (texts.size() == 1) {
    made.parts.emplace_back(text_part{texts.front()});
  } else if (!texts.empty()) {
    std::string joined;
    for (const auto text : texts) joined += text;
    made.parts.emplace_back(text_part{keep(in.request, std::move(joined))});
  }
}

/// What all texts of a batch must agree on to be one request of ours; a text that wants otherwise is named, for others than Google.
void read_purpose(reading& in, const place& at, json::value v, bool first) {
  const auto word = in.faults.string(at, v, "a task type like RETRIEVAL_QUERY");
  if (!in.faults.ok() || word == "TASK_TYPE_UNSPECIFIED") return;
  const auto* found = std::ranges::find(purposes, word, &purpose::google);
  if (found == purposes.end() || (!first && in.request.embedding.purpose != found->canonical)) return in.keep_extra(at, v);
  in.request.embedding.purpose = found->canonical;
}
void read_dimensions(reading& in, const place& at, json::value v, bool first) {
  const auto n = read_whole(in.faults, at, v, 1, 1 << 20);
  if (!n) return;
  const auto wanted = static_cast<std::uint64_t>(*n);
  if (!first && in.request.embedding.dimensions != wanted) return in.keep_extra(at, v);
  in.request.embedding.dimensions = wanted;
}

/// An EmbedContentRequest. @param at  nullptr: it is the body
void read_one(reading& in, const place* at, json::object o) {
  const bool first = in.request.messages.empty();
  members m{in.faults, at, o};
  if (const auto v = m.take("model")) {
    const auto name = model_name(in.faults.word(m.at("model"), *v, "the name of a model, a string"));
    if (in.request.model.empty()) in.request.model = name;
  }
  const auto type = m.take("taskType");
  const auto dimensions = m.take("outputDimensionality");
  if (type) read_purpose(in, m.at("taskType"), *type, first);
  if (dimensions) read_dimensions(in, m.at("outputDimensionality"), *dimensions, first);
  if (!in.faults.ok()) return;
  if (!first && ((!type && !in.request.embedding.purpose.empty()) || (!dimensions && in.request.embedding.dimensions))) {
    return in.faults.refuse_rule(m.at(type ? "outputDimensionality" : "taskType"),
                                 "want the same as in the first request, or nothing in all");
  }
  const auto content = m.take("content");
  if (!content) return in.faults.missing(m.at("content"), "a content with text");
  read_text(in, m.at("content"), *content);
  if (in.faults.ok()) in.keep_left(m);  // title, autoTruncate ...
}

result<chat_request> done(reading& in) {
  if (in.faults.ok() && in.request.model.empty()) in.faults.missing(place{"model"}, "the name of a model, in the path");
  if (!in.faults.ok()) return fail(in.faults.take());
  return std::move(in.request);
}

result<json::object> body_of(const json::document& doc, std::string_view key) {
  json::object root;
  if (doc.root().get(root) == simdjson::SUCCESS) return root;
  return fail(error_code::bad_request, fmt::format("want a JSON object with \"{}\", got {}", key, json::type_name(doc.root())));
}

}  // namespace

result<chat_request> read_embed(const json::document& doc, const addressed& to) {
  const auto root = body_of(doc, "content");
  if (!root) return fail(root.error());
  reading in;
  in.request.kind = request_kind::embedding;
  in.request.model = model_name(to.model);
  read_one(in, nullptr, *root);
  return done(in);
}

result<chat_request> read_batch_embed(const json::document& doc, const addressed& to) {
  const auto root = body_of(doc, "requests");
  if (!root) return fail(root.error());
  reading in;
  in.request.kind = request_kind::embedding;
  in.request.model = model_name(to.model);
  members m{in.faults, nullptr, *root};
  const auto requests = m.take("requests");
  if (!requests) in.faults.missing(m.at("requests"), "an array of requests with content");
  if (requests) {
    each_element(in.faults, m.at("requests"), *requests, "an array of requests", [&](const place& here, json::value one, std::size_t) {
      if (const auto o = in.faults.object(here, one, "a request, an object with content")) read_one(in, &here, *o);
    });
    if (in.faults.ok() && in.request.messages.empty()) in.faults.refuse_rule(m.at("requests"), "want at least one request, got none");
  }
  if (in.faults.ok()) in.keep_left(m);
  return done(in);
}

std::string embed_place(std::string_view in_openai_chat, bool batch) {
  constexpr std::string_view list = "messages[";
  if (in_openai_chat.starts_with(list)) {
    if (!batch) return "content";
    const auto number = in_openai_chat.substr(list.size(), in_openai_chat.find(']') - list.size());
    return "requests[" + std::string{number} + "].content";
  }
  const std::string_view before = batch ? "requests[0]." : "";
  if (in_openai_chat == "dimensions") return std::string{before} + "outputDimensionality";
  if (in_openai_chat == "input_type") return std::string{before} + "taskType";
  if (in_openai_chat == "input" || in_openai_chat == "messages") return batch ? "requests" : "content";
  return std::string{in_openai_chat};
}

}  // namespace naru::dialects::gemini
