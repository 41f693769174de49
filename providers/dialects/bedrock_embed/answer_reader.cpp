#include <cmath>
#include <limits>
#include <string>

#include "core/json/document.hpp"
#include "providers/dialects/bedrock_embed/forms.hpp"
#include "providers/dialects/shared.hpp"

// The answers tell by themselves whose they are: {"embedding":[...],"inputTextTokenCount"} Titan's, {"embeddings":[{"embedding":[...]}]}
// Nova's, {"embeddings":{"float":[[...]]}} or {"embeddings":[[...]]} Cohere's.
namespace naru::dialects::bedrock_embed {
namespace {

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

/// nullopt: not a list of one or more numbers that a float holds.
std::optional<std::vector<float>> read_vector(json::value v) {
  if (!v.is_array()) return std::nullopt;
  std::vector<float> out;
  for (const json::value one : v.get_array().value_unsafe()) {
    double d = 0;
    if (!one.is_number() || one.get(d) != simdjson::SUCCESS || !(std::abs(d) <= std::numeric_limits<float>::max())) return std::nullopt;
    out.push_back(static_cast<float>(d));
  }
  return out.empty() ? std::nullopt : std::optional{std::move(out)};
}

/// An element of `embeddings`: a vector, or Nova's object that holds one.
std::optional<std::vector<float>> read_one(json::value v) {
  if (!v.is_object()) return read_vector(v);
  const auto inside = json::find(v.get_object().value_unsafe(), "embedding");
  return inside ? read_vector(*inside) : std::nullopt;
}

bool append_all(json::array all, std::vector<event>& out) {
  std::uint32_t index = 0;
  for (const json::value one : all) {
    auto vector = read_one(one);
    if (!vector) return false;
    out.emplace_back(embedding_made{index++, std::move(*vector)});
  }
  return index > 0;
}

bool append_vectors(json::object answer, std::vector<event>& out) {
  if (const auto single = json::find(answer, "embedding")) {
    auto vector = read_vector(*single);
    if (vector) out.emplace_back(embedding_made{0, std::move(*vector)});
    return vector.has_value();
  }
  if (const auto by_type = json::get_object(answer, "embeddings")) {
    const auto floats = json::get_array(*by_type, "float");
    return floats && append_all(*floats, out);
  }
  const auto all = json::get_array(answer, "embeddings");
  return all && append_all(*all, out);
}

}  // namespace

/// Without a count in the answer (Nova's and Cohere's bodies have none) there is no usage_report: whoever asked estimates.
result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled(doc.error().message);
  if (!doc->root().is_object()) return garbled("want an object");
  const json::object answer = doc->root().get_object().value_unsafe();
  std::vector<event> out{answer_start{}};
  if (!append_vectors(answer, out)) return garbled("want vectors of numbers");
  counts_reader counts;
  std::optional<std::uint64_t> tokens_read;
  counts.take(answer, "inputTextTokenCount", tokens_read);
  if (tokens_read) {
    usage u;
    u.input = {*tokens_read};
    out.emplace_back(usage_report{std::move(u)});
  }
  out.emplace_back(finished{});
  return out;
}

}  // namespace naru::dialects::bedrock_embed
