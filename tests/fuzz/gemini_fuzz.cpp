// Both ends of Google's forms over arbitrary bytes. The first byte picks the end:
//   'r' 'c' 'e' 'b' a client's body (generateContent, countTokens, embedContent, batchEmbedContents): what reads is written and reads
//   again,
//                   places are told, splicing gives JSON without another model
//   'w' a vendor's stream, written to a client as events and as one array, which must be JSON
//   'v' an answer with vectors
//   else a vendor's bytes: see vendor_bytes.hpp
#include "providers/dialects/gemini/gemini.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

namespace {

using namespace naru;
using naru::fuzz::want;
namespace gemini = dialects::gemini;

void request(const dialects::client_dialect& form, const dialects::upstream_dialect& vendor, std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc) return;
  dialects::addressed to;
  to.model = "asked";
  const auto r = form.read_request(*doc, to);
  if (!r) return want(!r.error().message.empty(), "a refusal without a message");
  const dialects::target t{.model = "target", .constraints = {"thought_signature_required"}, .max_output = std::nullopt};
  if (const auto spliced = vendor.splice_request(form.name(), body, *r, t)) {
    const auto again = json::document::parse(spliced->text());
    want(again.has_value(), "spliced to what is no JSON");
    want(form.read_request(*again, to).has_value(), "spliced to what does not read");
  }
  if (const auto why = vendor.cannot_carry(*r, t)) {
    return want(why->field.empty() || !form.place_in({}, *doc, why->field).empty(),
                "a refused field without a place");  // a key may be empty
  }
  const auto wire = vendor.write_request(*r, t);
  if (!wire) return want(!form.place_in({}, *doc, wire.error().field).empty() || wire.error().field.empty(), "a refusal without a place");
  const auto again = json::document::parse(wire->body);
  want(again.has_value(), "written to what is no JSON");
  const auto& reads = &form == &gemini::embed_client() ? gemini::batch_embed_client() : form;
  want(reads.read_request(*again, to).has_value(), "written to what does not read");
}

void written(std::string_view bytes) {
  const auto reader = gemini::upstream().make_stream_reader();
  test::sse_frames framer;
  std::vector<event> events;
  for (const auto& f : framer.feed(bytes)) reader->read(f.event, f.data, events);
  for (const bool as_array : {false, true}) {
    chat_request asked;
    asked.stream_as_array = as_array;
    const auto w = gemini::client().make_stream_writer(asked, "id", 1);
    std::string out;
    for (const auto& e : events) w->write(e, out);
    w->finish(out);
    if (as_array) want(json::document::parse(out, json::limits::of_answers()).has_value(), "an array that is no JSON");
    test::sse_frames again;
    for (const auto& f : again.feed(as_array ? std::string{} : out)) {
      want(json::document::parse(f.data, json::limits::of_answers()).has_value(), "a frame that is no JSON");
    }
  }
  const auto answer = gemini::client().write_answer({}, events, "id", 1);
  want(json::document::parse(answer, json::limits::of_answers()).has_value(), "an answer that is no JSON");
}

void vectors(std::string_view body) {
  const auto events = gemini::embed_upstream().read_answer(body);
  if (!events) return;
  for (const auto* form : {&gemini::embed_client(), &gemini::batch_embed_client()}) {
    want(json::document::parse(form->write_answer({}, *events, "id", 1)).has_value(), "vectors that are no JSON");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0]) {
    case 'r': request(gemini::client(), gemini::upstream(), rest); break;
    case 'c': request(gemini::count_tokens_client(), gemini::upstream(), rest); break;
    case 'e': request(gemini::embed_client(), gemini::embed_upstream(), rest); break;
    case 'b': request(gemini::batch_embed_client(), gemini::embed_upstream(), rest); break;
    case 'w': written(rest); break;
    case 'v': vectors(rest); break;
    default: naru::fuzz::read_as_vendor(gemini::upstream(), data, size); break;
  }
  return 0;
}
