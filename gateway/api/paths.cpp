#include "gateway/api/paths.hpp"

namespace naru::api {
namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

route find_route(std::string_view path) {
  if (path == "/livez") return {endpoint::livez, {}};
  if (path == "/readyz") return {endpoint::readyz, {}};
  for (const std::string_view prefix : {"/openai/v1", "/v1"}) {
    if (path.starts_with(prefix) && path.substr(prefix.size()).starts_with('/')) {
      path.remove_prefix(prefix.size());
      break;
    }
  }
  if (path == "/chat/completions") return {endpoint::chat_completions, {}};
  if (path == "/models") return {endpoint::models, {}};
  constexpr std::string_view one = "/models/";
  if (path.starts_with(one) && path.size() > one.size()) return {endpoint::model, percent_decoded(path.substr(one.size()))};
  return {};
}

std::string_view allowed_methods(endpoint e) noexcept { return e == endpoint::chat_completions ? "POST" : "GET, HEAD"; }

bool is_allowed(endpoint e, std::string_view method) noexcept {
  return e == endpoint::chat_completions ? method == "POST" : method == "GET" || method == "HEAD";
}

}  // namespace naru::api
