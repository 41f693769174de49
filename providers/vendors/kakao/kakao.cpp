#include "providers/vendors/kakao/kakao.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "kakao",
    .dialect = "openai_chat",
    .embeddings = "openai_embeddings",
    .base_url = {},  // there is no hosted service: one's own server
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},
    .headers = {},
    .deviations = {},
    .max_tokens_field_only = true,  // every server of these models knows it
    .clearance_note = "Kanana on a server of your own: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& kakao() noexcept { return table; }

}  // namespace naru::vendors
