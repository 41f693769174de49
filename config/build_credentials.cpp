#include <fmt/format.h>

#include "config/build.hpp"

/// Credentials that are no plain key: of AWS, of Google Cloud, of Microsoft Entra.
namespace naru::config {
namespace {

void switch_off(provider& p, std::string why) {
  p.off = true;
  p.off_reason = std::move(why);
}

void switch_on(provider& p) {
  p.off = false;
  p.off_reason.clear();
}

void report(const reader& at, const std::string& path, const error& e, build_context& c) {
  c.problems.error(at.at(), at.path(), fmt::format("{}: {}", path, e.field.empty() ? e.message : e.field + ": " + e.message));
}

/// The text of a credentials file that the settings name. nullopt: reported.
std::optional<std::string> named_file(const reader& at, const std::string& path, build_context& c) {
  auto text = c.from.read(path);
  if (text) return std::move(*text);
  c.problems.error(at.at(), at.path(), fmt::format("{} cannot be read: {}", path, text.error().message));
  return std::nullopt;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

void read_profile(const reader& at, const std::string& path, const std::string& text, provider& p, build_context& c) {
  const std::string profile = c.from.variable(vendors::aws_profile_variable).value_or("default");
  auto found = vendors::read_aws_profile(text, profile);
  if (!found) return report(at, path, found.error(), c);
  p.cloud.aws = std::move(*found);
}

/// As AWS's own SDKs look: the variables, the token file of a role, the profile of the shared file.
void find_aws(const reader& at, provider& p, build_context& c) {
  auto keys = vendors::read_aws_environment([&](std::string_view name) { return c.from.variable(name); });
  if (!keys) return report(at, "the environment", keys.error(), c);
  if (*keys) {
    p.cloud.aws = std::move(**keys);
    return;
  }
  const auto role = c.from.variable(vendors::aws_role_variable);
  const auto token_file = c.from.variable(vendors::aws_token_file_variable);
  if (role && token_file) {
    p.cloud.role = aws_role{*role, c.from.variable(vendors::aws_session_name_variable).value_or("naru"), *token_file};
    return;
  }
  auto path = c.from.variable(vendors::aws_file_variable);
  if (!path) {
    const auto home = c.from.variable("HOME");
    if (!home) return;
    path = *home + "/.aws/credentials";
  }
  if (const auto text = c.from.read(*path)) read_profile(at, *path, *text, p, c);  // that there is none is no fault: it was not named
}

void build_aws(const reader& r, provider& p, build_context& c) {
  if (!p.api_keys.empty()) {
    p.bearer = true;  // a Bedrock API key
    return;
  }
  const reader at = r["credentials"];
  if (p.credentials.empty()) {
    find_aws(at, p, c);
  } else if (const auto text = named_file(at, p.credentials, c)) {
    read_profile(at, p.credentials, *text, p, c);
  }
  if (p.cloud.aws || p.cloud.role) return switch_on(p);
  switch_off(p, "no AWS credentials: neither AWS_BEARER_TOKEN_BEDROCK nor AWS_ACCESS_KEY_ID is set, and there is no profile");
}

void build_google(const reader& r, provider& p, build_context& c) {
  p.api_keys.clear();  // the vendor's variable names a file, not a key
  const reader at = r["credentials"];
  std::string path = p.credentials;
  if (path.empty()) path = c.from.variable("GOOGLE_APPLICATION_CREDENTIALS").value_or(std::string{});
  if (path.empty()) return switch_off(p, "GOOGLE_APPLICATION_CREDENTIALS is not set, and the settings name no credentials");
  const auto text = named_file(at, path, c);
  if (!text) return;
  auto account = vendors::google_auth::read_key_file(*text);
  if (!account) return report(at, path, account.error(), c);
  p.cloud.google = std::move(*account);
  switch_on(p);
}

/// A token that something else writes and renews; its change reloads the settings.
void build_entra(const reader& r, provider& p, build_context& c) {
  if (p.credentials.empty()) return;
  const reader at = r["credentials"];
  const auto text = named_file(at, p.credentials, c);
  if (!text) return;
  std::string token = trimmed(*text);
  if (token.empty()) return c.problems.error(at.at(), at.path(), fmt::format("{} is empty: want a token", p.credentials));
  p.api_keys.clear();
  p.api_keys.emplace_back(std::move(token));
  p.bearer = true;
  switch_on(p);
}

}  // namespace

void build_credentials(const reader& r, const vendors::vendor& v, provider& p, build_context& c) {
  if (const std::string said = r["credentials"].text(); said != "auto" && !said.empty()) p.credentials = c.from.resolve(said);
  switch (v.auth) {
    case vendors::auth_style::aws_sigv4: return build_aws(r, p, c);
    case vendors::auth_style::google_oauth: return build_google(r, p, c);
    case vendors::auth_style::entra: return build_entra(r, p, c);
    default: break;
  }
  if (p.credentials.empty()) return;
  c.problems.error(r["credentials"].at(), r["credentials"].path(),
                   fmt::format("means nothing for type: {}, which takes an api_key", v.name));
}

}  // namespace naru::config
