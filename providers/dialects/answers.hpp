#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// What the readers of vendors' answers share: one way to say that bytes cannot be read, and the frame of every stream of JSON objects.
namespace naru::dialects {

/// upstream_failed, "the vendor's answer cannot be read: want ...".
[[nodiscard]] std::unexpected<error> garbled_answer(std::string_view why);
/// A whole answer as an object. Errors: upstream_failed. The document owns what the object points into.
[[nodiscard]] result<json::document> parse_answer(std::string_view body);
/// @pre doc.root().is_object()
[[nodiscard]] json::object root_object(const json::document& doc) noexcept;

/// A failure whose vendor said nothing readable says so ("HTTP 502 without a readable error").
[[nodiscard]] failure with_words(failure f);

/// The string under `key`, "" when there is none.
[[nodiscard]] std::string text_at(json::object o, std::string_view key);

/// Reader of a stream whose frames are JSON objects: parses, keeps the order of events (one start, nothing after an end or a failure), and
/// turns a frame that says nothing into a keep_alive. A form gives `read_object`.
class object_reader : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) final;
  void end(std::vector<event>&) override {}  // every event is told as it comes; a cut shows in complete()
  [[nodiscard]] bool complete() const noexcept override { return ended_ && !failed_; }

 protected:
  virtual void read_object(std::string_view event_name, json::object frame, std::vector<event>& out) = 0;
  /// A frame that is no JSON; true: it was taken care of (an end marker).
  virtual bool read_other(std::string_view event_name, std::string_view data) {
    (void)event_name, (void)data;
    return false;
  }

  /// Tells who answers, once.
  void start(answer_start who, std::vector<event>& out);
  void fail_with(failure f, std::vector<event>& out);
  void garbled(std::string_view why, std::vector<event>& out);
  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  /// The vendor's own end was seen: what comes after it is not read.
  void close() noexcept { ended_ = true; }

 private:
  bool started_ = false;
  bool ended_ = false;
  bool failed_ = false;
};

/// For a form that has no stream: whatever comes is a failure, and never complete.
[[nodiscard]] std::unique_ptr<stream_reader> make_no_stream_reader();
/// For a client's form that has no stream: the whole answer at the end, or the error; never an event stream.
[[nodiscard]] std::unique_ptr<stream_writer> make_whole_answer_writer(const client_dialect& form, const chat_request& asked,
                                                                      std::string_view fallback_id, std::uint64_t created);

/// The client's body with its model replaced and all else as it came; nullopt: a key is spelled with an escape and could be a second model.
[[nodiscard]] std::optional<json::pieces> splice_model(std::string_view body, std::string_view model);

}  // namespace naru::dialects
