#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

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
  return "/v1beta/models/" + percent_encoded(t.model) + (r.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  wire_request out{path_of(r, t), {}, {}, {}};
  json::writer w(out.body);
  w.begin_object();
  if (auto ok = write_contents(r, t, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_generation_config(r, t, w); !ok) return fail(std::move(ok.error()));
  // auto is what the vendor does when nothing is said.
  if (r.service_tier == "default") w.field("serviceTier", "standard");
  if (r.service_tier == "flex" || r.service_tier == "priority") w.field("serviceTier", r.service_tier);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::gemini
