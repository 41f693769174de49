#include <string>

#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_images/ends.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_images {
namespace {

constexpr std::string_view image_type = "image/";
constexpr std::uint32_t most_images = 128;

void append_usage(json::object answer, std::vector<event>& out) {
  const auto used = json::get_object(answer, "usage");
  if (!used) return;  // models before gpt-image count pictures and no tokens
  counts_reader counts;
  std::optional<std::uint64_t> input, output;
  counts.take(*used, "input_tokens", input);
  counts.take(*used, "output_tokens", output);
  if (!counts.any()) return;
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  u.estimated = counts.odd() || !input || !output;
  out.emplace_back(usage_report{std::move(u)});
}

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = parse_answer(body);
  if (!doc) return fail(doc.error());
  const json::object answer = root_object(*doc);
  std::vector<event> out;
  if (const auto e = json::find(answer, "error"); e && !json::is_null(*e)) {
    out.emplace_back(answer_failed{openai_chat::read_inband_failure(answer)});
    return out;
  }
  const auto data = json::get_array(answer, "data");
  if (!data || data->size() == 0) return garbled_answer("want an array `data` with something in it");
  if (data->size() > most_images) return garbled_answer("too many pictures");
  out.emplace_back(answer_start{text_at(answer, "id"), text_at(answer, "model"), json::get_uint(answer, "created").value_or(0)});
  const std::string format = clean_word(text_at(answer, "output_format"), 16);
  std::uint32_t index = 0;
  for (const json::value item : *data) {
    if (!item.is_object()) return garbled_answer("want objects in `data`");
    const json::object o = item.get_object().value_unsafe();
    image_made made{index++, {}, text_at(o, "b64_json"), text_at(o, "url"), text_at(o, "revised_prompt")};
    if (made.data.empty() == made.url.empty()) return garbled_answer("want one of `b64_json` and `url`");
    if (!made.data.empty() && !format.empty()) made.media_type = std::string{image_type} + format;
    out.emplace_back(std::move(made));
  }
  out.emplace_back(finished{});
  append_usage(answer, out);
  return out;
}

std::string write_answer(const chat_request&, const std::vector<event>& events, std::uint64_t created) {
  std::string_view format;
  const usage* used = nullptr;
  for (const event& e : events) {
    if (const auto* s = std::get_if<answer_start>(&e); s != nullptr && s->created != 0) created = s->created;
    if (const auto* u = std::get_if<usage_report>(&e)) used = &u->usage;
  }
  std::string out;
  json::writer w{out};
  w.begin_object().field("created", created).key("data").begin_array();
  for (const event& e : events) {
    const auto* made = std::get_if<image_made>(&e);
    if (made == nullptr) continue;
    if (made->media_type.starts_with(image_type)) format = std::string_view{made->media_type}.substr(image_type.size());
    w.begin_object();
    if (made->url.empty()) {
      w.field("b64_json", made->data);
    } else {
      w.field("url", made->url);
    }
    if (!made->revised_prompt.empty()) w.field("revised_prompt", made->revised_prompt);
    w.end_object();
  }
  w.end_array();
  if (!format.empty()) w.field("output_format", format);
  if (used != nullptr) {
    w.key("usage").begin_object().field("input_tokens", used->input.value).field("output_tokens", used->output.value);
    w.field("total_tokens", used->input.value + used->output.value).end_object();
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_images
