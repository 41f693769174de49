#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/chat.hpp"
#include "core/event.hpp"
#include "core/failure.hpp"

/// A wire form, from both ends. All of it is pure: bytes in, values out; no I/O, no clock. Instances are immutable and shared by all
/// shards; readers and writers of streams are made per exchange and live on one shard.
namespace naru::dialects {

using header = std::pair<std::string, std::string>;

/// What a deployment can carry, as far as a dialect's writer must know: from the catalogue, a vendor's table, or the operator.
struct target {
  std::string_view model;                     ///< the vendor's own name of the model
  std::vector<std::string_view> constraints;  ///< words of config/models.yaml: "no_sampling_params", "max_completion_tokens_only" ...
  std::optional<std::uint64_t> max_output;    ///< tokens; where the form demands max_tokens and the client gave none
  bool usage_in_stream = true;                ///< ask for the usage chunk (openai_chat: stream_options.include_usage)
  bool max_tokens_field_only = false;         ///< openai_chat: the server knows max_tokens alone (Ollama)
};

/// An upstream request as the dialect wants it, without address and credential.
struct wire_request {
  std::string path;  ///< below the provider's base_url, e.g. "/chat/completions", "/v1beta/models/x:streamGenerateContent?alt=sse"
  std::vector<header> headers;  ///< e.g. anthropic-version
  std::string body;             ///< JSON, unless `content_type` says otherwise; empty where it is in `spliced`
  json::pieces spliced;         ///< the client's own body with what was changed in it: views into that body, which must outlive this
  std::string content_type = "application/json";  ///< of `body`; a form of parts names its boundary here
  [[nodiscard]] std::string text() const { return spliced.views.empty() ? body : spliced.text(); }
};

/// How a vendor cuts its stream into frames.
enum class framing : std::uint8_t {
  sse,         ///< text/event-stream
  ndjson,      ///< one JSON text a line
  aws_events,  ///< application/vnd.amazon.eventstream: binary messages with CRCs; `:event-type` (or `:exception-type`) is the frame's name
};

/// Where and how a request reached its dialect, beside its body.
struct addressed {
  std::string_view model{};                   ///< where the path names it (Gemini); empty: the body does
  bool stream = false;                        ///< where the path says it (streamGenerateContent)
  bool as_events = true;                      ///< Gemini: `alt=sse`; false: its stream is one JSON array
  std::span<const dialect_header> headers{};  ///< those of the client that `header_prefix` wants; views that live as long as the body's
};

/// Reads a vendor's stream. Fed with whole frames, in order.
class stream_reader {
 public:
  virtual ~stream_reader() = default;
  /// @param event_name  the frame's name: of SSE the `event:` value, of AWS the event or exception type; empty when none
  /// @param data        the frame's content: of SSE the data lines, joined by \n; of NDJSON the line
  /// @param out         events are appended
  /// A frame that cannot be read appends answer_failed{transient "unreadable"}.
  virtual void read(std::string_view event_name, std::string_view data, std::vector<event>& out) = 0;
  /// The connection has ended. Appends what is still owed; whether the end was in order is `complete()`.
  virtual void end(std::vector<event>& out) = 0;
  /// True once the vendor's own end was seen (finish reasons and, where the form has one, the end marker): anything else is a cut stream.
  [[nodiscard]] virtual bool complete() const noexcept = 0;
  /// For openai_chat on both sides: whether this last frame must be hidden from the client (a usage chunk that it did not ask for).
  [[nodiscard]] virtual bool last_frame_is_usage_only() const noexcept { return false; }
};

/// Writes a client's stream: complete SSE text (or nothing) per event.
class stream_writer {
 public:
  virtual ~stream_writer() = default;
  /// The vendor's frames go out as they came, less an end marker ("[DONE]"), which `finish` writes: nothing will be written but the end or
  /// a failure. Called first of all, if at all.
  virtual void relaying() noexcept {}
  virtual void write(const event& e, std::string& out) = 0;
  /// The end in order: usage chunk if asked, then the end marker. Called once, and not after `fail`.
  virtual void finish(std::string& out) = 0;
  /// The dialect's error event, never followed by an end marker.
  virtual void fail(const error& e, std::string_view request_id, std::string& out) = 0;
  [[nodiscard]] virtual std::string_view content_type() const noexcept { return "text/event-stream; charset=utf-8"; }
  /// What shows the client that we live while the vendor is silent; may come before anything else. A comment, which every reader skips.
  [[nodiscard]] virtual std::string_view ping() const noexcept { return ": ping\n\n"; }
  /// A remark of ours for people and logs ("x-naru-cost-usd: 0.01"), which every reader skips; empty where the form has no such place.
  virtual void remark(std::string_view text, std::string& out) const { out.append(": ").append(text).append("\n\n"); }
};

/// The end towards vendors.
class upstream_dialect {
 public:
  virtual ~upstream_dialect() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual framing frames() const noexcept { return framing::sse; }

  /// Why this form cannot carry the request to `t`: nullopt when it can. `field` of the error names the client's field
  /// (unsupported_field), so that a client learns it by name and the plan can try another deployment first.
  [[nodiscard]] virtual std::optional<error> cannot_carry(const chat_request& r, const target& t) const = 0;

  /// The same for a request that came in this very form and is passed on as it came: only what is known of the target stands against it.
  [[nodiscard]] virtual std::optional<error> cannot_take(const chat_request& r, const target& t) const {
    (void)r, (void)t;
    return std::nullopt;
  }

  /// @pre !cannot_carry(r, t). Errors: bad_request where a value cannot be converted (arguments that are not JSON ...).
  [[nodiscard]] virtual result<wire_request> write_request(const chat_request& r, const target& t) const = 0;

  /// Same form at the client's side: the client's body with only the named fields spliced (model, stream_options ...).
  /// nullopt: this form is not the one of `client_dialect`.
  [[nodiscard]] virtual std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body,
                                                                   const chat_request& r, const target& t) const {
    (void)client_dialect, (void)body, (void)r, (void)t;
    return std::nullopt;
  }

  /// A whole 2xx answer to the events it stands for (start, deltas, finished, usage). Errors: upstream_failed when unreadable.
  [[nodiscard]] virtual result<std::vector<event>> read_answer(std::string_view body) const = 0;
  [[nodiscard]] virtual std::unique_ptr<stream_reader> make_stream_reader() const = 0;

  /// A non-2xx answer. Body may be empty, HTML or cut; `headers` are those of the answer, names in lower case.
  [[nodiscard]] virtual failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const = 0;
};

/// The end towards clients.
class client_dialect {
 public:
  virtual ~client_dialect() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// What the names of the client's headers that belong to this form begin with ("anthropic-"), in lower case; empty: none do. Those are
  /// what `addressed::headers` holds.
  [[nodiscard]] virtual std::string_view header_prefix() const noexcept { return {}; }
  /// Precedes a request's id where an answer needs an id and its vendor gave none: "chatcmpl-", "msg_".
  [[nodiscard]] virtual std::string_view answer_id_prefix() const noexcept = 0;

  /// @param doc  the checked body; the request keeps views into it.
  /// Errors: bad_request, `field` is the path ("messages[2].content[0].type"), the message says what was wanted.
  [[nodiscard]] virtual result<chat_request> read_request(const json::document& doc, const addressed& to) const = 0;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc) const { return read_request(doc, addressed{}); }
  /// The client's own name for a place that errors of upstream dialects name in OpenAI's chat form ("messages[2].content[1]", "seed").
  /// What the form spells alike, or has no name for, stays as it is.
  [[nodiscard]] virtual std::string place(std::string_view in_openai_chat) const { return std::string(in_openai_chat); }
  /// The same where the client's own list has to be looked at: forms cut a conversation differently. For errors; never on the way of a
  /// request that goes well.
  /// @param asked  the request as it was read, nothing taken out of it; @param body  what it was read from
  [[nodiscard]] virtual std::string place_in(const chat_request& asked, const json::document& body, std::string_view in_openai_chat) const {
    (void)asked, (void)body;
    return place(in_openai_chat);
  }
  /// A whole answer from its events.
  /// @param asked    the request, or what is left of it
  /// @param created  epoch seconds, used where the vendor gave none
  [[nodiscard]] virtual std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view fallback_id,
                                                 std::uint64_t created) const = 0;
  /// @param asked  model, include_usage ... of the request
  [[nodiscard]] virtual std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                          std::uint64_t created) const = 0;
  /// The dialect's error object (complete JSON body).
  [[nodiscard]] virtual std::string write_error(const error& e, std::string_view request_id) const = 0;
  /// The same for an error that a vendor gave and that is relayed as the client's own fault (400, content policy ...).
  [[nodiscard]] virtual std::string write_failure(const failure& f, std::string_view request_id) const = 0;
};

// Shared by the dialects (providers/dialects/shared.cpp):

/// Retry-After and its relatives: `retry-after-ms`, `retry-after` (seconds; an HTTP date is read against the answer's own `date`).
[[nodiscard]] std::optional<std::chrono::milliseconds> read_retry_after(const std::vector<header>& headers);
/// `x-should-retry: false`: the vendor's own word that the same request, asked again, does no better (what the official SDKs of OpenAI and
/// Anthropic obey before they look at the status). It is about the vendor, not about the others who could answer.
[[nodiscard]] bool forbids_retry(const std::vector<header>& headers) noexcept;
/// Value of a header (names are lower case), empty when absent.
[[nodiscard]] std::string_view find_header(const std::vector<header>& headers, std::string_view name) noexcept;
/// Default class of a status, before the vendor's codes are looked at (table of the design).
[[nodiscard]] failure_class class_of_status(int status) noexcept;
/// Vendor text made safe to hand on: valid UTF-8, no control characters, at most `max` bytes.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t max = 2000);

}  // namespace naru::dialects
