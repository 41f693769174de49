#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/vendors/bedrock/credentials.hpp"

/// AWS Signature Version 4 of one call, as a pure function of the call, the credential and the time. Any thread.
namespace naru::vendors {

using aws_header = std::pair<std::string_view, std::string_view>;

/// A call as it goes out.
struct aws_call {
  std::string_view method = "POST";
  std::string_view host;   ///< as the Host header says it: with the port where it is not the scheme's own
  std::string_view path;   ///< as in the request line, percent-encoded once: "/model/amazon.nova-lite-v1%3A0/converse"
  std::string_view query;  ///< as in the request line, without the '?'; empty: none
  /// Headers that are signed, names in lower case: what goes out unchanged and matters (content-type). Not host, and nothing that a
  /// proxy may touch. One name twice counts as its values, joined by commas.
  std::span<const aws_header> headers;
  std::span<const std::string_view> body;  ///< its pieces, in order
  std::string_view region;
  std::string_view service = "bedrock";  ///< of the signature's scope; the runtime's host signs as "bedrock" too
  bool says_body_hash = true;            ///< x-amz-content-sha256 is sent and signed, as the SDKs do
};

/// The headers to add, names in lower case: x-amz-date, x-amz-content-sha256, x-amz-security-token (where the credential has a token) and
/// authorization. `host` is signed beside them and must be sent as `call.host`.
/// @param now  seconds since the epoch; the service refuses a signature that is more than five minutes off
/// The values are secrets: good for this one call for some minutes. Cost: SHA-256 of the body and some 12 short HMACs.
/// Source: AWS General Reference, "Signature Version 4 signing process"; @smithy/signature-v4 5.7.5.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> sign_aws_call(const aws_call& call, const aws_credentials& credentials,
                                                                             std::int64_t now);

/// The text whose hash is signed, for tests and for comparing with the service's own ("The canonical string for this request should have
/// been ..."). Holds the session token.
/// @param added  what sign_aws_call adds, less authorization
[[nodiscard]] std::string canonical_aws_request(const aws_call& call, std::span<const std::pair<std::string, std::string>> added,
                                                std::string_view body_hash);

}  // namespace naru::vendors
