#pragma once
#include <string>

#include "local_backend/http/service.hpp"
#include "local_backend/http/types.hpp"

namespace naru::local_backend {

/// POST /v1/chat/completions: reads the body, lets the engine work, writes the answer whole or as a stream. The job is cancelled the
/// moment the client has left. @return whether the connection may carry another request
task<bool> answer_chat(service& s, stream& peer, std::string body);

}  // namespace naru::local_backend
