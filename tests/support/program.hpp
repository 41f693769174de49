#pragma once
#include <filesystem>
#include <string_view>

namespace naru::test {

/// Where a built program is: NARU_BUILD_DIR, else the build that this test is of.
/// Throws std::runtime_error when it has not been built.
[[nodiscard]] std::filesystem::path built_program(std::string_view name);

}  // namespace naru::test
