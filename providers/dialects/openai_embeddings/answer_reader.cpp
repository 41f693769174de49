#include <fmt/format.h>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_embeddings/ends.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::openai_embeddings {
namespace {

constexpr std::uint64_t most_vectors = 1 << 16;

std::optional<std::uint64_t> counted(json::object answer) {
  const auto used = json::get_object(answer, "usage");
  if (!used) return std::nullopt;
  counts_reader counts;
  std::optional<std::uint64_t> prompt, total;
  counts.take(*used, "prompt_tokens", prompt);
  counts.take(*used, "total_tokens", total);
  return prompt ? prompt : total;
}

/// @return what is wrong with it; empty: nothing
std::string_view append_one(json::value item, std::uint64_t position, std::vector<event>& out) {
  if (!item.is_object()) return "want objects in `data`";
  const json::object o = item.get_object().value_unsafe();
  const std::uint64_t index = json::get_uint(o, "index").value_or(position);
  if (index >= most_vectors) return "an index in `data` is out of range";
  const auto v = json::find(o, "embedding");
  auto vector = v ? read_vector(*v) : std::nullopt;
  if (!vector) return "want numbers or base64 in `embedding`";
  out.emplace_back(embedding_made{static_cast<std::uint32_t>(index), std::move(*vector)});
  return {};
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = parse_answer(body);
  if (!doc) return fail(doc.error());
  const json::object answer = root_object(*doc);
  std::vector<event> out;
  if (const auto e = json::find(answer, "error"); e && !json::is_null(*e)) {  // some servers answer 200 with an error inside
    out.emplace_back(answer_failed{openai_chat::read_inband_failure(answer)});
    return out;
  }
  const auto data = json::get_array(answer, "data");
  if (!data || data->size() == 0) return garbled_answer("want an array `data` with something in it");
  out.emplace_back(answer_start{text_at(answer, "id"), text_at(answer, "model"), json::get_uint(answer, "created").value_or(0)});
  std::uint64_t position = 0;
  for (const json::value item : *data) {
    if (const auto wrong = append_one(item, position++, out); !wrong.empty()) return garbled_answer(wrong);
  }
  append_embedding_end(counted(answer), out);
  return out;
}

}  // namespace naru::dialects::openai_embeddings
