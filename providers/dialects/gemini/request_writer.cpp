#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
/// RFC 3986 §2.3: all but unreserved characters, so that a model's name stays one path segment.
std::string percent_encoded(std::string_view name) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
    }
  }
  return out;
}

// Without alt=sse the stream would be one JSON array that grows on the wire.
std::string path_of(const chat_request& r, const target& t) {
  const std::string model = "/v1beta/models/" + percent_encoded(t.model);
  if (r.kind == request_kind::token_count) return model + ":countTokens";
  return model + (r.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

namespace {

/// Extras that only the client's own body can bring along, in a body that could not be spliced.
std::optional<error> lost_extra(const chat_request& r) {
  for (const auto& e : r.extra) {
    if (is_own_path(e.name)) return cannot(std::string{e.name}, "goes on only in a body whose keys are spelled without escapes");
  }
  return std::nullopt;
}

/// The members of a GenerateContentRequest but for the model.
result<void> write_members(const chat_request& r, const target& t, json::writer& w) {
  if (auto ok = write_contents(r, t, w); !ok) return ok;
  if (auto ok = write_tools(r, w); !ok) return ok;
  if (auto ok = write_generation_config(r, t, w); !ok) return ok;
  // auto is what the vendor does when nothing is said.
  if (r.service_tier == "default") w.field("serviceTier", "standard");
  if (r.service_tier == "flex" || r.service_tier == "priority") w.field("serviceTier", r.service_tier);
  for (const auto& e : r.extra) {
    if (is_writable_extra(e.name)) w.key(e.name).raw(json::to_text(e.value));
  }
  return {};
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  if (auto e = lost_extra(r)) return fail(std::move(*e));
  wire_request out{path_of(r, t), {}, {}, {}};
  json::writer w(out.body);
  w.begin_object();
  // Counted with the system's words and the tools, which `contents` alone would leave out.
  const bool count = r.kind == request_kind::token_count;
  if (count) w.key("generateContentRequest").begin_object().field("model", "models/" + std::string{t.model});
  if (auto ok = write_members(r, t, w); !ok) return fail(std::move(ok.error()));
  if (count) w.end_object();
  w.end_object();
  return out;
}

}  // namespace naru::dialects::gemini
