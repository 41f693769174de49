// Both ends of the Messages form over arbitrary bytes. The first byte picks the end:
//   'r' a client's body, 'c' one that asks for a count: read; what reads is spliced and written, and both must read again
//   'e' frames of a vendor's stream: what its reader makes of them is written for a client, as a stream and whole, and read again
//   the others: see vendor_bytes.hpp
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

namespace {

using namespace naru;
namespace anthropic = dialects::anthropic_messages;
using fuzz::want;

void request(const dialects::client_dialect& client, std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc) return;
  const auto r = client.read_request(*doc);
  if (!r) {
    want(!r.error().message.empty(), "an error without a message");
    return;
  }
  const dialects::target t{.model = "target", .constraints = {}, .max_output = std::nullopt};
  const auto reads = [&](const std::string& text, std::string_view what) {
    const auto again = json::document::parse(text);
    want(again.has_value(), what);
    const auto read = client.read_request(*again);
    want(read.has_value() && read->model == "target", what);
  };
  const auto spliced = anthropic::upstream().splice_request("anthropic_messages", body, *r, t);
  want(spliced.has_value(), "a body of the same form that is not passed on");
  // A conversation of nothing but another vendor's state leaves no message.
  if (spliced->body.empty()) reads(spliced->text(), "a spliced body that does not read");
  if (const auto refused = anthropic::upstream().cannot_carry(*r, t)) {
    want(refused->field.empty() || !client.place_in(*r, *doc, refused->field).empty(), "a refusal without a place");  // a key may be empty
    return;
  }
  if (const auto wire = anthropic::upstream().write_request(*r, t)) reads(wire->body, "a written body that does not read");
}

void for_client(std::string_view bytes) {
  const auto reader = anthropic::upstream().make_stream_reader();
  test::sse_frames framer;
  std::vector<event> events;
  for (const auto& f : framer.feed(bytes)) reader->read(f.event, f.data, events);
  if (!reader->complete()) return;
  std::string out;
  const auto writer = anthropic::client().make_stream_writer({}, "msg_1", 1);
  for (const auto& e : events) writer->write(e, out);
  writer->finish(out);
  const auto again = anthropic::upstream().make_stream_reader();
  std::vector<event> read;
  test::sse_frames second;
  for (const auto& f : second.feed(out)) again->read(f.event, f.data, read);
  fuzz::check(read, again->complete());
  want(again->complete(), "a written stream without an end");
  const auto before = test::fold(events), after = test::fold(read);
  want(before.text == after.text && before.reasoning == after.reasoning && before.calls.size() == after.calls.size(),
       "a written stream says else");
  want(anthropic::upstream().read_answer(anthropic::client().write_answer({}, events, "msg_1", 1)).has_value(),
       "a written answer that does not read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0]) {
    case 'r': request(anthropic::client(), rest); break;
    case 'c': request(anthropic::count_tokens_client(), rest); break;
    case 'e': for_client(rest); break;
    default: fuzz::read_as_vendor(anthropic::upstream(), data, size);
  }
  return 0;
}
