#include <algorithm>
#include <array>

#include "providers/dialects/openai_chat/request_reader.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {
namespace {

std::string_view required_text(strict& s, const path& at, json::object o, std::string_view key) {
  const auto v = s.required(at, o, key, "a string");
  return v ? s.string(path{at, key}, *v) : std::string_view{};
}

void text(strict& s, const path& at, json::object o, message& m, chat_request& r) {
  m.parts.emplace_back(text_part{required_text(s, at, o, "text")});
  // What an answer's text had beside it and comes back with it says nothing to a model.
  keep_unknown(at, o, {"type", "text", "annotations", "logprobs"}, r);
}

void refusal(strict& s, const path& at, json::object o, message& m, chat_request& r) {
  m.parts.emplace_back(refusal_part{required_text(s, at, o, "refusal")});
  keep_unknown(at, o, {"type", "refusal"}, r);
}

/// An image by id, which no other form has, goes on under its path.
void image(strict& s, const path& at, json::object o, message& m, chat_request& r) {
  image_part part;
  if (const auto detail = member(o, "detail")) part.detail = s.string(path{at, "detail"}, *detail);
  const auto url = member(o, "image_url");
  const auto id = member(o, "file_id");
  if (url.has_value() == id.has_value()) return s.refuse_rule(at, "want exactly one of image_url and file_id");
  if (id) return keep_whole(path{at, "file_id"}, *id, r);
  openai_chat::read_image_url(s, path{at, "image_url"}, *url, part);
  m.parts.emplace_back(part);
  keep_unknown(at, o, {"type", "image_url", "detail"}, r);
}

void file(strict& s, const path& at, json::object o, message& m, chat_request& r) {
  file_part part;
  if (const auto id = member(o, "file_id")) part.id = s.word(path{at, "file_id"}, *id);
  if (const auto url = member(o, "file_url")) part.url = s.word(path{at, "file_url"}, *url);
  if (const auto name = member(o, "filename")) part.filename = s.string(path{at, "filename"}, *name);
  if (const auto data = member(o, "file_data")) openai_chat::read_file_data(s, path{at, "file_data"}, *data, part);
  if (!s.ok()) return;
  const int given = (part.id.empty() ? 0 : 1) + (part.url.empty() ? 0 : 1) + (part.data.empty() ? 0 : 1);
  if (given != 1) return s.refuse_rule(at, "want exactly one of file_id, file_url and file_data");
  m.parts.emplace_back(part);
  keep_unknown(at, o, {"type", "file_id", "file_url", "filename", "file_data", "detail"}, r);
}

void audio(strict& s, const path& at, json::object o, message& m, chat_request& r) {
  const path outer{at, "input_audio"};
  const auto v = s.required(at, o, "input_audio", "an object with data and format");
  const auto inner = v ? s.object(outer, *v, "an object with data and format") : std::nullopt;
  if (!inner) return;
  m.parts.emplace_back(audio_part{required_text(s, outer, *inner, "data"), required_text(s, outer, *inner, "format")});
  keep_unknown(at, o, {"type", "input_audio"}, r);
}

struct kind {
  std::string_view type;
  void (*read)(strict&, const path&, json::object, message&, chat_request&);
  bool of_users;       ///< in what is sent to a model
  bool of_assistants;  ///< in what a model said; the short form of a message has input_text there too
};
constexpr std::array kinds{kind{"input_text", text, true, true},  kind{"output_text", text, false, true},
                           kind{"refusal", refusal, false, true}, kind{"input_image", image, true, false},
                           kind{"input_file", file, true, false}, kind{"input_audio", audio, true, false}};

void read_one_part(strict& s, const path& at, json::value v, role who, message& m, chat_request& r) {
  const auto o = s.object(at, v, "a part, an object with type");
  if (!o) return;
  const path type_at{at, "type"};
  const auto type_value = s.required(at, *o, "type", "the kind of the part, a string");
  const auto type = type_value ? s.string(type_at, *type_value) : std::string_view{};
  if (!s.ok()) return;
  const auto* found = std::ranges::find(kinds, type, &kind::type);
  // What a system message may hold beside text, no other form has.
  const bool foreign = (who == role::system || who == role::developer) && type != "input_text";
  if (found == kinds.end() || foreign) return keep_whole(at, v, r);
  const bool assistant = who == role::assistant;
  if (assistant ? found->of_assistants : found->of_users) return found->read(s, at, *o, m, r);
  const std::string_view wanted =
      assistant ? "output_text or refusal in an assistant's message" : "one of input_text, input_image, input_file";
  s.refuse_word(type_at, wanted);
}

}  // namespace

void read_parts(strict& s, const path& at, json::array list, role who, message& m, chat_request& r) {
  std::size_t index = 0;
  for (const json::value item : list) {
    const path here{at, index++};
    read_one_part(s, here, item, who, m, r);
    if (!s.ok()) return;
  }
}

}  // namespace naru::dialects::openai_responses
