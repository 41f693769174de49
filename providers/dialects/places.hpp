#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/chat.hpp"
#include "providers/dialects/dialect.hpp"

/// What a vendor's own form of chat has places for, as a table: each such form says what it has, and what it has not is refused by the
/// client's name for it. Beside foreign.hpp, whose checks hold for every form. Pure; any thread.
namespace naru::dialects {

/// Fields of a request. False: the form has none, and a value that asks for something is refused.
struct field_places {
  bool top_k = false;
  bool min_p = false;
  bool repeat_penalty = false;
  bool penalties = false;  ///< frequency and presence
  bool seed = false;
  bool stop = false;
  bool several_answers = false;  ///< n
  bool logprobs = false;
  bool tools = false;
  bool single_call = false;  ///< parallel_tool_calls: false
  bool json_object = false;
  bool json_schema = false;
  bool effort = false;                              ///< reasoning_effort, or thinking said in more than one word
  std::initializer_list<std::string_view> extra{};  ///< names of extras that the form's own writer heeds
};

/// Content of messages. Text is always carried; reasoning is left out, as no vendor takes another's.
struct content_places {
  bool image_url = false;   ///< by address, in a user's message
  bool image_data = false;  ///< by content, in a user's message
};

/// The first thing of the request that `has` gives no place to, and what the target's constraint words refuse.
/// @param form  for the message, "Cohere's chat form"
[[nodiscard]] std::optional<error> first_missing(const chat_request& r, const target& t, std::string_view form, const field_places& has);
[[nodiscard]] std::optional<error> first_missing_content(const chat_request& r, std::string_view form, const content_places& has);
/// "temperature: this vendor takes 0 to 1", for a value that is there and out of the vendor's range: clamping would not do what was asked.
[[nodiscard]] std::optional<error> out_of_range(std::string_view field, std::optional<double> value, double least, double most);

/// How the model should think, in one word and one number, however the client said it.
struct thinking_wish {
  enum class mode : std::uint8_t { unsaid, off, on } how = mode::unsaid;
  std::string_view effort;              ///< minimal, low, medium, high, xhigh, max; empty: not said
  std::optional<std::uint64_t> budget;  ///< tokens
  std::string_view field;               ///< where the client said it: "reasoning_effort", "thinking"; empty: nowhere
};
[[nodiscard]] thinking_wish wished_thinking(const chat_request& r) noexcept;

/// All text of a message, its parts joined; `between` stands between two of them.
[[nodiscard]] std::string joined_text(const message& m, std::string_view between = {});
/// Texts of all system and developer messages, joined by a blank line; empty when there are none.
[[nodiscard]] std::string joined_system(const chat_request& r);
/// The index of the one plain text that a form without roles can be asked with: the only message, by the user, of text alone.
/// Errors: unsupported_field about the first message or part that stands in the way.
[[nodiscard]] result<std::string> only_user_text(const chat_request& r, std::string_view form);

}  // namespace naru::dialects
