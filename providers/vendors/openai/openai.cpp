#include "providers/vendors/openai/openai.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"OPENAI_API_KEY"};
// max_tokens is refused by every model since the o-series and its successor is taken by all of them, the older ones too; a body field
// that OpenAI does not know is a 400 ("Unrecognized request argument"), where its imitators ignore it.
constexpr std::array<std::string_view, 2> deviations{"max_completion_tokens_only", "openai_fields_only"};

constexpr vendor table{
    .name = "openai",
    .dialect = "openai_chat",
    .also = "openai_responses",
    .embeddings = "openai_embeddings",
    .images = "openai_images",
    .base_url = "https://api.openai.com/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = deviations,
    .clearance_note = "data leaves the company for OpenAI (United States unless the account has another region)",
};

}  // namespace

const vendor& openai() noexcept { return table; }

}  // namespace naru::vendors
