#include "local_backend/engine/gguf_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

namespace naru::local_backend {

result<void> check_gguf(const std::filesystem::path& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    return fail(error_code::not_found, fmt::format("want a GGUF file, got a folder: {}", path.string()));
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(error_code::not_found, fmt::format("cannot open the model: {}: {}", path.string(), std::strerror(errno)));
  std::array<char, 24> head{};
  file.read(head.data(), head.size());
  const auto got = static_cast<std::size_t>(file.gcount());
  if (got < 4 || std::string_view{head.data(), 4} != "GGUF")
    return fail(error_code::bad_request, fmt::format("not a GGUF file: {}", path.string()));
  if (got < head.size())
    return fail(error_code::bad_request, fmt::format("the GGUF file is cut short after {} bytes: {}", got, path.string()));
  std::uint32_t version = 0;
  std::memcpy(&version, head.data() + 4, sizeof version);
  if (version == 0 || version > 0xFFFF) {  // small in the wrong byte order is large in ours
    return fail(error_code::bad_request, fmt::format("the GGUF file is in big-endian byte order or damaged: {}", path.string()));
  }
  return {};
}

std::string model_name(const std::filesystem::path& path) {
  return path.extension() == ".gguf" ? path.stem().string() : path.filename().string();
}

}  // namespace naru::local_backend
