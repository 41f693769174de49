#include "load_tests/mock_upstream/dialect.hpp"

namespace naru::mock {

std::optional<route> find_route(const http_request& r) {
  const std::string_view path = r.path;
  if (r.method == "POST") {
    if (path.ends_with("/chat/completions")) return route{&openai_dialect(), question::chat, {}};
    if (path.ends_with("/messages")) return route{&anthropic_dialect(), question::chat, {}};
    if (path.ends_with("/messages/count_tokens")) return route{&anthropic_dialect(), question::count, {}};
    if (path.find("/models/") == std::string_view::npos) return std::nullopt;
    if (path.ends_with(":generateContent") || path.ends_with(":streamGenerateContent")) return route{&gemini_dialect(), question::chat, {}};
    if (path.ends_with(":countTokens")) return route{&gemini_dialect(), question::count, {}};
    return std::nullopt;
  }
  const auto at = path.find("/models");
  if (r.method != "GET" || at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = path.substr(at + 7);
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  const dialect& to = path.starts_with("/v1beta/models") ? gemini_dialect()
                      : r.count("anthropic-version") > 0 ? anthropic_dialect()
                                                         : openai_dialect();
  return route{&to, question::models, std::string(rest.empty() ? rest : rest.substr(1))};
}

const std::vector<std::string>& listed_models() {
  static const std::vector<std::string> names{"ok", "echo", "tools", "parallel-tools", "json", "think", "refuse", "vision", "sse-200x64"};
  return names;
}

}  // namespace naru::mock
