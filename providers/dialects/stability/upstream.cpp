#include <algorithm>
#include <array>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/stability/form_data.hpp"
#include "providers/dialects/stability/stability.hpp"

namespace naru::dialects::stability {
namespace {

constexpr std::int64_t most_seed = 4294967294;

struct size_row {
  std::string_view size;
  std::string_view ratio;
};
/// Sizes of OpenAI's form whose ratio this vendor makes exactly. It has no pixels to ask for.
constexpr std::array sizes{size_row{"1024x1024", "1:1"},  size_row{"512x512", "1:1"},   size_row{"256x256", "1:1"},
                           size_row{"1536x1024", "3:2"},  size_row{"1024x1536", "2:3"}, size_row{"1920x1080", "16:9"},
                           size_row{"1080x1920", "9:16"}, size_row{"1280x720", "16:9"}, size_row{"720x1280", "9:16"}};
constexpr std::array<std::string_view, 9> ratios{"16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"};
constexpr std::array<std::string_view, 17> presets{"3d-model",    "analog-film",       "anime",       "cinematic", "comic-book",
                                                   "digital-art", "enhance",           "fantasy-art", "isometric", "line-art",
                                                   "low-poly",    "modeling-compound", "neon-punk",   "origami",   "photographic",
                                                   "pixel-art",   "tile-texture"};

template <class Words>
bool among(const Words& words, std::string_view word) noexcept {
  return std::ranges::find(words, word) != words.end();
}

/// nullopt: no exact one. "": not asked for.
std::optional<std::string_view> ratio_of(std::string_view size) noexcept {
  if (size.empty() || size == "auto") return std::string_view{};
  if (among(ratios, size)) return size;
  const auto* row = std::ranges::find(sizes, size, &size_row::size);
  return row == sizes.end() ? std::nullopt : std::optional{row->ratio};
}

enum class endpoint : std::uint8_t { core, ultra, sd3 };
endpoint endpoint_of(std::string_view model) noexcept {
  if (model == "core" || model == "stable-image-core") return endpoint::core;
  if (model == "ultra" || model == "stable-image-ultra") return endpoint::ultra;
  return endpoint::sd3;
}
std::string_view path_of(endpoint e) noexcept {
  switch (e) {
    case endpoint::core: return "/v2beta/stable-image/generate/core";
    case endpoint::ultra: return "/v2beta/stable-image/generate/ultra";
    case endpoint::sd3: break;
  }
  return "/v2beta/stable-image/generate/sd3";
}

/// An extra of the client's that this form has a field for.
std::string_view style_preset(const chat_request& r) noexcept {
  for (const extra_field& e : r.extra) {
    if (e.name == "style_preset" && e.value.is_string()) return e.value.get_string().value_unsafe();
  }
  return r.image.style;
}

bool neutral(std::string_view word, std::initializer_list<std::string_view> usual) noexcept { return word.empty() || among(usual, word); }

std::optional<error> missing_field(const chat_request& r) {
  constexpr std::string_view none = "this vendor has no such field";
  if (r.kind != request_kind::image) return cannot("model", "this vendor makes pictures alone");
  if (r.image.edit) return cannot("image", "pictures are made from words alone here");
  if (r.stream) return cannot("stream", "this vendor has no stream");
  if (r.n.value_or(1) != 1) return cannot("n", "this vendor makes one picture a call");
  if (!neutral(r.image.quality, {"auto", "standard"})) return cannot("quality", std::string{none});
  if (!neutral(r.image.background, {"auto"})) return cannot("background", std::string{none});
  if (r.image.output_compression) return cannot("output_compression", std::string{none});
  if (r.image.answer_as == "url") return cannot("response_format", "this vendor keeps no pictures: want b64_json");
  for (const extra_field& e : r.extra) {
    if (!json::is_null(e.value) && e.name != "style_preset") return cannot(std::string{e.name}, std::string{none});
  }
  return std::nullopt;
}

std::optional<error> bad_value(const chat_request& r, endpoint to) {
  if (!ratio_of(r.image.size))
    return cannot("size", "this vendor makes ratios and no sizes: want one of exactly 1:1, 3:2, 2:3, 16:9, 9:16 ...");
  if (const auto preset = style_preset(r); !preset.empty() && !among(presets, preset)) {
    return cannot(r.image.style.empty() ? "style_preset" : "style",
                  "want one of this vendor's presets (anime, cinematic, photographic ...)");
  }
  const std::string_view format = r.image.output_format;
  const bool known = neutral(format, {"png", "jpeg"}) || (format == "webp" && to != endpoint::sd3);
  if (!known) return cannot("output_format", "this vendor makes png and jpeg, and webp but for sd3");
  if (r.seed && (*r.seed < 1 || *r.seed > most_seed)) return cannot("seed", "this vendor takes 1 to 4294967294");
  return std::nullopt;
}

/// A header's value: an end user's id that is no plain word is left out, as it only serves the vendor's watch on abuse.
void add_user(std::string_view user, std::vector<header>& headers) {
  std::string word = clean_word(user);
  if (!word.empty()) headers.emplace_back("stability-client-user-id", std::move(word));
}

void read_words(json::object o, failure& f) {
  f.type = clean_word(text_at(o, "name"));
  if (const auto all = json::get_array(o, "errors"); all && all->size() > 0 && all->at(0).value_unsafe().is_string()) {
    f.message = clean_text(all->at(0).value_unsafe().get_string().value_unsafe());
  } else {
    f.message = clean_text(text_at(o, "message"));
  }
}

class image_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "stability"; }

  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    if (auto e = missing_field(r)) return e;
    return bad_value(r, endpoint_of(t.model));
  }

  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    std::string prompt = r.messages.empty() ? std::string{} : joined_text(r.messages.front(), "\n");
    if (prompt.empty()) return fail(error_code::bad_request, "want the words of the picture", "messages[0]");
    std::vector<std::pair<std::string_view, std::string>> fields;
    const auto put = [&](std::string_view key, std::string_view value) {
      if (!value.empty()) fields.emplace_back(key, value);
    };
    const endpoint to = endpoint_of(t.model);
    fields.emplace_back("prompt", std::move(prompt));
    put("negative_prompt", r.image.negative_prompt);
    put("aspect_ratio", ratio_of(r.image.size).value_or(std::string_view{}));
    if (r.seed) put("seed", std::to_string(*r.seed));
    put("output_format", r.image.output_format);
    put("style_preset", style_preset(r));
    if (to == endpoint::sd3) put("model", t.model);
    form_data form = encode_form(fields);
    wire_request out{.path = std::string{path_of(to)}, .headers = {{"accept", "application/json"}}, .body = {}, .spliced = {}};
    add_user(r.user, out.headers);
    out.body = std::move(form.body);
    out.content_type = std::move(form.content_type);
    return out;
  }

  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = parse_answer(body);
    if (!doc) return fail(doc.error());
    const json::object answer = root_object(*doc);
    const std::string_view reason = json::get_string(answer, "finish_reason").value_or("");
    if (reason == "CONTENT_FILTERED") return std::vector<event>{answer_failed{filtered()}};
    std::string image = text_at(answer, "image");
    if (image.empty()) return garbled_answer("want a string `image`");
    return std::vector<event>{answer_start{}, image_made{0, media_type(image), std::move(image), {}, {}}, finished{}};
  }

  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }

  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    failure f;
    f.status = status;
    f.not_here_again = forbids_retry(headers);
    if (const auto doc = json::document::parse(body); doc && doc->root().is_object()) read_words(root_object(*doc), f);
    f.cls = f.type == "content_moderation" ? failure_class::content_policy : class_of_status(status);
    f.retry_after = read_retry_after(headers);
    // Past 150 requests in 10 s the vendor shuts its door for about a minute, and seldom says so.
    if (status == 429 && !f.retry_after) f.retry_after = std::chrono::seconds{60};
    return with_words(std::move(f));
  }

 private:
  /// A 200 with a blurred picture: of no use to anyone, so told as what it is.
  static failure filtered() {
    failure f;
    f.cls = failure_class::content_policy;
    f.type = "CONTENT_FILTERED";
    f.message = "the vendor's filter has withheld the picture";
    return f;
  }
  /// The answer does not say; the first bytes of the picture do, in base64.
  static std::string media_type(std::string_view base64) {
    if (base64.starts_with("iVBORw0KGgo")) return "image/png";
    if (base64.starts_with("/9j/")) return "image/jpeg";
    return base64.starts_with("UklGR") ? "image/webp" : "";
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const image_form instance;
  return instance;
}

}  // namespace naru::dialects::stability
