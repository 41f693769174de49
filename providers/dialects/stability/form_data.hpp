#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// multipart/form-data (RFC 7578) of plain fields. Pure.
namespace naru::dialects::stability {

struct form_data {
  std::string content_type;  ///< with its boundary
  std::string body;
};
/// @param fields  names are static text without quotes; values may hold any bytes
/// The boundary occurs in no value: a value cannot end its part and begin another.
[[nodiscard]] form_data encode_form(const std::vector<std::pair<std::string_view, std::string>>& fields);

}  // namespace naru::dialects::stability
