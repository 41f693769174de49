#include "providers/vendors/llamacpp/llamacpp.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 2> deviations{"max_tokens_only", "developer_as_system"};
constexpr vendor table{
    .name = "llamacpp",
    .dialect = "openai_chat",
    .also = "openai_completions",
    .embeddings = "openai_embeddings",
    .base_url = "http://localhost:8080/v1",
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = deviations,
    .clearance_note = "a server of your own: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& llamacpp() noexcept { return table; }

}  // namespace naru::vendors
