#include "providers/vendors/cohere/cohere.hpp"

#include <array>

namespace naru::vendors {
namespace {

// Cohere's own SDK reads the first, most others the second.
constexpr std::array<std::string_view, 2> keys{"CO_API_KEY", "COHERE_API_KEY"};

constexpr vendor table{
    .name = "cohere",
    .dialect = "cohere_chat",
    .embeddings = "cohere_embed",
    .base_url = "https://api.cohere.com",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Cohere (Canada and United States); trial keys let it learn from what it sees",
};

}  // namespace

const vendor& cohere() noexcept { return table; }

}  // namespace naru::vendors
