#pragma once
#include <memory>

#include "config/settings.hpp"
#include "core/error.hpp"

namespace naru::upstream {
class signer;
}

namespace naru::app {

/// Who makes the credentials of a provider's calls; null: its keys are fixed headers. Passing ones are fetched through the provider's own
/// proxy, and checked against its own authorities.
/// Errors: bad_request, when the provider's certification authorities, or the address of the tokens, cannot be read.
[[nodiscard]] result<std::shared_ptr<const upstream::signer>> make_signer(const config::provider& p);

}  // namespace naru::app
