#include "local_backend/order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace naru::local_backend {
namespace {

std::unexpected<error> cannot(std::string_view what, std::string field) {
  return fail(error_code::unsupported_field, fmt::format("the local model does not do {} yet", what), std::move(field));
}

/// Fields without a place in chat_request that cannot change an answer here: accounting, cache hints, annotations of earlier answers.
constexpr std::array harmless{std::string_view{"metadata"},
                              std::string_view{"store"},
                              std::string_view{"prompt_cache_key"},
                              std::string_view{"prompt_cache_options"},
                              std::string_view{"prompt_cache_retention"},
                              std::string_view{"cache_prompt"},
                              std::string_view{"messages[].*"},
                              std::string_view{"messages[].content[].*"},
                              std::string_view{"stream_options.*"}};

bool says_text_only(const extra_field& f) {
  json::array kinds;
  if (f.name != "modalities" || f.value.get(kinds) != simdjson::SUCCESS) return false;
  return std::ranges::all_of(kinds, [](json::value v) {
    std::string_view kind;
    return v.get(kind) == simdjson::SUCCESS && kind == "text";
  });
}

result<void> check_features(const chat_request& r) {
  if (!r.tools.empty()) return cannot("tools", "tools");
  if (r.tool_choice.how == tool_choice::mode::required || r.tool_choice.how == tool_choice::mode::named)
    return cannot("tools", "tool_choice");
  if (r.response_format.what == response_format::kind::json_object) return cannot("JSON mode", "response_format");
  if (r.response_format.what == response_format::kind::json_schema) return cannot("structured output", "response_format");
  if (r.n.value_or(1) != 1) return cannot("several choices", "n");
  if (r.logprobs.value_or(false)) return cannot("log probabilities", "logprobs");
  if (!r.reasoning_effort.empty() && r.reasoning_effort != "none") return cannot("reasoning", "reasoning_effort");
  if (!r.verbosity.empty() && r.verbosity != "medium") return cannot("verbosity", "verbosity");
  if (!r.service_tier.empty() && r.service_tier != "auto" && r.service_tier != "default") return cannot("service tiers", "service_tier");
  for (const auto& f : r.extra) {
    if (std::ranges::find(harmless, f.name) == harmless.end() && !says_text_only(f)) {
      return cannot(fmt::format("\"{}\"", f.name), std::string{f.name});
    }
  }
  return {};
}

constexpr std::string_view role_word(role r) noexcept {
  switch (r) {
    case role::system: return "system";
    case role::developer: return "developer";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: return "tool";
  }
  return "user";
}

/// Appends the part's text. @return what kind of part cannot be read, empty when all is well
std::string_view read_part(const part& p, std::string& text) {
  if (const auto* t = std::get_if<text_part>(&p)) return text += t->text, std::string_view{};
  if (const auto* t = std::get_if<refusal_part>(&p)) return text += t->text, std::string_view{};
  if (std::holds_alternative<image_part>(p)) return "images";
  if (std::holds_alternative<audio_part>(p)) return "audio";
  if (std::holds_alternative<file_part>(p)) return "files";
  return {};  // reasoning of an earlier answer: this model has no use for it, and the conversation reads the same without it
}

result<turn> read_turn(const message& m, std::size_t index) {
  const auto at = fmt::format("messages[{}]", index);
  if (m.role == role::tool) return cannot("tools", at + ".role");
  if (!m.calls.empty()) return cannot("tools", at + ".tool_calls");
  turn t{std::string{role_word(m.role)}, {}};
  for (std::size_t i = 0; i < m.parts.size(); ++i) {
    if (const auto kind = read_part(m.parts[i], t.text); !kind.empty()) return cannot(kind, fmt::format("{}.content[{}]", at, i));
  }
  return t;
}

template <class To, class From>
std::optional<To> as(const std::optional<From>& v) {
  return v ? std::optional<To>{static_cast<To>(*v)} : std::nullopt;
}

/// Any whole number is a seed; what the runtime takes for "random" (all ones) is moved aside.
std::uint32_t fold_seed(std::int64_t seed) noexcept {
  const auto bits = static_cast<std::uint64_t>(seed);
  const auto folded = static_cast<std::uint32_t>(bits ^ (bits >> 32U));
  return folded == 0xFFFFFFFFU ? 0xFFFFFFFEU : folded;
}

}  // namespace

result<order> read_order(const chat_request& r) {
  if (auto ok = check_features(r); !ok) return fail(ok.error());
  order o;
  if (r.messages.empty()) return fail(error_code::bad_request, "want at least one message", "messages");
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    auto t = read_turn(r.messages[i], i);
    if (!t) return fail(t.error());
    o.turns.push_back(std::move(*t));
  }
  for (std::size_t i = 0; i < r.stop.size(); ++i) {
    if (r.stop[i].empty()) return fail(error_code::bad_request, "want a stop string of at least one character", fmt::format("stop[{}]", i));
    o.stop.emplace_back(r.stop[i]);
  }
  constexpr std::size_t most_stops = 16;  // each costs a comparison per byte of the answer
  if (o.stop.size() > most_stops)
    return fail(error_code::bad_request, fmt::format("want at most {} stop strings, got {}", most_stops, o.stop.size()), "stop");
  if (r.repeat_penalty && !(*r.repeat_penalty > 0)) return fail(error_code::bad_request, "want a number above 0", "repeat_penalty");
  o.temperature = as<float>(r.temperature);
  o.top_p = as<float>(r.top_p);
  o.min_p = as<float>(r.min_p);
  o.frequency_penalty = as<float>(r.frequency_penalty);
  o.presence_penalty = as<float>(r.presence_penalty);
  o.repeat_penalty = as<float>(r.repeat_penalty);
  if (r.top_k) o.top_k = static_cast<std::int32_t>(std::min<std::uint64_t>(*r.top_k, 0x7FFFFFFF));
  if (r.seed) o.seed = fold_seed(*r.seed);
  o.max_tokens = r.max_output_tokens;
  return o;
}

sampling choose_sampling(const order& o, const sampling& recommended, std::uint32_t seed) noexcept {
  return {.temperature = o.temperature.value_or(recommended.temperature),
          .top_k = o.top_k.value_or(recommended.top_k),
          .top_p = o.top_p.value_or(recommended.top_p),
          .min_p = o.min_p.value_or(recommended.min_p),
          .frequency_penalty = o.frequency_penalty.value_or(recommended.frequency_penalty),
          .presence_penalty = o.presence_penalty.value_or(recommended.presence_penalty),
          .repeat_penalty = o.repeat_penalty.value_or(recommended.repeat_penalty),
          .seed = o.seed.value_or(seed)};
}

result<std::uint32_t> answer_limit(const order& o, std::size_t prompt, std::uint32_t request, std::uint32_t usual) {
  const auto wanted = o.max_tokens.value_or(1);
  if (prompt + wanted > request) {
    const auto answer = o.max_tokens ? fmt::format("{} of the answer (max_tokens)", wanted) : std::string{"at least 1 of the answer"};
    return fail(error_code::context_too_long,
                fmt::format("this model's context holds {} tokens, but the request needs {}: {} of the messages and {}", request,
                            prompt + wanted, prompt, answer),
                "messages", "context_length_exceeded");
  }
  const auto left = request - static_cast<std::uint32_t>(prompt);
  return o.max_tokens ? static_cast<std::uint32_t>(*o.max_tokens) : std::min(left, usual);
}

}  // namespace naru::local_backend
