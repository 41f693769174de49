#include "providers/vendors/bedrock/bedrock.hpp"

#include <array>

#include "providers/vendors/bedrock/credentials.hpp"

namespace naru::vendors {
namespace {

// A Bedrock API key travels as a plain bearer key. Without one, each call is signed (sigv4.hpp) with what the gateway finds in this order,
// as the SDKs do: the variables of `aws_key_variables`, the token file of a role, the profile of the credentials file.
constexpr std::array<std::string_view, 1> keys{aws_bearer_variable};

constexpr vendor table{
    .name = "bedrock",
    .dialect = "bedrock_converse",
    // Claude's own form, lossless for clients who speak it; other models are refused by it, by name.
    .also = "bedrock_anthropic",
    .embeddings = "bedrock_embed",
    .base_url = "https://bedrock-runtime.{region}.amazonaws.com",
    .auth = auth_style::aws_sigv4,
    .key_required = true,
    .key_variables = keys,
    .region_variable = "AWS_REGION",
    .headers = {},
    .deviations = {},
    .clearance_note =
        "data stays with AWS, in the account's region; an inference profile (us., eu., global.) may answer from another region",
};

}  // namespace

const vendor& bedrock() noexcept { return table; }

}  // namespace naru::vendors
