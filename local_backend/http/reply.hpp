#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "local_backend/http/types.hpp"

namespace naru::local_backend {

/// A whole answer in one piece.
struct reply {
  int status = 200;
  std::string body;  ///< JSON
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;  ///< the connection ends after it
};

/// OpenAI's error object with the status of the error's code. A full queue is of type "overloaded", so that the gateway can tell it from
/// a rate limit; `retry-after` says when a retry can help.
[[nodiscard]] reply error_reply(const error& e, std::string_view request_id = {});

/// @return whether the connection may carry another request
task<bool> send(stream& peer, reply r);

/// The head of an event stream (chunked).
[[nodiscard]] std::string_view stream_head() noexcept;
/// `data` as one chunk of a chunked body; empty data makes the last chunk.
void append_chunk(std::string& out, std::string_view data);
/// Writes all of it within the time that a client may take. @return whether it was written
task<bool> write_all(stream& peer, std::string_view bytes);

}  // namespace naru::local_backend
