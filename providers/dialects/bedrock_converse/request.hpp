#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the Converse form: how a request is written. Nothing outside this folder includes it.
namespace naru::dialects::bedrock_converse {

inline constexpr std::string_view form_name = "Bedrock's Converse form";

/// How the client's wish to think is said to a model: each family has its own field for it.
struct thinking {
  enum class mode : std::uint8_t {
    unsaid,
    disabled,
    adaptive,  ///< Claude: the model decides how much
    budget,    ///< Claude up to 4.5, or where the client names a budget itself
    level,     ///< Nova 2 and gpt-oss: `effort` is the word
  } how = mode::unsaid;
  std::string_view effort;   ///< adaptive: low, medium, high, xhigh, max, or empty; level: low, medium, high
  std::uint64_t budget = 0;  ///< tokens
};
/// Errors: unsupported_field reasoning_effort or thinking.
[[nodiscard]] result<thinking> plan_thinking(const chat_request& r, const target& t);

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// Why the conversation cannot be said to this family; nullopt when it can.
[[nodiscard]] std::optional<error> cannot_carry_messages(const chat_request& r, bedrock::family family);
[[nodiscard]] std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part, bedrock::family family);

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// system and messages.
[[nodiscard]] result<void> write_messages(const chat_request& r, bedrock::family family, json::writer& w);
/// toolConfig, where tools are sent.
[[nodiscard]] result<void> write_tools(const chat_request& r, bedrock::family family, json::writer& w);
/// Whether there is a toolConfig in the request: there are tools, and `none` is not asked for.
[[nodiscard]] bool sends_tools(const chat_request& r) noexcept;
/// additionalModelRequestFields: what only some makers' models know.
void write_model_fields(const chat_request& r, const thinking& plan, bedrock::family family, json::writer& w);

/// Names of documents in one request: the form wants letters, digits, single blanks, -, (), [] and no name twice.
class document_names {
 public:
  [[nodiscard]] std::string next(std::string_view filename);

 private:
  std::vector<std::string> given_;
};

/// Content blocks of one part as JSON texts, with the cache point that it ends in; empty when the part has nothing that these models want.
[[nodiscard]] std::vector<std::string> content_blocks(const part& p, bedrock::family family, document_names& names);
/// {"cachePoint":...}; empty where there is no mark, or no cache in this family.
[[nodiscard]] std::string cache_point(cache_mark mark, bedrock::family family);

/// The form's word for an image of a media type ("image/png" is png), or for a document; empty: it has none.
[[nodiscard]] std::string_view image_format(std::string_view media_type) noexcept;
[[nodiscard]] std::string_view document_format(std::string_view media_type) noexcept;
[[nodiscard]] std::string_view audio_format(std::string_view format) noexcept;

}  // namespace naru::dialects::bedrock_converse
