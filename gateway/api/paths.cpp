#include "gateway/api/paths.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"
#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"
#include "providers/dialects/openai_images/openai_images.hpp"
#include "providers/dialects/openai_responses/openai_responses.hpp"

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

namespace {

using dialects::client_dialect;

/// A path that a request is posted to, below a version.
struct posted {
  std::string_view path;
  std::string_view api;
  const client_dialect& (*dialect)();
};

constexpr std::array posts{
    posted{"/chat/completions", "chat", &dialects::openai_chat::client},
    posted{"/responses", "responses", &dialects::openai_responses::client},
    posted{"/responses/input_tokens", "count_tokens", &dialects::openai_responses::input_tokens_client},
    posted{"/completions", "completions", &dialects::openai_completions::client},
    posted{"/embeddings", "embeddings", &dialects::openai_embeddings::client},
    posted{"/images/generations", "images", &dialects::openai_images::client},
    posted{"/messages", "messages", &dialects::anthropic_messages::client},
    posted{"/messages/count_tokens", "count_tokens", &dialects::anthropic_messages::count_tokens_client},
};

/// What follows the model's name in Gemini's paths.
struct verb {
  std::string_view word;
  std::string_view api;
  const client_dialect& (*dialect)();
  bool stream;
};

constexpr std::array verbs{
    verb{"generateContent", "gemini", &dialects::gemini::client, false},
    verb{"streamGenerateContent", "gemini", &dialects::gemini::client, true},
    verb{"countTokens", "count_tokens", &dialects::gemini::count_tokens_client, false},
    verb{"embedContent", "embeddings", &dialects::gemini::embed_client, false},
    verb{"batchEmbedContents", "embeddings", &dialects::gemini::batch_embed_client, false},
};

/// "models/gemini-x:generateContent" behind a version. A model's name may hold a colon itself: the last one counts.
std::optional<route> find_verb(std::string_view path) {
  constexpr std::string_view models = "/models/";
  const std::size_t colon = path.rfind(':');
  if (!path.starts_with(models) || colon == std::string_view::npos || colon <= models.size()) return std::nullopt;
  const auto* found = std::ranges::find(verbs, path.substr(colon + 1), &verb::word);
  if (found == verbs.end()) return std::nullopt;
  return route{.to = endpoint::request,
               .api = found->api,
               .dialect = &found->dialect(),
               .id = percent_decoded(path.substr(models.size(), colon - models.size())),
               .stream = found->stream};
}

std::optional<route> find_post(std::string_view path) {
  const auto* found = std::ranges::find(posts, path, &posted::path);
  if (found == posts.end()) return std::nullopt;
  return route{.to = endpoint::request, .api = found->api, .dialect = &found->dialect(), .id = {}};
}

// Longest first: "/v1" also begins "/v1beta".
constexpr std::array<std::string_view, 4> versions{"/openai/v1", "/anthropic/v1", "/v1beta", "/v1"};

void drop_version(std::string_view& path) {
  for (const std::string_view version : versions) {
    if (!path.starts_with(version) || !path.substr(version.size()).starts_with('/')) continue;
    path.remove_prefix(version.size());
    return;
  }
}

/// "/v1/chat/completions" is what some people paste as a base URL, and their client adds the path once more.
void drop_pasted_path(std::string_view& path) {
  for (const posted& each : posts) {
    const std::string_view rest = path.starts_with(each.path) ? path.substr(each.path.size()) : std::string_view{};
    const bool again = std::ranges::any_of(posts, [&](const posted& p) { return rest == p.path; });
    if (again || rest == "/models" || rest.starts_with("/models/")) {
      path = rest;
      return;
    }
  }
}

route of(endpoint to, std::string_view api, std::string id = {}) {
  return {.to = to, .api = api, .dialect = &dialects::openai_chat::client(), .id = std::move(id)};
}

}  // namespace

route find_route(std::string_view path) {
  if (path == "/livez") return of(endpoint::livez, "other");
  if (path == "/readyz") return of(endpoint::readyz, "other");
  if (path == "/api/hello" || path == "/anthropic/api/hello") return of(endpoint::hello, "other");
  const bool beta = path.starts_with("/v1beta/");  // Gemini's alone
  drop_version(path);
  if (auto found = find_post(path)) return std::move(*found);
  if (auto found = find_verb(path)) return std::move(*found);
  drop_pasted_path(path);
  if (auto found = find_post(path)) return std::move(*found);
  const auto list = [&](endpoint to, std::string id) {
    route found = of(to, "models", std::move(id));
    if (beta) found.dialect = &dialects::gemini::client();
    return found;
  };
  if (path == "/models") return list(beta ? endpoint::gemini_models : endpoint::models, {});
  constexpr std::string_view one = "/models/";
  if (path.starts_with(one) && path.size() > one.size())
    return list(beta ? endpoint::gemini_model : endpoint::model, percent_decoded(path.substr(one.size())));
  return of(endpoint::none, "other");
}

const dialects::client_dialect* dialect_of_api(std::string_view api) noexcept {
  const auto* post = std::ranges::find(posts, api, &posted::api);
  if (post != posts.end()) return &post->dialect();
  const auto* found = std::ranges::find(verbs, api, &verb::api);
  return found == verbs.end() ? nullptr : &found->dialect();
}

std::string_view allowed_methods(endpoint e) noexcept { return e == endpoint::request ? "POST" : "GET, HEAD"; }

bool is_allowed(endpoint e, std::string_view method) noexcept {
  return e == endpoint::request ? method == "POST" : method == "GET" || method == "HEAD";
}

}  // namespace naru::api
