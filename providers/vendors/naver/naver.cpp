#include "providers/vendors/naver/naver.hpp"

#include <array>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"CLOVASTUDIO_API_KEY"};

constexpr vendor table{
    .name = "naver",
    .dialect = "clova",
    .embeddings = "clova_embed",
    .base_url = "https://clovastudio.stream.ntruss.com",
    .auth = auth_style::bearer,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Naver Cloud (Republic of Korea)",
};

}  // namespace

const vendor& naver() noexcept { return table; }

}  // namespace naru::vendors
