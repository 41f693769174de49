#pragma once
#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace naru::local_backend {

/// Looks at the head of a model file before libllama does, to say plainly what is wrong with it.
/// Errors: not_found (missing, unreadable, a folder), bad_request (not a GGUF file, a version nobody writes, cut inside its head).
/// Source: the GGUF specification: "GGUF", version u32, tensor count u64, metadata count u64, little-endian.
[[nodiscard]] result<void> check_gguf(const std::filesystem::path& path);

/// File name without folder and ".gguf": the model's id.
[[nodiscard]] std::string model_name(const std::filesystem::path& path);

}  // namespace naru::local_backend
