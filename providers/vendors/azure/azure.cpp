#include "providers/vendors/azure/azure.hpp"

#include <array>
#include <string>

namespace naru::vendors {
namespace {

constexpr std::array<std::string_view, 1> keys{"AZURE_OPENAI_API_KEY"};
constexpr std::array<std::string_view, 2> deviations{"max_completion_tokens_only", "openai_fields_only"};

/// What may stand in a path as it is (RFC 3986 §2.3); a deployment's name comes from the settings or from a client.
std::string encoded(std::string_view name) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
    }
  }
  return out;
}

/// The older form names the deployment in the path and its version in the query; /responses stands beside the deployments.
void shape(dialects::wire_request& r, const shaping& s) {
  if (s.account.api_version.empty()) {
    r.path.insert(0, "/openai/v1");
    return;
  }
  const bool beside = r.path.starts_with("/responses");
  r.path = (beside ? "/openai" : "/openai/deployments/" + encoded(s.target.model)) + r.path;
  r.path += "?api-version=" + encoded(s.account.api_version);
}

constexpr vendor table{
    .name = "azure",
    .dialect = "openai_chat",
    .also = "openai_responses",
    .embeddings = "openai_embeddings",
    .images = "openai_images",
    .base_url = "https://{resource}.openai.azure.com",
    .auth = auth_style::entra,
    .key_required = true,
    .key_variables = keys,
    .address_variable = "AZURE_OPENAI_ENDPOINT",
    .headers = {},
    .deviations = deviations,
    .shape = shape,
    .clearance_note = "data goes to Microsoft Azure, in the region of the resource",
};

}  // namespace

const vendor& azure() noexcept { return table; }

}  // namespace naru::vendors
