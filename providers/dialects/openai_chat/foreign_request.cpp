#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"

namespace naru::dialects::openai_chat {
namespace {

constexpr std::string_view form = "OpenAI's chat form";

std::optional<error> foreign_part(const part& p, std::string at) {
  const auto* file = std::get_if<file_part>(&p);
  if (file == nullptr) return std::nullopt;
  if (!file->url.empty()) return cannot(std::move(at), std::string(form) + " takes files by content or id alone");
  if (file->citations.value_or(false)) return cannot(std::move(at), std::string(form) + " gives no citations of a file");
  return std::nullopt;
}

}  // namespace

std::optional<error> find_foreign(const chat_request& r) {
  for (const auto& e : r.extra) {
    if (!asks_for_nothing(e)) return cannot(std::string(e.name), std::string(form) + " has no such field");
  }
  if (!r.previous_response.empty()) return cannot("previous_response_id", std::string(form) + " keeps no earlier answers");
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    for (std::size_t j = 0; j < r.messages[i].parts.size(); ++j) {
      if (auto e = foreign_part(r.messages[i].parts[j], part_path(i, j))) return e;
    }
  }
  return std::nullopt;
}

std::string_view effort_of(const chat_request& r) noexcept {
  if (!r.reasoning_effort.empty() || r.thinking.how != thinking_request::mode::enabled || !r.thinking.budget) return r.reasoning_effort;
  // The steps that Anthropic's and Google's own OpenAI-compatible endpoints take in the other direction.
  constexpr std::uint64_t low = 1024;
  constexpr std::uint64_t medium = 8192;
  if (*r.thinking.budget <= low) return "low";
  return *r.thinking.budget <= medium ? "medium" : "high";
}

}  // namespace naru::dialects::openai_chat
