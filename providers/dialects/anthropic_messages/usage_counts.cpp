#include <algorithm>

#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::anthropic_messages {

void usage_counts::overwrite(json::object u) {
  counts_.take(u, "input_tokens", input_);
  counts_.take(u, "cache_read_input_tokens", cache_read_);
  counts_.take(u, "cache_creation_input_tokens", cache_write_);
  counts_.take(u, "output_tokens", output_);
  if (const auto split = json::get_object(u, "cache_creation")) {
    counts_.take(*split, "ephemeral_5m_input_tokens", write_5m_);
    counts_.take(*split, "ephemeral_1h_input_tokens", write_1h_);
  }
  if (const auto details = json::get_object(u, "output_tokens_details")) counts_.take(*details, "thinking_tokens", thinking_);
  if (const auto tier = json::get_string(u, "service_tier")) tier_ = *tier == "standard" ? std::string{} : clean_word(*tier);
  // Fast mode is priced apart from the tiers.
  if (const auto speed = json::get_string(u, "speed"); speed && *speed == "fast") tier_ = "fast";
}

usage usage_counts::total() const {
  const std::uint64_t split = write_5m_.value_or(0) + write_1h_.value_or(0);
  const std::uint64_t written = std::max(cache_write_.value_or(0), split);
  const std::uint64_t long_written = write_1h_.value_or(0);
  usage u;
  u.input = {input_.value_or(0) + written + cache_read_.value_or(0)};
  u.cached = {cache_read_.value_or(0)};
  u.cache_write = {written - long_written};
  u.cache_write_long = {long_written};
  u.output = {output_.value_or(0)};
  u.reasoning = {std::min(thinking_.value_or(0), output_.value_or(0))};
  u.tier = tier_;
  u.estimated = counts_.odd();
  return u;
}

}  // namespace naru::dialects::anthropic_messages
