#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/chat.hpp"
#include "core/failure.hpp"
#include "core/usage.hpp"

/// What a vendor's answer says, piece by piece; a whole (non-stream) answer is the same sequence at once. Owned strings: an event
/// outlives the frame that it was read from.
namespace naru {

/// First of all: who answers. `model` is what the vendor said.
struct answer_start {
  std::string id;
  std::string model;
  std::uint64_t created = 0;  ///< seconds since the epoch; 0 when the vendor gives none
};
struct text_delta {
  std::uint32_t choice = 0;
  std::string text;
};
struct refusal_delta {
  std::uint32_t choice = 0;
  std::string text;
};
struct reasoning_delta {
  std::uint32_t choice = 0;
  std::string text;
  std::string signature;  ///< set on the piece that carries it
};
/// A tool call begins; `index` counts the calls of this choice over the whole answer, from 0.
struct tool_call_start {
  std::uint32_t choice = 0;
  std::uint32_t index = 0;
  std::string id;
  std::string name;
  std::string signature;
};
struct tool_arguments_delta {
  std::uint32_t choice = 0;
  std::uint32_t index = 0;
  std::string piece;  ///< of JSON text; all pieces of one call together are an object
};
/// logprobs of a choice, as OpenAI's JSON text ({"content":[...],"refusal":null}); only between dialects that have them.
struct logprobs_piece {
  std::uint32_t choice = 0;
  std::string json;
};
struct finished {
  std::uint32_t choice = 0;
  finish_reason reason = finish_reason::stop;
};
/// Cumulative; the last one wins.
struct usage_report {
  naru::usage usage;
};
/// Nothing for the client: a ping or an empty frame. Shows that the vendor lives.
struct keep_alive {};
/// The vendor says in-band that it failed.
struct answer_failed {
  naru::failure failure;
};

using event = std::variant<answer_start, text_delta, refusal_delta, reasoning_delta, tool_call_start, tool_arguments_delta, logprobs_piece,
                           finished, usage_report, keep_alive, answer_failed>;

/// Whether a client would see content in it: the commit point of a stream (after it there is no falling over).
[[nodiscard]] bool bears_content(const event& e) noexcept;

}  // namespace naru
