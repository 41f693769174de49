#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// A vendor is data beside a dialect: where, with what credential, with which deviations. Static tables; any thread; no I/O.
namespace naru::vendors {

/// How a vendor wants its credential.
enum class auth_style : std::uint8_t {
  none,            ///< no credential (a local socket)
  bearer,          ///< Authorization: Bearer <key>
  x_api_key,       ///< x-api-key: <key>
  x_goog_api_key,  ///< x-goog-api-key: <key>; never the query parameter, which ends up in logs
};

struct fixed_header {
  std::string_view name;  ///< in lower case
  std::string_view value;
};

struct vendor {
  std::string_view name;     ///< the `type:` of a provider in the settings
  std::string_view dialect;  ///< the wire form: openai_chat, anthropic_messages, gemini
  /// The address when the settings give none; empty: the settings must. It means what it means in the vendor's own SDK: with openai_chat
  /// it ends in /v1 and the dialect's path "/chat/completions" is appended; Anthropic's and Google's is the host.
  std::string_view base_url;
  auth_style auth = auth_style::bearer;
  bool key_required = true;                         ///< without a key the provider is off; false: asked without a credential
  std::span<const std::string_view> key_variables;  ///< environment variables that usually hold the key, the first that is set counts
  std::span<const fixed_header> headers;            ///< sent with every request, beside what the dialect adds
  /// Constraint words (config/models.yaml) that hold for all of the vendor's models, beside each model's own.
  std::span<const std::string_view> deviations;
  bool usage_in_stream = true;         ///< knows stream_options.include_usage
  bool max_tokens_field_only = false;  ///< knows max_tokens and silently ignores max_completion_tokens
  std::string_view clearance_note;     ///< for `naru check`: what the default clearance of this vendor means
};

/// All vendors that work, in the order in which the documentation lists them.
[[nodiscard]] std::span<const vendor> all_vendors() noexcept;
/// nullptr: no such vendor (see `is_planned`).
[[nodiscard]] const vendor* find_vendor(std::string_view name) noexcept;

/// Names that are known and do not work yet, for "not yet: bedrock (naru.yaml:61)".
[[nodiscard]] std::span<const std::string_view> planned_vendors() noexcept;
[[nodiscard]] bool is_planned(std::string_view name) noexcept;
/// What to do meanwhile, one sentence: many of them speak OpenAI's form and work as `compatible` with a base_url. Empty: nothing helps.
[[nodiscard]] std::string_view meanwhile(std::string_view planned_name) noexcept;

/// The header that carries `key`, name in lower case; nullopt for `none` or an empty key. The value is a secret.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> auth_header(auth_style style, std::string_view key);

}  // namespace naru::vendors
