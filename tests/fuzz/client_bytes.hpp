#pragma once
#include <string>
#include <string_view>

#include "providers/dialects/dialect.hpp"
#include "tests/fuzz/vendor_bytes.hpp"

/// A client's bytes through a form that has both ends: what reads is passed on with the model spliced and written anew, and both must read
/// again; a vendor's bytes become a stream and an answer of the form, which its own reader must understand.
namespace naru::fuzz {

inline void request(const dialects::client_dialect& client, const dialects::upstream_dialect& form, std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc) return;
  const auto r = client.read_request(*doc);
  if (!r) return want(!r.error().message.empty(), "a refusal without a word");
  const dialects::target t{.model = "target", .constraints = {}, .max_output = std::nullopt};
  const auto reads_again = [&](const std::string& text, std::string_view what) {
    const auto again = json::document::parse(text);
    want(again.has_value(), what);
    const auto read = client.read_request(*again);
    want(read.has_value() && read->model == "target", what);
  };
  if (const auto spliced = form.splice_request(client.name(), body, *r, t)) reads_again(spliced->text(), "a spliced body does not read");
  (void)client.place_in(*r, *doc, "messages[0].tool_calls[0].function.arguments");
  if (form.cannot_carry(*r, t)) return;
  if (const auto wire = form.write_request(*r, t)) reads_again(wire->body, "a written body does not read");
}

/// The events of a vendor's stream, told to a client and read again.
inline void relay(const dialects::client_dialect& client, const dialects::upstream_dialect& form, std::string_view bytes) {
  const auto reader = form.make_stream_reader();
  test::sse_frames framer;
  std::vector<event> events;
  for (const auto& f : framer.feed(bytes)) reader->read(f.event, f.data, events);
  const auto writer = client.make_stream_writer({}, "id", 1);
  std::string out;
  for (const auto& e : events) writer->write(e, out);
  writer->finish(out);
  const auto again = form.make_stream_reader();
  std::vector<event> read;
  for (const auto& f : test::sse_frames{}.feed(out)) again->read(f.event, f.data, read);
  check(read, again->complete());
  want(!test::fold(read).failure, "a stream that was written here does not read");
  want(json::document::parse(client.write_answer({}, events, "id", 1), json::limits::of_answers()).has_value(),
       "an answer that is no JSON");
}

/// One input of a fuzzer: 'r' a client's body, 'w' a vendor's stream told to a client, else as in vendor_bytes.hpp.
inline void read_both_ends(const dialects::client_dialect& client, const dialects::upstream_dialect& form, const std::uint8_t* data,
                           std::size_t size) {
  if (size == 0) return;
  const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] == 'r') return request(client, form, rest);
  if (data[0] == 'w') return relay(client, form, rest);
  read_as_vendor(form, data, size);
}

}  // namespace naru::fuzz
