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
  bool redacted = false;  ///< `signature` holds opaque data and there is no text
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
  std::string vendor_reason{};  ///< the vendor's own word ("pause_turn", "SAFETY"), where it says more than `reason`; a clean word or empty
  std::string stop_sequence{};  ///< which of the request's stop strings ended it; empty: none, or not said
};
/// A source of what the text says, for the text so far of this choice.
struct citation {
  std::uint32_t choice = 0;
  std::string url;  ///< empty: one of the request's own documents
  std::string title;
  std::string quoted;          ///< the words of the source
  std::uint32_t document = 0;  ///< which of the request's documents, from 0, when `url` is empty
  std::uint64_t begin = 0;     ///< characters, in the answer's text when `url` is set, else in the document
  std::uint64_t end = 0;
};
/// Sound in an answer.
struct audio_delta {
  std::uint32_t choice = 0;
  std::string id;
  std::string data;          ///< base64
  std::string transcript;    ///< the words of it
  std::string media_type{};  ///< "audio/wav"; empty: not said
};
/// A picture in an answer: of a chat, or the n-th of a request for pictures. Exactly one of `data` and `url` is set.
struct image_made {
  std::uint32_t choice = 0;
  std::string media_type;
  std::string data;  ///< base64
  std::string url;
  std::string revised_prompt;
};
/// The vector of the request's text `index`.
struct embedding_made {
  std::uint32_t index = 0;
  std::vector<float> vector;
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
                           finished, usage_report, keep_alive, answer_failed, citation, audio_delta, image_made, embedding_made>;

/// Whether a client would see content in it: the commit point of a stream (after it there is no falling over).
[[nodiscard]] bool bears_content(const event& e) noexcept;

}  // namespace naru
