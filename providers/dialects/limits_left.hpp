#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/deadline.hpp"
#include "providers/dialects/dialect.hpp"

namespace naru::dialects {

/// What an answer's headers say of the vendor's limits: the narrowest of them.
struct limits_left {
  float share = 1;  ///< 0..1
  std::uint32_t tokens_left = 0;
  std::uint32_t tokens_limit = 0;                      ///< 0: not said
  std::optional<std::chrono::milliseconds> resets_in;  ///< until the narrowest is whole again, at most a day
};

/// Whether a header of this name (ASCII case ignored) may be one of those that `read_limits_left` reads: most answers have none.
[[nodiscard]] bool says_limits(std::string_view name) noexcept;

/// Reads
/// * `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` (OpenAI and its imitators; resets as "6m0s" or "20ms"), of which Azure sends
///   the first two and, for provisioned capacity, `azure-openai-deployment-utilization: 93.5%`;
/// * `anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}` (resets as RFC 3339).
/// A remaining without its limit says something only when it is 0; a negative one is a known fault of Azure and says nothing.
/// @return nullopt: none of them was there. Pure. Cost: one pass over the headers, no allocation.
/// Sources: the vendors' API references, 2026-11.
[[nodiscard]] std::optional<limits_left> read_limits_left(const std::vector<header>& headers, wall_time now) noexcept;

/// "1s", "6m0s", "2m59.56s", "20ms", "1h": a duration as Go writes it; a bare number counts as seconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_go_duration(std::string_view text) noexcept;
/// "2026-11-24T12:00:05Z", with a fraction and an offset.
[[nodiscard]] std::optional<wall_time> read_rfc3339(std::string_view text) noexcept;

}  // namespace naru::dialects
