#include "providers/vendors/google/google.hpp"

#include <array>

namespace naru::vendors {
namespace {

// Google's own SDK reads both and prefers the first.
constexpr std::array<std::string_view, 2> keys{"GOOGLE_API_KEY", "GEMINI_API_KEY"};

constexpr vendor table{
    .name = "google",
    .dialect = "gemini",
    .embeddings = "gemini_embed",
    .base_url = "https://generativelanguage.googleapis.com",
    .auth = auth_style::x_goog_api_key,
    .key_required = true,
    .key_variables = keys,
    .headers = {},
    .deviations = {},
    .clearance_note = "data leaves the company for Google; keys without billing let Google use it to improve its products",
};

}  // namespace

const vendor& google() noexcept { return table; }

}  // namespace naru::vendors
