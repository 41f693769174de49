#include "providers/dialects/registry.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"
#include "providers/dialects/openai_responses/openai_responses.hpp"

namespace naru::dialects {

std::span<const upstream_dialect* const> all_upstream() noexcept {
  static const std::array all{
      &openai_chat::upstream(),      &anthropic_messages::upstream(), &gemini::upstream(),
      &openai_responses::upstream(), &openai_completions::upstream(),
  };
  return all;
}

std::span<const client_dialect* const> all_client() noexcept {
  static const std::array all{
      &openai_chat::client(),
      &openai_responses::client(),
      &openai_responses::input_tokens_client(),
      &openai_completions::client(),
  };
  return all;
}

const upstream_dialect* find_upstream(std::string_view name) noexcept {
  const auto all = all_upstream();
  const auto at = std::ranges::find(all, name, &upstream_dialect::name);
  return at == all.end() ? nullptr : *at;
}

const client_dialect* find_client(std::string_view name) noexcept {
  const auto all = all_client();
  const auto at = std::ranges::find(all, name, &client_dialect::name);
  return at == all.end() ? nullptr : *at;
}

}  // namespace naru::dialects
