#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"
#include "providers/dialects/gemini/words.hpp"

// What the generateContent form has no place for. Source: Gemini API reference v1beta (state of 2026-11).
namespace naru::dialects::gemini {
namespace {

constexpr std::string_view form = form_name;
// Fields of this form that no other has: a client of another form may say them too.
constexpr std::array<std::string_view, 3> own_fields{"safetySettings", "cachedContent", "labels"};
constexpr std::size_t most_stops = 5;
constexpr std::uint64_t most_candidates = 8;
constexpr std::uint64_t most_logprobs = 20;

std::optional<error> field_without_place(const chat_request& r) {
  const auto none = [](std::string field) { return cannot(std::move(field), std::string{form} + " has no such field"); };
  if (!r.user.empty()) return none("user");
  if (!r.tools.empty() && !r.parallel_tool_calls.value_or(true)) {
    return cannot("parallel_tool_calls", std::string{form} + " cannot ask for one call at a time");
  }
  if (r.top_logprobs && !r.logprobs.value_or(false)) return cannot("top_logprobs", "want logprobs: true beside it");
  return std::nullopt;
}

std::optional<error> value_out_of_range(const chat_request& r) {
  if (const auto n = r.n.value_or(1); n < 1 || n > most_candidates) return cannot("n", "this vendor gives 1 to 8 answers a request");
  if (r.seed && (*r.seed < std::numeric_limits<std::int32_t>::min() || *r.seed > std::numeric_limits<std::int32_t>::max())) {
    return cannot("seed", "this vendor takes 32 bits");
  }
  if (r.top_logprobs.value_or(0) > most_logprobs) return cannot("top_logprobs", "this vendor gives at most 20");
  if (r.temperature && !(*r.temperature >= 0 && *r.temperature <= 2)) return cannot("temperature", "this vendor takes 0 to 2");
  if (r.stop.size() > most_stops) return cannot("stop", "this vendor takes at most 5 stop sequences");
  if (std::ranges::any_of(r.stop, &std::string_view::empty)) return cannot("stop", "this vendor refuses an empty stop sequence");
  if (!r.reasoning_effort.empty() && !known_effort(r.reasoning_effort)) {
    return cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max");
  }
  const auto tier = r.service_tier;
  if (!tier.empty() && tier != "auto" && tier != "default" && tier != "flex" && tier != "priority") {
    return cannot("service_tier", "want auto, default, flex or priority");
  }
  return std::nullopt;
}

/// Function names begin with a letter or an underscore here; OpenAI's may begin with a digit or a dash.
std::optional<error> bad_tool_name(const chat_request& r) {
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const auto name = r.tools[i].name;
    const char c = name.empty() ? '\0' : name.front();
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') continue;
    return cannot(tool_path(i) + ".function.name", "this vendor wants a name that begins with a letter or an underscore");
  }
  return std::nullopt;
}

std::optional<error> bad_conversation(const chat_request& r, const target& t) {
  bool said = false;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    for (std::size_t j = 0; j < r.messages[i].parts.size(); ++j) {
      if (auto e = cannot_carry_part(r.messages[i], i, j, t)) return e;
    }
    said = said || (!is_system(r.messages[i]) && says_something(r.messages[i]));
  }
  if (!said) return cannot("messages", "this vendor wants a message besides the system's, with text in it");
  return std::nullopt;
}

using where = const std::string&;

std::optional<error> trouble(const text_part&, where, const target&) { return std::nullopt; }
std::optional<error> trouble(const refusal_part&, where, const target&) { return std::nullopt; }
std::optional<error> trouble(const reasoning_part&, where, const target&) { return std::nullopt; }
/// Other addresses are read by the newest models alone and, where they are not, answered with 400 after the request has gone out;
/// fetching them ourselves would make the gateway a way into the inner network.
/// `detail` is a hint that this form has no word for (mediaResolution stands for the whole request): left out, as a vendor may itself.
std::optional<error> trouble(const image_part& p, where at, const target& t) {
  if (p.data.empty() && !opens(p.url, t)) {
    return cannot(at + ".image_url.url", "this model reads data URLs and addresses of its vendor's own store of files");
  }
  if (!p.data.empty() && !p.media_type.starts_with("image/")) return cannot(at + ".image_url.url", "want an image/... media type");
  return std::nullopt;
}
std::optional<error> trouble(const audio_part& p, where at, const target&) {
  if (!audio_type(p.format).empty()) return std::nullopt;
  return cannot(at + ".input_audio.format", "this vendor takes wav, mp3, aiff, aac, ogg and flac");
}
std::optional<error> trouble(const file_part& p, where at, const target& t) {
  if (!p.url.empty()) {
    if (opens(p.url, t)) return std::nullopt;
    return cannot(at, "this model reads files from addresses of its vendor's own store alone; send the file's content");
  }
  if (p.data.empty()) return cannot(at + ".file.file_id", "files of another vendor cannot be named here; send file_data");
  const auto type = p.media_type;
  if (type == "application/pdf" || type.starts_with("text/") || type.starts_with("image/") || type.starts_with("audio/") ||
      type.starts_with("video/")) {
    return std::nullopt;
  }
  return cannot(at + ".file.file_data", "this vendor takes application/pdf, text, images, audio and video");
}

}  // namespace

std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part_index, const target& t) {
  const part& p = m.parts[part_index];
  const bool words = std::holds_alternative<text_part>(p) || std::holds_alternative<refusal_part>(p);
  if (is_system(m) && !words) return cannot(part_path(message, part_index), "system messages hold text alone here");
  if (m.role == role::tool && !words) {
    const bool media = std::holds_alternative<image_part>(p) || std::holds_alternative<file_part>(p);
    if (!media || !is_third_generation(t)) return cannot(part_path(message, part_index), "tool results hold text alone at this model");
  }
  return std::visit([&](const auto& one) { return trouble(one, part_path(message, part_index), t); }, p);
}

bool is_own_path(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 5> starts{"contents[", "systemInstruction.", "toolConfig.", "generationConfig.",
                                                   "generateContentRequest."};
  if (std::ranges::any_of(starts, [&](std::string_view start) { return name.starts_with(start); })) return true;
  const auto end = name.find("].");  // "tools[1].googleSearch"; OpenAI's marks are "tools[].custom" and "tools[0].function"
  return name.starts_with("tools[") && end != std::string_view::npos && end > 6 && !name.substr(end).starts_with("].function.") &&
         name.substr(end) != "].function";
}

bool is_writable_extra(std::string_view name) noexcept { return std::ranges::find(own_fields, name) != own_fields.end(); }

std::optional<error> cannot_carry_extra(const chat_request& r) {
  chat_request foreign;
  for (const auto& e : r.extra) {
    if (!is_writable_extra(e.name) && !is_own_path(e.name)) foreign.extra.push_back(e);
  }
  return first_refused(foreign, {}, form);
}

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (r.kind != request_kind::chat && r.kind != request_kind::token_count) {
    return cannot("messages", std::string{form} + " answers chats and counts their tokens");
  }
  // Extras are what is looked at last there, and those of this form's own clients are no obstacle.
  if (auto e = first_refused(r, t, form); e && !is_writable_extra(e->field) && !is_own_path(e->field)) return e;
  if (auto e = cannot_carry_extra(r)) return e;
  if (auto e = field_without_place(r)) return e;
  if (auto e = value_out_of_range(r)) return e;
  if (auto e = bad_tool_name(r)) return e;
  return bad_conversation(r, t);
}

}  // namespace naru::dialects::gemini
