#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

/// AWS access keys as values, and the texts in which they come. Pure: whoever has read the file, the environment or the answer hands its
/// text in. Any thread. All of it is secret but the access key's id.
namespace naru::vendors {

struct aws_credentials {
  std::string access_key;  ///< AKIA..., or ASIA... for a passing one
  std::string secret_key;
  std::string session_token;            ///< empty: a lasting key
  std::optional<std::int64_t> expires;  ///< seconds since the epoch; nullopt: lasting, or not said
};

/// The variables that the SDKs read: access key, secret key, session token.
inline constexpr std::array<std::string_view, 3> aws_key_variables{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
/// What else names a credential: a Bedrock API key (a plain bearer key), the profile of the file, the file, and the role that a token file
/// (of Kubernetes) may take.
inline constexpr std::string_view aws_bearer_variable = "AWS_BEARER_TOKEN_BEDROCK";
inline constexpr std::string_view aws_profile_variable = "AWS_PROFILE";
inline constexpr std::string_view aws_file_variable = "AWS_SHARED_CREDENTIALS_FILE";  ///< else ~/.aws/credentials
inline constexpr std::string_view aws_role_variable = "AWS_ROLE_ARN";
inline constexpr std::string_view aws_token_file_variable = "AWS_WEB_IDENTITY_TOKEN_FILE";
inline constexpr std::string_view aws_session_name_variable = "AWS_ROLE_SESSION_NAME";

/// @param value_of  the value of an environment variable, nullopt when it is not set
/// @return nullopt when neither key is set. Errors: bad_request, `field` is the variable that is missing beside the other.
[[nodiscard]] result<std::optional<aws_credentials>> read_aws_environment(
    const std::function<std::optional<std::string>(std::string_view)>& value_of);

/// One profile of an INI text as in ~/.aws/credentials; "[profile NAME]", as ~/.aws/config heads them, is the same profile. Comments begin
/// with # or ; at a line's beginning. Of a key that is there twice, the last one counts.
/// Errors: bad_request, `field` is the profile or the missing key ("prod.aws_secret_access_key").
[[nodiscard]] result<aws_credentials> read_aws_profile(std::string_view ini, std::string_view profile);

/// The body of the unsigned POST (application/x-www-form-urlencoded) that gives passing keys for a role, to
/// https://sts.{region}.amazonaws.com/.
[[nodiscard]] std::string aws_role_request(std::string_view role_arn, std::string_view session_name, std::string_view token);

/// What it answers: XML, or JSON where that was asked for by Accept. Errors: upstream_failed, what was wanted; no part of the answer is
/// quoted.
[[nodiscard]] result<aws_credentials> read_aws_role_answer(std::string_view body);

/// What a container's or an instance's credential endpoint answers: {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}. Errors: as
/// above.
[[nodiscard]] result<aws_credentials> read_aws_endpoint_answer(std::string_view body);

}  // namespace naru::vendors
