#pragma once
#include <random>
#include <span>
#include <string>
#include <string_view>

/// What ordinary text and code are full of and no detector may take for a secret.
namespace naru::test {

struct everyday_kind {
  std::string_view name;
  std::string (*make)(std::mt19937_64& random);  ///< the thing in a short natural line
};

[[nodiscard]] std::span<const everyday_kind> everyday_kinds();

}  // namespace naru::test
