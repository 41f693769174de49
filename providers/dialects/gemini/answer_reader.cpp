#include <fmt/format.h>

#include <string>

#include "providers/dialects/gemini/answer.hpp"

namespace naru::dialects::gemini {
namespace {

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

/// The answer to countTokens.
std::vector<event> counted(json::object answer) {
  usage_counts counts;
  counts.overwrite_count(answer);
  return {answer_start{}, usage_report{counts.total()}, finished{}};
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled(doc.error().message);
  if (!doc->root().is_object()) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())));
  const json::object root = doc->root().get_object().value_unsafe();
  if (json::find(root, "totalTokens") && !json::find(root, "candidates")) return counted(root);
  std::vector<event> out;
  response_reader reader;
  reader.read(root, out);
  if (!reader.failed() && !reader.complete()) return garbled("want a candidate with a finish reason");
  return out;
}

}  // namespace naru::dialects::gemini
