#pragma once
#include <cstdint>
#include <string_view>

namespace naru::local_backend {

/// Which template to use in place of a model's own, where the model is known to answer worse with its own; empty: the model's own.
/// A word here is one that libllama-common knows ("chatml"), not Jinja text. `--chat-template` overrides it.
/// @param own         the template in the model's file
/// @param parameters  of the model
[[nodiscard]] std::string_view better_template(std::string_view own, std::uint64_t parameters) noexcept;

}  // namespace naru::local_backend
