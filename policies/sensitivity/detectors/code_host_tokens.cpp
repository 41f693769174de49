#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Tokens of code hosts and package registries. The last six characters of GitHub's and npm's are a CRC-32 in base 62 (GitHub's blog on
// token formats, 2021-04), which is not looked at: GitHub's newer kinds have none, and a token mistyped by a letter is still a secret.
namespace naru::sensitivity::detectors {
namespace {
bool is_word(char c) noexcept { return is_alnum(c) || c == '_'; }
}  // namespace

bool github_token(const candidate& c) noexcept {
  // ghp_ gho_ ghu_ ghs_ ghr_ and 36 or more; github_pat_ and 82 (22 and 59 around '_').
  const bool fine_grained = begins(c.text, c.at, "github_pat_");
  return is_token(c.text, c.at, c.end, is_word, fine_grained ? 22 : 36, 255);
}

bool gitlab_token(const candidate& c) noexcept {
  // gl<kind>- and 20 or more; routable ones have dots: glpat-<payload>.<two>.<length and CRC>.
  const std::size_t n = length_of(c.text, c.end, is_url64);
  return !glued_before(c.text, c.at) && n >= 20 && n <= 300 && varied(c.text.substr(c.end, n), 8);
}

bool bitbucket_token(const candidate& c) noexcept {
  // ATBB: app passwords, 32 after the prefix. AT[A-Z]TT3xFf: Atlassian's API and repository tokens, ~190 with '=' and eight hex digits.
  if (begins(c.text, c.at, "ATBB")) return is_token(c.text, c.at, c.end, is_alnum, 24, 40);
  const auto in = [](char x) { return is_url64(x) || x == '='; };
  return !glued_before(c.text, c.at) && length_of(c.text, c.end, in) >= 60;
}

bool npm_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_alnum, 36, 36); }

bool pypi_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_url64, 50); }  // a macaroon

bool docker_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_url64, 27, 64); }

}  // namespace naru::sensitivity::detectors
