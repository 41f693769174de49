#include <algorithm>
#include <array>

#include "providers/vendors/anthropic/anthropic.hpp"
#include "providers/vendors/azure/azure.hpp"
#include "providers/vendors/bedrock/bedrock.hpp"
#include "providers/vendors/cohere/cohere.hpp"
#include "providers/vendors/compatible/compatible.hpp"
#include "providers/vendors/deepseek/deepseek.hpp"
#include "providers/vendors/google/google.hpp"
#include "providers/vendors/groq/groq.hpp"
#include "providers/vendors/huggingface/huggingface.hpp"
#include "providers/vendors/kakao/kakao.hpp"
#include "providers/vendors/kogpt/kogpt.hpp"
#include "providers/vendors/llamacpp/llamacpp.hpp"
#include "providers/vendors/local/local.hpp"
#include "providers/vendors/meta/meta.hpp"
#include "providers/vendors/mistral/mistral.hpp"
#include "providers/vendors/naver/naver.hpp"
#include "providers/vendors/ollama/ollama.hpp"
#include "providers/vendors/openai/openai.hpp"
#include "providers/vendors/openrouter/openrouter.hpp"
#include "providers/vendors/stability/stability.hpp"
#include "providers/vendors/tgi/tgi.hpp"
#include "providers/vendors/together/together.hpp"
#include "providers/vendors/vendor.hpp"
#include "providers/vendors/vertex/vertex.hpp"
#include "providers/vendors/vllm/vllm.hpp"
#include "providers/vendors/xai/xai.hpp"

namespace naru::vendors {
namespace {

// In the order in which the documentation lists them.
constexpr std::array tables{
    &openai,       //
    &anthropic,    //
    &google,       //
    &azure,        //
    &bedrock,      //
    &vertex,       //
    &naver,        //
    &kakao,        //
    &kogpt,        //
    &meta,         //
    &huggingface,  //
    &stability,    //
    &mistral,      //
    &cohere,       //
    &deepseek,     //
    &xai,          //
    &groq,         //
    &together,     //
    &openrouter,   //
    &ollama,       //
    &vllm,         //
    &llamacpp,     //
    &tgi,          //
    &compatible,   //
    &local,        //
};

std::array<vendor, tables.size()> make_table() {
  std::array<vendor, tables.size()> all;
  std::ranges::transform(tables, all.begin(), [](const auto& table) { return table(); });
  return all;
}

/// What stands for `{word}` in an address.
std::string_view value_of(const account& a, std::string_view word) noexcept {
  if (word == "resource") return a.resource;
  if (word == "region") return a.region;
  if (word == "project") return a.project;
  return {};
}

}  // namespace

std::span<const vendor> all_vendors() noexcept {
  static const auto table = make_table();
  return table;
}

const vendor* find_vendor(std::string_view name) noexcept {
  const auto table = all_vendors();
  const auto found = std::ranges::find(table, name, &vendor::name);
  return found == table.end() ? nullptr : &*found;
}

std::string_view dialect_of(const vendor& v, std::string_view model, request_kind kind) noexcept {
  if (v.dialect_for != nullptr) {
    if (const std::string_view own = v.dialect_for(model, kind); !own.empty()) return own;
  }
  switch (kind) {
    case request_kind::chat:
    case request_kind::token_count: return v.dialect;
    case request_kind::embedding: return v.embeddings;
    case request_kind::image: return v.images;
  }
  return {};
}

result<std::string> address_of(const vendor& v, const account& a) {
  if (v.address_for != nullptr) {
    auto own = v.address_for(a);
    if (!own || !own->empty()) return own;
  }
  std::string out;
  std::string_view rest = v.base_url;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    out += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    const std::string_view word = rest.substr(open + 1, close - open - 1);
    const std::string_view value = value_of(a, word);
    if (value.empty()) return fail(error_code::bad_request, "want its " + std::string(word) + ", or a base_url", std::string(word));
    out += value;
    rest.remove_prefix(close + 1);
  }
  return out;
}

std::optional<std::pair<std::string, std::string>> auth_header(auth_style style, std::string_view key) {
  if (key.empty()) return std::nullopt;
  switch (style) {
    case auth_style::none:
    case auth_style::aws_sigv4:
    case auth_style::google_oauth:
    case auth_style::entra: return std::nullopt;
    case auth_style::bearer: return std::pair{std::string{"authorization"}, "Bearer " + std::string{key}};
    case auth_style::x_api_key: return std::pair{std::string{"x-api-key"}, std::string{key}};
    case auth_style::x_goog_api_key: return std::pair{std::string{"x-goog-api-key"}, std::string{key}};
    case auth_style::api_key: return std::pair{std::string{"api-key"}, std::string{key}};
    case auth_style::kakao_ak: return std::pair{std::string{"authorization"}, "KakaoAK " + std::string{key}};
  }
  return std::nullopt;
}

}  // namespace naru::vendors
