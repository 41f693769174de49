#include <algorithm>

#include "providers/dialects/bedrock_converse/answer.hpp"

namespace naru::dialects::bedrock_converse {

void usage_counts::overwrite(json::object u) {
  counts_.take(u, "inputTokens", input_);
  counts_.take(u, "outputTokens", output_);
  counts_.take(u, "cacheReadInputTokens", cache_read_);
  counts_.take(u, "cacheWriteInputTokens", cache_write_);
  const auto details = json::get_array(u, "cacheDetails");
  if (!details) return;
  for (const json::value one : *details) {
    if (!one.is_object()) continue;
    const json::object o = one.get_object().value_unsafe();
    const auto ttl = json::get_string(o, "ttl").value_or("");
    if (ttl == "5m") counts_.take(o, "inputTokens", write_5m_);
    if (ttl == "1h") counts_.take(o, "inputTokens", write_1h_);
  }
}

void usage_counts::take_tier(json::object around) {
  const auto tier = json::get_object(around, "serviceTier");
  const auto type = tier ? json::get_string(*tier, "type") : std::nullopt;
  if (type) tier_ = *type == "default" ? std::string{} : clean_word(*type);
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
  u.tier = tier_;
  u.estimated = counts_.odd();
  return u;
}

}  // namespace naru::dialects::bedrock_converse
