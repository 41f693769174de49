#include "providers/dialects/registry.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/bedrock_anthropic/bedrock_anthropic.hpp"
#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "providers/dialects/bedrock_embed/bedrock_embed.hpp"
#include "providers/dialects/clova/clova.hpp"
#include "providers/dialects/clova_embed/clova_embed.hpp"
#include "providers/dialects/cohere_chat/cohere_chat.hpp"
#include "providers/dialects/cohere_embed/cohere_embed.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/hf_feature_extraction/hf_feature_extraction.hpp"
#include "providers/dialects/kogpt/kogpt.hpp"
#include "providers/dialects/ollama_chat/ollama_chat.hpp"
#include "providers/dialects/ollama_embed/ollama_embed.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"
#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"
#include "providers/dialects/openai_images/openai_images.hpp"
#include "providers/dialects/openai_responses/openai_responses.hpp"
#include "providers/dialects/stability/stability.hpp"
#include "providers/dialects/tgi/tgi.hpp"

namespace naru::dialects {

std::span<const upstream_dialect* const> all_upstream() noexcept {
  static const std::array all{
      &openai_chat::upstream(),            //
      &openai_responses::upstream(),       //
      &openai_completions::upstream(),     //
      &openai_embeddings::upstream(),      //
      &openai_images::upstream(),          //
      &anthropic_messages::upstream(),     //
      &gemini::upstream(),                 //
      &gemini::embed_upstream(),           //
      &bedrock_converse::upstream(),       //
      &bedrock_anthropic::upstream(),      //
      &bedrock_embed::upstream(),          //
      &cohere_chat::upstream(),            //
      &cohere_embed::upstream(),           //
      &clova::upstream(),                  //
      &clova_embed::upstream(),            //
      &ollama_chat::upstream(),            //
      &ollama_embed::upstream(),           //
      &tgi::upstream(),                    //
      &hf_feature_extraction::upstream(),  //
      &kogpt::upstream(),                  //
      &stability::upstream(),              //
  };
  return all;
}

std::span<const client_dialect* const> all_client() noexcept {
  static const std::array all{
      &openai_chat::client(),                      //
      &openai_responses::client(),                 //
      &openai_responses::input_tokens_client(),    //
      &openai_completions::client(),               //
      &openai_embeddings::client(),                //
      &openai_images::client(),                    //
      &anthropic_messages::client(),               //
      &anthropic_messages::count_tokens_client(),  //
      &gemini::client(),                           //
      &gemini::count_tokens_client(),              //
      &gemini::embed_client(),                     //
      &gemini::batch_embed_client(),               //
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
