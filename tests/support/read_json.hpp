#pragma once
#include <catch2/catch.hpp>

#include <set>
#include <string>

#include "core/json/document.hpp"

/// Reading JSON that a test has got.
namespace naru::test {

/// Fails the test when it is none.
inline json::document parsed(const std::string& text) {
  auto document = json::document::parse(text);
  INFO(text);
  REQUIRE(document.has_value());
  return std::move(*document);
}

inline std::set<std::string> keys_of(json::object o) {
  std::set<std::string> out;
  for (const auto& field : o) out.insert(std::string(field.key));
  return out;
}

}  // namespace naru::test
