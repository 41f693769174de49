#include "providers/vendors/huggingface/huggingface.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 2> keys{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"};
// The router's documented fields; what a partner takes beyond them differs from request to request.
constexpr std::array<std::string_view, 3> deviations{"n_1_only", "no_logit_bias", "openai_fields_only"};

/// Chats live below /v1, embeddings beside it: the address is the host.
void below_v1(dialects::wire_request& w, const shaping&) {
  if (w.path.starts_with("/chat/")) w.path.insert(0, "/v1");
}

constexpr vendor table{
    .name = "huggingface",
    .dialect = "openai_chat",
    .embeddings = "hf_feature_extraction",
    .base_url = "https://router.huggingface.co",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .max_tokens_field_only = true,
    .shape = below_v1,
    .clearance_note = "data leaves the company for Hugging Face and for the partner that it picks: name one (model:provider) to know which",
};

}  // namespace

const vendor& huggingface() noexcept { return table; }

}  // namespace naru::vendors
