#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/chat.hpp"
#include "core/error.hpp"
#include "providers/dialects/dialect.hpp"

/// A vendor is data beside a dialect: where, with what credential, with which deviations. Static tables; any thread; no I/O.
namespace naru::vendors {

/// How a vendor wants its credential.
enum class auth_style : std::uint8_t {
  none,            ///< no credential (a local socket)
  bearer,          ///< Authorization: Bearer <key>
  x_api_key,       ///< x-api-key: <key>
  x_goog_api_key,  ///< x-goog-api-key: <key>; never the query parameter, which ends up in logs
  api_key,         ///< api-key: <key> (Azure)
  kakao_ak,        ///< Authorization: KakaoAK <key>
  aws_sigv4,       ///< each call is signed with an access key (or carries a bearer key, where the account has one)
  google_oauth,    ///< Authorization: Bearer <access token of a service account>, made and renewed by the gateway
  entra,           ///< api-key: <key>, or Authorization: Bearer <token from a file that something else renews>
};

/// What an operator says of an account beside its key; each empty when not said. Views into the settings.
struct account {
  std::string_view resource{};     ///< Azure: the resource's name
  std::string_view region{};       ///< as the vendor names it: "ap-northeast-2", "us-central1"
  std::string_view project{};      ///< Google Cloud: the project's id; Bedrock: unused
  std::string_view api_version{};  ///< Azure: "2024-10-21"; empty: the v1 form, which has none
};

struct fixed_header {
  std::string_view name;  ///< in lower case
  std::string_view value;
};

/// What a vendor changes in a request that a dialect has written: paths that hold the model, fields that belong elsewhere.
struct shaping {
  const dialects::target& target;
  const vendors::account& account;
  request_kind kind = request_kind::chat;
  bool stream = false;
};

struct vendor {
  std::string_view name;     ///< the `type:` of a provider in the settings
  std::string_view dialect;  ///< the wire form of chats: openai_chat, anthropic_messages, gemini
  /// A second form of chats, for what the first cannot carry and for clients who speak it themselves; empty: none.
  std::string_view also{};
  std::string_view embeddings{};  ///< the wire form of embeddings; empty: none
  std::string_view images{};      ///< the wire form of pictures; empty: none
  /// Where the form depends on the model (Claude and Llama on one cloud). Returns empty for the forms above.
  std::string_view (*dialect_for)(std::string_view model, request_kind kind) = nullptr;
  /// "{resource}", "{region}" and "{project}" stand for what the settings say of the account. The address when the settings give none;
  /// empty: the settings must. It means what it means in the vendor's own SDK: with openai_chat it ends in /v1 and the dialect's path
  /// "/chat/completions" is appended; Anthropic's and Google's is the host.
  std::string_view base_url;
  /// Where some accounts have an address of another shape, or need more than it says. Returns empty for the one above.
  result<std::string> (*address_for)(const account&) = nullptr;
  auth_style auth = auth_style::bearer;
  bool key_required = true;                         ///< without a key the provider is off; false: asked without a credential
  std::span<const std::string_view> key_variables;  ///< environment variables that usually hold the key, the first that is set counts
  /// Environment variables that usually say what else an account needs, where the settings do not; empty: none.
  std::string_view region_variable{};
  std::string_view project_variable{};
  std::string_view address_variable{};
  std::span<const fixed_header> headers;  ///< sent with every request, beside what the dialect adds
  /// Constraint words (config/models.yaml) that hold for all of the vendor's models, beside each model's own.
  std::span<const std::string_view> deviations;
  bool usage_in_stream = true;         ///< knows stream_options.include_usage
  bool max_tokens_field_only = false;  ///< knows max_tokens and silently ignores max_completion_tokens
  /// Applied to each request that a dialect has written for this vendor; null: nothing. Pure.
  void (*shape)(dialects::wire_request&, const shaping&) = nullptr;
  std::string_view clearance_note;  ///< for `naru check`: what the default clearance of this vendor means
};

/// All vendors that work, in the order in which the documentation lists them.
[[nodiscard]] std::span<const vendor> all_vendors() noexcept;
/// nullptr: no such vendor.
[[nodiscard]] const vendor* find_vendor(std::string_view name) noexcept;

/// The wire form that a model of this vendor is asked in; empty: the vendor has none for this kind. A token count is asked like a chat.
[[nodiscard]] std::string_view dialect_of(const vendor& v, std::string_view model, request_kind kind) noexcept;

/// The vendor's address for an account. Errors: bad_request, `field` is the settings' key that is missing ("resource").
[[nodiscard]] result<std::string> address_of(const vendor& v, const account& a);

/// The header that carries `key`, name in lower case; nullopt for `none`, for an empty key, and for those that are made for each call. The
/// value is a secret.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> auth_header(auth_style style, std::string_view key);

}  // namespace naru::vendors
