#include "providers/dialects/openai_chat/usage.hpp"

#include "providers/dialects/shared.hpp"

namespace naru::dialects::openai_chat {
namespace {

std::optional<json::object> find_usage(json::object root) noexcept {
  if (const auto u = json::get_object(root, "usage")) return u;
  const auto groq = json::get_object(root, "x_groq");
  return groq ? json::get_object(*groq, "usage") : std::nullopt;
}

/// The counts of one object, and whether one of them was unbelievable.
class counts {
 public:
  explicit counts(json::object o) noexcept : o_(o) {}
  [[nodiscard]] std::optional<std::uint64_t> get(std::string_view key) { return get_from(o_, key); }
  [[nodiscard]] std::optional<std::uint64_t> get(std::string_view outer, std::string_view key) {
    const auto inner = json::get_object(o_, outer);
    return inner ? get_from(*inner, key) : std::nullopt;
  }
  [[nodiscard]] tokens part_of(tokens whole, std::optional<std::uint64_t> part) noexcept {
    if (!part) return {};
    if (*part > whole.value) odd_ = true;
    return {std::min(*part, whole.value)};
  }
  void doubt() noexcept { odd_ = true; }
  [[nodiscard]] bool odd() const noexcept { return odd_ || reader_.odd(); }

 private:
  std::optional<std::uint64_t> get_from(json::object o, std::string_view key) {
    std::optional<std::uint64_t> n;
    reader_.take(o, key, n);
    return n;
  }
  json::object o_;
  counts_reader reader_;
  bool odd_ = false;
};

std::optional<std::uint64_t> either(std::optional<std::uint64_t> a, std::optional<std::uint64_t> b) noexcept { return a ? a : b; }

}  // namespace

std::optional<usage> read_usage(json::object root) {
  const auto found = find_usage(root);
  if (!found) return std::nullopt;
  counts c{*found};
  const auto input = c.get("prompt_tokens");
  const auto output = c.get("completion_tokens");
  const auto total = c.get("total_tokens");
  const auto reasoning = c.get("completion_tokens_details", "reasoning_tokens");
  if (!input || !output) c.doubt();
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  // xAI has counted reasoning beside completion_tokens instead of inside; its total gives it away (unconfirmed for grok-4.5 and later).
  if (input && output && reasoning.value_or(0) > 0 && total == *input + *output + *reasoning) u.output = {*output + *reasoning};
  // DeepSeek: prompt_cache_hit_tokens. Mistral: num_cached_tokens, and the details under two spellings.
  auto cached = either(c.get("prompt_tokens_details", "cached_tokens"), c.get("prompt_cache_hit_tokens"));
  cached = either(cached, either(c.get("num_cached_tokens"), c.get("prompt_token_details", "cached_tokens")));
  u.cached = c.part_of(u.input, cached);
  u.cache_write = c.part_of({u.input.value - u.cached.value}, c.get("prompt_tokens_details", "cache_write_tokens"));
  u.audio_input = c.part_of(u.input, c.get("prompt_tokens_details", "audio_tokens"));
  u.reasoning = c.part_of(u.output, reasoning);
  u.audio_output = c.part_of(u.output, c.get("completion_tokens_details", "audio_tokens"));
  u.estimated = c.odd();
  return u;
}

std::string read_tier(std::string_view service_tier) {
  if (service_tier == "default" || service_tier == "standard" || service_tier == "auto") return {};
  return clean_word(service_tier, 32);
}

void write_usage(json::writer& w, const usage& u) {
  w.begin_object();
  w.field("prompt_tokens", u.input.value);
  w.field("completion_tokens", u.output.value);
  w.field("total_tokens", u.input.value + u.output.value);
  w.key("prompt_tokens_details").begin_object();
  w.field("cached_tokens", u.cached.value);
  if (u.cache_write.value + u.cache_write_long.value > 0) w.field("cache_write_tokens", u.cache_write.value + u.cache_write_long.value);
  if (u.audio_input.value > 0) w.field("audio_tokens", u.audio_input.value);
  w.end_object();
  w.key("completion_tokens_details").begin_object();
  w.field("reasoning_tokens", u.reasoning.value);
  if (u.audio_output.value > 0) w.field("audio_tokens", u.audio_output.value);
  w.end_object();
  w.end_object();
}

}  // namespace naru::dialects::openai_chat
