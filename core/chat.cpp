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

std::string_view keep(chat_request& r, std::string text) {
  const auto kept = std::make_shared<const std::string>(std::move(text));
  r.made.push_back(kept);
  return *kept;
}

result<json::value> keep_json(chat_request& r, std::string_view text) {
  auto doc = json::document::parse(text);
  if (!doc) return fail(std::move(doc.error()));
  const auto kept = std::make_shared<const json::document>(std::move(*doc));
  r.made.push_back(kept);
  return kept->root();
}

}  // namespace naru
