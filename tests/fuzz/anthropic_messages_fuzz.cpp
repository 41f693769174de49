// A vendor's bytes, by the first byte: 's' a stream, 'a' a whole answer, else the body of a failure. Whatever they are, the events keep
// their order, and a stream is complete only with an end that was told.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/sse_frames.hpp"

namespace {

void want(bool kept, std::string_view what) {
  if (kept) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

void check(const std::vector<naru::event>& events, bool complete) {
  const auto a = naru::test::fold(events);
  want(a.broken.empty(), a.broken);
  bool ended = false;
  for (const auto& e : events) ended = ended || std::holds_alternative<naru::finished>(e);
  want(!complete || (ended && !a.failure), "complete without an end");
}

void read_stream(const naru::dialects::upstream_dialect& form, std::string_view bytes) {
  const auto reader = form.make_stream_reader();
  naru::test::sse_frames framer;
  std::vector<naru::event> events;
  for (const auto& f : framer.feed(bytes)) reader->read(f.event, f.data, events);
  reader->end(events);
  check(events, reader->complete());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& form = naru::dialects::anthropic_messages::upstream();
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] == 's') {
    read_stream(form, bytes);
  } else if (data[0] == 'a') {
    if (const auto events = form.read_answer(bytes)) check(*events, false);
  } else {
    want(!form.read_failure(400 + data[0], {}, bytes).message.empty(), "a failure without a message");
  }
  return 0;
}
