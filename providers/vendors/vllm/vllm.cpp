#include "providers/vendors/vllm/vllm.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "vllm",
    .dialect = "openai_chat",
    .also = "openai_completions",
    .embeddings = "openai_embeddings",
    .base_url = "http://localhost:8000/v1",
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = {},
    .clearance_note = "a server of your own: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& vllm() noexcept { return table; }

}  // namespace naru::vendors
