#pragma once
#include "local_backend/http/service.hpp"
#include "local_backend/http/types.hpp"

namespace naru::local_backend {

/// Serves one client's connection, request after request, until either side ends it. Never throws.
task<void> serve_connection(service& s, stream peer);

}  // namespace naru::local_backend
