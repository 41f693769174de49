#include "gateway/app/make_signer.hpp"

#include "gateway/app/make_origin.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/upstream/signer.hpp"

namespace naru::app {
namespace {

/// The provider's own way to another address.
result<std::shared_ptr<const net::client::origin>> reach(config::provider like, std::string_view url, std::string* path) {
  const auto at = net::client::parse_base_url(url);
  if (!at) return fail(at.error());
  like.to = config::endpoint{.tls = at->https, .host = at->host, .port = at->port, .path = at->path};
  if (path != nullptr) *path = at->path.empty() ? "/" : at->path;
  return make_origin(like, {});
}

}  // namespace

result<std::shared_ptr<const upstream::signer>> make_signer(const config::provider& p) {
  if (p.cloud.aws) return upstream::make_aws_signer(*p.cloud.aws, p.region);
  if (p.cloud.role) {
    auto sts = reach(p, "https://sts." + p.region + ".amazonaws.com", nullptr);
    if (!sts) return fail(std::move(sts.error()));
    return upstream::make_aws_role_signer({p.cloud.role->arn, p.cloud.role->session, p.cloud.role->token_file}, p.region, std::move(*sts));
  }
  if (p.cloud.google) {
    std::string path;
    auto tokens = reach(p, p.cloud.google->token_uri, &path);
    if (!tokens) return fail(std::move(tokens.error()));
    return upstream::make_google_signer(*p.cloud.google, std::move(*tokens), std::move(path));
  }
  return std::shared_ptr<const upstream::signer>{};
}

}  // namespace naru::app
