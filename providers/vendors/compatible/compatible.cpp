#include "providers/vendors/compatible/compatible.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "compatible",
    .dialect = "openai_chat",
    .also = "openai_completions",
    .embeddings = "openai_embeddings",
    .images = "openai_images",
    .base_url = {},
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = {},
    // Every imitator knows max_tokens, and Ollama (2026-08) drops max_completion_tokens without a word.
    .max_tokens_field_only = true,
    .clearance_note = "a server of your own or of another vendor: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& compatible() noexcept { return table; }

}  // namespace naru::vendors
