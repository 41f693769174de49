#include "providers/dialects/bedrock.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace naru::dialects::bedrock {
namespace {

constexpr std::size_t longest_tool_id = 64;
constexpr std::size_t hash_digits = 16;

bool letter_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool allowed_in_id(char c) noexcept { return letter_or_digit(c) || c == '_' || c == '-'; }

/// FNV-1a: no secret is kept by it, it only keeps long ids apart.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h;
}

struct family_word {
  std::string_view word;
  family of;
};
/// The first that is found counts: the longer words stand before those that they hold.
constexpr std::array families{
    family_word{"anthropic.claude", family::claude},
    family_word{"titan-embed-text-v1", family::titan_embed_v1},
    family_word{"titan-embed-g1-text", family::titan_embed_v1},
    family_word{"titan-embed-text", family::titan_embed},
    family_word{"amazon.titan-text", family::titan_text},
    family_word{"multimodal-embeddings", family::nova_embed},
    family_word{"amazon.nova-2", family::nova_2},
    family_word{"amazon.nova", family::nova},
    family_word{"openai.gpt-oss", family::gpt_oss},
    family_word{"cohere.embed", family::cohere_embed},
};

}  // namespace

family family_of(std::string_view model) noexcept {
  const auto* found = std::ranges::find_if(families, [&](const family_word& f) { return model.contains(f.word); });
  return found == families.end() ? family::other : found->of;
}

std::string model_path(std::string_view model, std::string_view operation) {
  std::string out = "/model/";
  for (const char c : model) {
    if (letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out.append("/").append(operation);
}

std::string tool_id(std::string_view id) {
  std::string out;
  for (const char c : id) {
    if (allowed_in_id(c)) {
      out += c;
    } else {
      out += fmt::format("_{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (out.size() <= longest_tool_id) return out;
  return fmt::format("{}_{:016x}", out.substr(0, longest_tool_id - hash_digits - 1), hash_of(id));
}

}  // namespace naru::dialects::bedrock
