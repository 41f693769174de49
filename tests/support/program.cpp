#include "tests/support/program.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace naru::test {

std::filesystem::path built_program(std::string_view name) {
  const char* given = std::getenv("NARU_BUILD_DIR");
  const std::filesystem::path path = std::filesystem::path(given ? given : NARU_BINARY_DIR) / name;
  if (!std::filesystem::exists(path)) throw std::runtime_error(path.string() + " is not built");
  return path;
}

}  // namespace naru::test
