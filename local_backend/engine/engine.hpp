#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "core/error.hpp"
#include "local_backend/language_model.hpp"

namespace naru::local_backend {

struct engine_options {
  std::filesystem::path model;  ///< a GGUF file
  std::uint32_t sequences = 4;  ///< conversations at once
  std::uint32_t context = 0;    ///< tokens that all sequences share
  std::uint32_t threads = 1;
  std::string chat_template;  ///< Jinja text in place of the model's own; empty: the model's
};

/// Loads a model with libllama; this is the only file that sees its headers. Blocks for as long as the file takes to map and warm up.
/// Errors: what check_gguf says; bad_request when libllama refuses the file (its own words are in the message), when it cannot chat
/// (an encoder alone), or when its chat template cannot be used.
[[nodiscard]] result<std::unique_ptr<language_model>> load_model(const engine_options& options);

}  // namespace naru::local_backend
