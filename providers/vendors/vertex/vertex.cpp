#include "providers/vendors/vertex/vertex.hpp"

#include <array>

#include "providers/vendors/vertex/shape.hpp"

namespace naru::vendors {
namespace {

// The first is what Google's own libraries read: the path of a service account's key file.
constexpr std::array<std::string_view, 1> keys{"GOOGLE_APPLICATION_CREDENTIALS"};
// Its models open web addresses and gs:// themselves.
constexpr std::array<std::string_view, 1> deviations{"reads_cloud_storage"};

std::string_view dialect_for(std::string_view model, request_kind kind) {
  const bool chats = kind == request_kind::chat || kind == request_kind::token_count;
  return chats && vertex_parts::is_claude(model) ? std::string_view{"anthropic_messages"} : std::string_view{};
}

/// Places that are no region have hosts of another shape. The project stands in every path.
result<std::string> address_for(const account& a) {
  if (a.project.empty()) return fail(error_code::bad_request, "want its project", "project");
  if (a.region == "global") return "https://aiplatform.googleapis.com";
  if (a.region == "us" || a.region == "eu") return "https://aiplatform." + std::string{a.region} + ".rep.googleapis.com";
  return std::string{};
}

constexpr vendor table{
    .name = "vertex",
    .dialect = "gemini",
    .embeddings = "gemini_embed",
    .dialect_for = dialect_for,
    .base_url = "https://{region}-aiplatform.googleapis.com",
    .address_for = address_for,
    .auth = auth_style::google_oauth,
    .key_required = true,
    .key_variables = keys,
    .region_variable = "GOOGLE_CLOUD_LOCATION",
    .project_variable = "GOOGLE_CLOUD_PROJECT",
    .headers = {},
    .deviations = deviations,
    .shape = vertex_parts::shape,
    .clearance_note = "data leaves the company for Google Cloud, in the region that the settings name; not used for training",
};

}  // namespace

const vendor& vertex() noexcept { return table; }

}  // namespace naru::vendors
