#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

/// How a service account of Google Cloud gets its access token (RFC 7523: a signed assertion for a token). No I/O and no clock: who fetches
/// and renews is another.
namespace naru::vendors::google_auth {

/// What the JSON key file of a service account says. `private_key` is a secret.
struct service_account {
  std::string client_email;
  std::string private_key;  ///< PEM, PKCS#8
  std::string private_key_id;
  std::string token_uri;   ///< an https address
  std::string project_id;  ///< may be empty
};

/// Errors: bad_request, `field` is the member at fault; a message never quotes the file.
[[nodiscard]] result<service_account> read_key_file(std::string_view json);

/// The claim for `scope` cloud-platform, signed with RS256: header.claims.signature in base64url.
/// @param now  seconds since the epoch; the assertion holds for an hour, the most that Google takes
/// Errors: bad_request field private_key when it is no RSA key in PEM.
[[nodiscard]] result<std::string> make_assertion(const service_account& a, std::int64_t now);

/// The body of the POST to `token_uri`, as application/x-www-form-urlencoded.
[[nodiscard]] std::string token_request(std::string_view assertion);

/// `value` is a secret.
struct access_token {
  std::string value;
  std::chrono::seconds lifetime{0};
};
/// The answer to it. Errors: upstream_failed with Google's own words where there are any ("invalid_grant: ...").
[[nodiscard]] result<access_token> read_token_answer(int status, std::string_view body);

}  // namespace naru::vendors::google_auth
