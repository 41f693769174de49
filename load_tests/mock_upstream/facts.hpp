#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace naru::mock {

/// What a request asks, whatever its dialect: enough to make up an answer. Filled by a dialect's reader, which has checked the request
/// as its vendor would.
struct facts {
  std::string model;
  bool stream = false;
  bool stream_array = false;        ///< Gemini without alt=sse: one JSON array that grows
  bool include_usage = false;       ///< OpenAI's stream_options.include_usage
  std::uint64_t text_bytes = 0;     ///< of all messages: what prompt tokens are counted from
  std::vector<std::string> images;  ///< "image/png, 68 bytes" or the address
  std::string last_user_text;
  std::string last_tool_text;
  bool ends_with_tool_result = false;
  std::vector<std::string> tools;     ///< names, in order
  std::string forced_tool;            ///< a named tool_choice
  bool tools_off = false;             ///< tool_choice: none
  bool one_call = false;              ///< parallel calls are off
  std::optional<std::string> schema;  ///< of the wanted JSON, as JSON text
  std::vector<std::string> stops;
  std::optional<std::uint64_t> max_tokens;
  std::uint64_t choices = 1;
  bool logprobs = false;
  std::uint64_t top_logprobs = 0;
};

/// A refusal in a vendor's words. Thrown by the checks, caught where the answer is put together.
struct vendor_error {
  int status = 400;
  std::string message;
  std::string param;  ///< OpenAI only; empty: null
  std::string code;   ///< OpenAI's code or Google's status; empty: by the HTTP status
};

}  // namespace naru::mock
