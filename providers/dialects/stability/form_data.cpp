#include "providers/dialects/stability/form_data.hpp"

#include <algorithm>

namespace naru::dialects::stability {
namespace {

/// The same for the same fields. It ends: n values of finite length hold finitely many of these.
std::string free_boundary(const std::vector<std::pair<std::string_view, std::string>>& fields) {
  for (std::size_t i = 0;; ++i) {
    std::string boundary = "naru-part-" + std::to_string(i) + "-";
    const bool taken = std::ranges::any_of(fields, [&](const auto& f) { return f.second.find(boundary) != std::string::npos; });
    if (!taken) return boundary;
  }
}

}  // namespace

form_data encode_form(const std::vector<std::pair<std::string_view, std::string>>& fields) {
  const std::string boundary = free_boundary(fields);
  form_data out{"multipart/form-data; boundary=" + boundary, {}};
  for (const auto& [name, value] : fields) {
    out.body.append("--").append(boundary).append("\r\ncontent-disposition: form-data; name=\"").append(name).append("\"\r\n\r\n");
    out.body.append(value).append("\r\n");
  }
  out.body.append("--").append(boundary).append("--\r\n");
  return out;
}

}  // namespace naru::dialects::stability
