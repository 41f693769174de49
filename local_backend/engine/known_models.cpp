#include "local_backend/engine/known_models.hpp"

namespace naru::local_backend {

std::string_view better_template(std::string_view own, std::uint64_t parameters) noexcept {
  // SmolLM2-135M-Instruct: its template puts "You are a helpful AI assistant named SmolLM, trained by Hugging Face" before conversations
  // that bring no system message. Under that sentence the 135M model answers "What is the capital of France?" in invented French,
  // with each of the five CPU backends tried; without it, "The capital of France is Paris." ChatML is the same template without the
  // sentence. Its larger sisters (360M, 1.7B) keep theirs. Tried 2026-11, llama.cpp v0.5.0, Q4_1, temperature 0.
  constexpr std::uint64_t smallest_sister = 300'000'000;
  if (parameters < smallest_sister && own.find("named SmolLM, trained by Hugging Face") != std::string_view::npos) return "chatml";
  return {};
}

}  // namespace naru::local_backend
