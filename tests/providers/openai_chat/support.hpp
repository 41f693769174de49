#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat.hpp"
#include "core/event.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// What the tests of this form share: files, a small SSE framer, and everything as text that can be compared.
namespace naru::test {

/// A file below tests/contract/openai. Fails the test when it is not there.
[[nodiscard]] std::string transcript(std::string_view name);
/// Names of all files below tests/contract/openai with this ending.
[[nodiscard]] std::vector<std::string> transcripts(std::string_view ending);

struct frame {
  std::string event_name;
  std::string data;
};
/// Frames of a stream fed in two pieces, cut before byte `cut` (npos: whole). LF, CR LF; comments skipped.
[[nodiscard]] std::vector<frame> frames_of(std::string_view bytes, std::size_t cut = std::string_view::npos);

struct reading {
  std::vector<event> events;
  bool complete = false;
  std::vector<bool> usage_only;  ///< one a frame
};
[[nodiscard]] reading read_frames(dialects::stream_reader& reader, const std::vector<frame>& frames);
[[nodiscard]] reading read_fast(const std::vector<frame>& frames);
[[nodiscard]] reading read_slow(const std::vector<frame>& frames);

/// One line an event.
[[nodiscard]] std::string describe(const event& e);
[[nodiscard]] std::string describe(const std::vector<event>& events);
[[nodiscard]] std::string describe(const usage& u);
/// Everything in a request, one line a field.
[[nodiscard]] std::string describe(const chat_request& r);

/// Joins neighbouring pieces of text and arguments, and drops keep-alives: what stays the same when pieces are cut elsewhere.
[[nodiscard]] std::vector<event> joined(const std::vector<event>& events);

/// A document whose text is known to be right.
[[nodiscard]] json::document parsed(std::string_view text);
/// The client's body as a request. Fails the test when it is refused.
struct held_request {
  json::document doc;
  chat_request request;
};
[[nodiscard]] held_request read_body(std::string_view body);
/// The error of a body that must be refused.
[[nodiscard]] error refused(std::string_view body);

}  // namespace naru::test
