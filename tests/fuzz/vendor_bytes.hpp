#pragma once
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

#include "providers/dialects/dialect.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/sse_frames.hpp"

/// A vendor's bytes through the connecting side of a dialect, by the first byte: 's' a stream, 'a' a whole answer, else the body of a
/// failure. Whatever they are, the events keep their order, and a stream is complete only with an end that was told.
namespace naru::fuzz {

inline void want(bool kept, std::string_view what) {
  if (kept) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

inline void check(const std::vector<event>& events, bool complete) {
  const auto a = test::fold(events);
  want(a.broken.empty(), a.broken);
  bool ended = false;
  for (const auto& e : events) ended = ended || std::holds_alternative<finished>(e);
  want(!complete || (ended && !a.failure), "complete without an end");
}

inline void read_stream(const dialects::upstream_dialect& form, std::string_view bytes) {
  const auto reader = form.make_stream_reader();
  test::sse_frames framer{form.frames() == dialects::framing::ndjson};
  std::vector<event> events;
  for (const auto& f : framer.feed(bytes)) reader->read(f.event, f.data, events);
  reader->end(events);
  check(events, reader->complete());
}

/// One input of a fuzzer.
inline void read_as_vendor(const dialects::upstream_dialect& form, const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] == 's') {
    read_stream(form, bytes);
  } else if (data[0] == 'a') {
    if (const auto events = form.read_answer(bytes)) check(*events, false);
  } else {
    want(!form.read_failure(400 + data[0], {}, bytes).message.empty(), "a failure without a message");
  }
}

}  // namespace naru::fuzz
