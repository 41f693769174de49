#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/task.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/vendors/bedrock/credentials.hpp"
#include "providers/vendors/google_auth/google_auth.hpp"

namespace naru::net {
class shard;
}
namespace naru::net::client {
class pool;
struct origin;
}  // namespace naru::net::client

namespace naru::upstream {

/// A call about to be made. Views: alive until `sign` has returned.
struct unsigned_call {
  std::string_view host;
  std::string_view path;  ///< with its query
  std::string_view content_type;
  std::span<const std::string_view> body;  ///< pieces
};

/// Makes a call's credential where that is no fixed header: signatures, and tokens that are renewed. Belongs to a provider; shared by all
/// shards, each of which keeps what it fetched for itself.
class signer {
 public:
  virtual ~signer() = default;
  /// Waits only while there is no valid credential at all; calls that come meanwhile share one fetch.
  /// @param home  the shard that calls; @param pool  its own
  /// @return headers to be added; secrets. Errors: upstream_failed, reason "no_credential"; messages hold no secret
  virtual net::task<std::vector<dialects::header>> sign(unsigned_call call, net::shard& home, net::client::pool& pool) const = 0;
};

/// Signature Version 4 with lasting keys.
[[nodiscard]] std::shared_ptr<const signer> make_aws_signer(vendors::aws_credentials keys, std::string region);

/// The same with passing keys that a role's token file gives (AssumeRoleWithWebIdentity).
struct role_settings {
  std::string arn, session, token_file;
};
/// @param sts  where they are fetched
[[nodiscard]] std::shared_ptr<const signer> make_aws_role_signer(role_settings role, std::string region,
                                                                 std::shared_ptr<const net::client::origin> sts);

/// Access tokens of a Google service account.
/// @param tokens  the host of account.token_uri; @param path  its path
[[nodiscard]] std::shared_ptr<const signer> make_google_signer(vendors::google_auth::service_account account,
                                                               std::shared_ptr<const net::client::origin> tokens, std::string path);

}  // namespace naru::upstream
