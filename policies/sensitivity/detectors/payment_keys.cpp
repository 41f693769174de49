#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Keys of shops and payment services. Sources: the vendors' own pages on API keys, 2026-11.
namespace naru::sensitivity::detectors {

bool stripe_key(const candidate& c) noexcept {
  // Secret and restricted keys, live and test, and webhook secrets; publishable keys (pk_) are meant to be seen.
  return is_token(c.text, c.at, c.end, is_alnum, begins(c.text, c.at, "whsec_") ? 32 : 16, 255);
}

bool square_token(const candidate& c) noexcept {
  if (begins(c.text, c.at, "EAAA")) return is_token(c.text, c.at, c.end, is_url64, 50, 70);
  return is_token(c.text, c.at, c.end, is_url64, begins(c.text, c.at, "sq0csp-") ? 43 : 22, 60);
}

bool shopify_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_hex, 32, 40); }

}  // namespace naru::sensitivity::detectors
