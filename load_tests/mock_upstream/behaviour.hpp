#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru::mock {

/// What the answer is made of.
enum class says : std::uint8_t { words, echo, chunks, tools, json, think, refuse, blocked, vision, long_text };

/// A refusal with a status of its own, in the vendor's form.
enum class refuses : std::uint8_t { no, with_status, quota, context, content_policy };

/// What goes wrong on the wire. Those that end in `_after` happen when `after` content-bearing frames are out.
enum class fault : std::uint8_t {
  none,
  reset_before,      ///< TCP RST before the head
  reset_after,       ///< TCP RST
  stall_before,      ///< no byte ever comes
  stall_after,       ///< silence, the connection stays open
  silent_end_after,  ///< the body ends well-formed, without the dialect's end marker
  cut_after,         ///< FIN in the middle of the body's framing
  bad_json_after,    ///< a frame (or the body) that is not JSON
  error_after,       ///< the dialect's error event; 0: it is the first frame
  bare_error_after,  ///< the error's JSON without any event framing, as Gemini's servers sometimes do
  short_length,      ///< the framing promises fewer bytes than come
  long_length,       ///< the framing promises more bytes than come, then FIN
  bad_head,          ///< no HTTP status line
  big_head,          ///< 1 MiB of response headers
  drip               ///< one byte every `drip_every`
};

enum class usage_form : std::uint8_t { normal, none, negative, huge, text };

/// One answer's script, read from words such as "sse-200x64+slow-500". A value.
struct behaviour {
  says what = says::words;
  std::size_t calls = 1;       ///< tools: calls at once
  std::size_t chunks = 0;      ///< chunks: how many
  std::size_t chunk_size = 0;  ///< chunks: bytes of text each
  unsigned per_second = 0;     ///< content frames a second; 0: as fast as the socket takes them

  refuses refusal = refuses::no;
  int status = 0;
  std::optional<std::chrono::milliseconds> retry_after;

  mock::fault fault = mock::fault::none;
  std::size_t after = 0;
  bool at_once = false;               ///< before the very first frame, not only before the first that bears content
  std::chrono::milliseconds slow{0};  ///< silence before the first byte
  std::chrono::milliseconds drip_every{5};

  usage_form usage = usage_form::normal;
  std::uint64_t cached = 0;       ///< prompt tokens read from the vendor's cache
  std::uint64_t cache_write = 0;  ///< prompt tokens written to it

  bool strict = false;             ///< a reasoning model: no sampling fields, no max_tokens
  bool lenient = false;            ///< an imitator: unknown fields are ignored
  bool needs_signature = false;    ///< Gemini 3: a replayed call must carry its thoughtSignature
  bool no_stream_options = false;  ///< an imitator that refuses stream_options
  bool logprobs = false;           ///< log probabilities even when not asked for
  bool pings = false;              ///< comments (OpenAI) or ping events (Anthropic) between the frames
  bool gzip = false;               ///< Content-Encoding: gzip
  bool interim = false;            ///< a 103 before the answer

  std::vector<std::string> unknown;  ///< words that mean nothing here
};

/// Reads the words after the last "--" of a model's name ("gpt-6--status-500"), or the whole name; words are joined by '+'.
/// Never fails: what it does not know it lists in `unknown`, and answers as "ok".
[[nodiscard]] behaviour read_behaviour(std::string_view model);

}  // namespace naru::mock
