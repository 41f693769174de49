#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace naru::test {

/// Compares a page of docs/ with what the program prints. With NARU_WRITE_DOCS=1 in the environment the page is written instead.
inline void check_page(const std::string& name, std::string_view printed) {
  const std::string path = std::string(NARU_SOURCE_DIR) + "/docs/" + name;
  if (const char* write = std::getenv("NARU_WRITE_DOCS"); write != nullptr && std::string_view(write) == "1") {
    std::ofstream(path, std::ios::binary) << printed;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream is;
  is << file.rdbuf();
  INFO(path << " is printed from a table: run this test with NARU_WRITE_DOCS=1 after changing it");
  CHECK(is.str() == printed);
}

}  // namespace naru::test
