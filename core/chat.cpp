#include "core/chat.hpp"

namespace naru {

std::string_view to_string(finish_reason r) noexcept {
  switch (r) {
    case finish_reason::stop: return "stop";
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::content_filter: return "content_filter";
  }
  return "stop";
}

std::string_view to_string(request_kind k) noexcept {
  switch (k) {
    case request_kind::chat: return "chat";
    case request_kind::embedding: return "embedding";
    case request_kind::image: return "image";
    case request_kind::token_count: return "token_count";
  }
  return "chat";
}

}  // namespace naru
