// Bytes of the vendors whose form is their own and no client's: the first byte says whose, the rest is for vendor_bytes.hpp. 'I' reads a
// client's request for pictures instead.
#include <array>

#include "providers/dialects/clova/clova.hpp"
#include "providers/dialects/clova_embed/clova_embed.hpp"
#include "providers/dialects/cohere_chat/cohere_chat.hpp"
#include "providers/dialects/cohere_embed/cohere_embed.hpp"
#include "providers/dialects/hf_feature_extraction/hf_feature_extraction.hpp"
#include "providers/dialects/kogpt/kogpt.hpp"
#include "providers/dialects/ollama_chat/ollama_chat.hpp"
#include "providers/dialects/ollama_embed/ollama_embed.hpp"
#include "providers/dialects/openai_images/openai_images.hpp"
#include "providers/dialects/stability/stability.hpp"
#include "providers/dialects/tgi/tgi.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

namespace {

using namespace naru::dialects;

void read_pictures(std::string_view body) {
  const auto doc = naru::json::document::parse(body);
  if (!doc) return;
  const auto r = openai_images::client().read_request(*doc);
  if (!r) return naru::fuzz::want(!r.error().message.empty(), "a refusal without words");
  if (const auto w = openai_images::upstream().write_request(*r, {"m", {}, {}})) {
    naru::fuzz::want(naru::json::document::parse(w->body).has_value(), "a written body that is no JSON");
  }
  if (stability::upstream().cannot_carry(*r, {"core", {}, {}})) return;
  const auto w = stability::upstream().write_request(*r, {"core", {}, {}});
  naru::fuzz::want(!w || w->body.ends_with("--\r\n"), "parts without an end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<const upstream_dialect*, 11> forms{
      &cohere_chat::upstream(), &cohere_embed::upstream(), &clova::upstream(),        &clova_embed::upstream(),
      &ollama_chat::upstream(), &ollama_embed::upstream(), &tgi::upstream(),          &hf_feature_extraction::upstream(),
      &kogpt::upstream(),       &stability::upstream(),    &openai_images::upstream()};
  if (size == 0) return 0;
  if (data[0] == 'I') {
    read_pictures({reinterpret_cast<const char*>(data) + 1, size - 1});
  } else {
    naru::fuzz::read_as_vendor(*forms[data[0] % forms.size()], data + 1, size - 1);
  }
  return 0;
}
