#include "gateway/flow/steps.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::flow {
namespace {

constexpr std::string_view bearer = "bearer ";

std::string_view bearer_value(std::string_view header) noexcept {
  if (header.size() < bearer.size() || !net::http::same_text(header.substr(0, bearer.size()), bearer)) return {};
  header.remove_prefix(bearer.size());
  while (header.starts_with(' ')) header.remove_prefix(1);
  return header;
}

}  // namespace

std::string_view credential(const net::request& r) noexcept {
  if (const auto key = bearer_value(r.find("authorization")); !key.empty()) return key;
  for (const std::string_view name : {"x-api-key", "api-key", "x-goog-api-key"}) {
    if (const auto key = r.find(name); !key.empty()) return key;
  }
  return {};
}

result<void> identify(exchange& x) {
  if (x.settings->callers.empty()) return {};
  if (x.request->known_by == x.settings) {
    // The door has looked the key up in these very settings; in others it may have been taken away since.
    x.caller = std::static_pointer_cast<const caller>(x.request->known_as);
  } else {
    const std::string_view key = credential(*x.request);
    if (key.empty()) {
      return fail(error_code::unauthorized, "want an API key: Authorization: Bearer <key>, or x-api-key, api-key, x-goog-api-key");
    }
    x.caller = x.settings->callers.find(key);
  }
  if (!x.caller) return fail(error_code::unauthorized, "the API key is not known here");
  x.record.key = x.caller->name;
  x.record.team = x.caller->team;
  x.record.user = x.caller->user;
  return {};
}

}  // namespace naru::flow
