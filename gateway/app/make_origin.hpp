#pragma once
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "core/error.hpp"

namespace naru::net::client {
struct origin;
}

namespace naru::app {

/// Where a provider's bytes go: from the settings alone, never from a request.
/// @param socket  path of the supervised worker's Unix socket; empty for every other provider
/// Errors: bad_request, when the provider's certification authorities cannot be read.
[[nodiscard]] result<std::shared_ptr<const net::client::origin>> make_origin(const config::provider& p, const std::string& socket);

}  // namespace naru::app
