#include "providers/vendors/openrouter/openrouter.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"OPENROUTER_API_KEY"};
constexpr vendor table{
    .name = "openrouter",
    .dialect = "openai_chat",
    .also = "openai_responses",
    .embeddings = "openai_embeddings",
    .base_url = "https://openrouter.ai/api/v1",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for OpenRouter and for whichever vendor it picks: pin `provider` in the request",
};

}  // namespace

const vendor& openrouter() noexcept { return table; }

}  // namespace naru::vendors
