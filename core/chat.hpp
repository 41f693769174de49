#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/json/document.hpp"

/// The request and answer that every dialect is read into and written from. Text is kept as views: into the `json::document` of the
/// client's body for a request, into the vendor's document for an answer. The owner of the document outlives the chat.
namespace naru {

enum class role : std::uint8_t { system, developer, user, assistant, tool };

/// Where a client asks its vendor to end a prefix that is kept for later requests: "5m", "1h"; empty: nowhere. A hint: it changes what an
/// answer costs and never what it says, so a form without it leaves it out.
using cache_mark = std::string_view;

/// One piece of a message.
struct text_part {
  std::string_view text;
  cache_mark cache{};
};
struct refusal_part {
  std::string_view text;
};
/// An image by address or by content. Exactly one of `url` and `data` is set.
struct image_part {
  std::string_view url;         ///< http(s) address, passed on as it is, never fetched
  std::string_view media_type;  ///< "image/png", from the data URL
  std::string_view data;        ///< base64, as in the data URL
  std::string_view detail;      ///< auto, low, high; empty when not said
  cache_mark cache{};
};
struct audio_part {
  std::string_view data;    ///< base64
  std::string_view format;  ///< wav, mp3
};
/// A file by id, by address, or by content (PDF, text). Exactly one of `id`, `url` and `data` is set.
struct file_part {
  std::string_view id;
  std::string_view filename;
  std::string_view media_type;
  std::string_view data;            ///< base64
  std::string_view url{};           ///< http(s) address, passed on as it is where the vendor takes one
  std::optional<bool> citations{};  ///< the answer should say which places of it were used (Anthropic's documents)
  cache_mark cache{};
};
/// Reasoning that a vendor wants back unchanged. `signature` proves it to that vendor alone.
struct reasoning_part {
  std::string_view text;
  std::string_view signature;  ///< Anthropic thinking signature, Gemini thought signature, encrypted reasoning
  bool redacted = false;       ///< `signature` holds opaque data and there is no text
};
using part = std::variant<text_part, refusal_part, image_part, audio_part, file_part, reasoning_part>;

struct tool_call {
  std::string_view id;
  std::string_view name;
  std::string_view arguments;  ///< JSON text of an object; "" means {}
  std::string_view signature;  ///< Gemini's thoughtSignature (extra_content.google.thought_signature); empty for others
  cache_mark cache{};
};

/// Where a message stands in the body of a client whose form cuts conversations otherwise than this does (Anthropic's results of tools are
/// blocks of a user message, its system prompt stands apart). For the names of places in errors alone.
struct message_origin {
  enum class kind : std::uint8_t { alike, system, message, result } what = kind::alike;
  std::uint32_t message = 0;          ///< index among the client's messages
  std::uint32_t block = 0;            ///< of a result: the block of that message that it is
  std::vector<std::uint32_t> blocks;  ///< of each part, then of each call: its index in the client's list; empty: one text and no list
};

struct message {
  naru::role role = role::user;
  std::vector<part> parts;
  std::vector<tool_call> calls;   ///< assistant only
  std::string_view tool_call_id;  ///< tool only
  std::string_view name;
  bool tool_error = false;  ///< tool only: the result reports a failure
  cache_mark cache{};       ///< tool only: behind the whole result
  message_origin origin{};
};

struct tool {
  std::string_view name;
  std::string_view description;
  std::optional<json::value> parameters;  ///< JSON Schema object
  std::optional<bool> strict{};
  cache_mark cache{};
};

struct tool_choice {
  enum class mode : std::uint8_t { unset, none, automatic, required, named } how = mode::unset;
  std::string_view name;  ///< for `named`
};

struct response_format {
  enum class kind : std::uint8_t { text, json_object, json_schema } what = kind::text;
  std::string_view name;
  std::string_view description;
  std::optional<json::value> schema;
  std::optional<bool> strict;
};

/// A field of the client's body that has no place of its own here. A dialect that is not the client's own cannot carry it.
struct extra_field {
  std::string_view name;  ///< top-level key, e.g. "logit_bias"; for what stands deeper its path in the client's body, e.g. "tools[2]"
  json::value value;
};

/// How a model should think, where a client says it in more than one word (`reasoning_effort` is the other way to say it).
struct thinking_request {
  enum class mode : std::uint8_t { unsaid, disabled, enabled, adaptive } how = mode::unsaid;
  std::optional<std::uint64_t> budget;  ///< tokens, for `enabled`
  std::optional<bool> shown;            ///< whether its text, or a summary of it, should be in the answer; nullopt: as the vendor does
};

/// What a request is for. Each kind has its own wire forms and its own models.
enum class request_kind : std::uint8_t { chat, embedding, image, token_count };
[[nodiscard]] std::string_view to_string(request_kind k) noexcept;

/// Texts to vectors: of a request of kind `embedding`. The texts are `messages`, one text part each, in order.
struct embedding_request {
  std::optional<std::uint64_t> dimensions;
  std::string_view purpose;  ///< query, document, classification, clustering; empty: not said
  bool base64 = false;       ///< the client wants little-endian float32 in base64 instead of numbers
};

/// A picture from words: of a request of kind `image`. The words are the text of `messages[0]`, pictures to change are its image parts.
struct image_request {
  std::string_view size;           ///< "1024x1024", "auto"; empty: not said
  std::string_view quality;        ///< low, medium, high, auto, hd, standard
  std::string_view background;     ///< transparent, opaque, auto
  std::string_view output_format;  ///< png, jpeg, webp
  std::optional<std::uint64_t> output_compression;
  std::string_view answer_as;  ///< url, b64_json; empty: as the vendor does
  std::string_view style;
  std::string_view negative_prompt;
  bool edit = false;  ///< there are pictures to change
};

/// A header of the client's that belongs to its dialect and goes on to a vendor of the same one: `anthropic-beta` and its like.
struct dialect_header {
  std::string_view name;  ///< in lower case
  std::string_view value;
};

struct chat_request {
  request_kind kind = request_kind::chat;
  std::string_view form;   ///< name of the dialect that it was read from: static text
  std::string_view model;  ///< as asked
  std::vector<message> messages;
  std::vector<tool> tools;
  naru::tool_choice tool_choice;
  std::optional<bool> parallel_tool_calls;
  naru::response_format response_format;
  std::optional<std::uint64_t> max_output_tokens;  ///< max_completion_tokens, else max_tokens
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::uint64_t> top_k;
  std::optional<double> min_p;
  std::optional<double> frequency_penalty;
  std::optional<double> presence_penalty;
  std::optional<double> repeat_penalty;  ///< llama.cpp's and vLLM's repetition_penalty
  std::optional<std::int64_t> seed;
  std::vector<std::string_view> stop;
  std::optional<std::uint64_t> n;
  std::optional<bool> logprobs;
  std::optional<std::uint64_t> top_logprobs;
  std::string_view reasoning_effort;  ///< none, minimal, low, medium, high, xhigh, max; empty: not said
  thinking_request thinking;
  std::string_view verbosity;
  std::string_view service_tier;
  std::string_view user;  ///< user or safety_identifier
  bool stream = false;
  bool include_usage = false;          ///< the client asked for the usage chunk
  std::string_view previous_response;  ///< id of an earlier answer that this goes on from (Responses); empty: none
  std::optional<bool> store;           ///< whether the answer should be kept for later requests; nullopt: as the vendor does
  std::vector<dialect_header> headers;
  embedding_request embedding;  ///< of kind `embedding`
  image_request image;          ///< of kind `image`
  std::vector<extra_field> extra;
  /// Where the client's list is not one of messages (Responses: items): the place in it of each message and, behind it, of each of its
  /// calls, in order. Empty: messages[i] is the i-th of the client's list.
  std::vector<std::uint32_t> origins;
  bool stream_as_array = false;  ///< the client reads its stream as one JSON array that grows (Gemini's without alt=sse)
  /// What was made in reading (a call's arguments as JSON text, a schema in plain JSON Schema) and views above point into; copies share it.
  std::vector<std::shared_ptr<const void>> made;
};

/// Keeps a text as long as the request, or a copy of it, lives.
[[nodiscard]] std::string_view keep(chat_request& r, std::string text);
/// The same for JSON that was made. Errors: bad_request when it does not parse (a key twice ...).
[[nodiscard]] result<json::value> keep_json(chat_request& r, std::string_view text);

/// Origins of what is no element of a list: the client's one text, and its instructions beside the list.
inline constexpr std::uint32_t origin_text = 0xFFFF'FFFE;
inline constexpr std::uint32_t origin_instructions = 0xFFFF'FFFF;

enum class finish_reason : std::uint8_t { stop, length, tool_calls, content_filter };
[[nodiscard]] std::string_view to_string(finish_reason r) noexcept;

}  // namespace naru
