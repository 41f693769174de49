#include "providers/dialects/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "providers/dialects/foreign.hpp"

namespace naru::dialects {
namespace {

static_assert(std::endian::native == std::endian::little, "vector_as_base64 copies float32 as they lie in memory");

/// The shortest form of the largest float32 is a little above it, so what is nearer to it than to the next is taken for it.
std::optional<float> as_float(json::value v) noexcept {
  constexpr float most = std::numeric_limits<float>::max();
  double d = 0;
  if (v.get(d) != simdjson::SUCCESS || !(std::abs(d) < 3.4028236e38)) return std::nullopt;
  if (std::abs(d) >= static_cast<double>(most)) return d < 0 ? -most : most;
  return static_cast<float>(d);
}

std::optional<std::vector<float>> from_numbers(json::array numbers) {
  std::vector<float> out;
  for (const json::value n : numbers) {
    const auto f = as_float(n);
    if (!f || out.size() == most_dimensions) return std::nullopt;
    out.push_back(*f);
  }
  return out.empty() ? std::nullopt : std::optional{std::move(out)};
}

std::optional<std::vector<float>> from_base64(std::string_view text) {
  if (text.size() > most_dimensions * 6) return std::nullopt;  // 4 bytes are at most 6 characters
  const auto bytes = decode_base64(text);
  if (!bytes || bytes->empty() || bytes->size() % sizeof(float) != 0) return std::nullopt;
  std::vector<float> out(bytes->size() / sizeof(float));
  std::memcpy(out.data(), bytes->data(), bytes->size());
  if (!std::ranges::all_of(out, [](float f) { return std::isfinite(f); })) return std::nullopt;
  return out;
}

bool heeds(const extra_field& e, const embedding_places& has) noexcept {
  return (e.name == "input_type" && has.purpose) || json::is_null(e.value);
}

}  // namespace

std::optional<error> embedding_obstacle(const chat_request& r, std::string_view form, const embedding_places& has) {
  for (const extra_field& e : r.extra) {
    if (e.name == "input") return cannot("input", fmt::format("{} takes texts, no numbers of tokens", form));
    if (!heeds(e, has)) return cannot(std::string{e.name}, fmt::format("{} has no such field", form));
  }
  if (has.texts != 0 && r.messages.size() > has.texts) {
    return cannot(message_path(has.texts), fmt::format("{} takes at most {} a call", form, has.texts));
  }
  if (!has.dimensions && r.embedding.dimensions) return cannot("dimensions", fmt::format("{} has no such field", form));
  if (!has.purpose && !r.embedding.purpose.empty()) {
    return cannot("input_type", fmt::format("{} has no word for what the vectors are for", form));
  }
  return std::nullopt;
}

std::string_view embedded_text(const message& m) noexcept {
  const auto* text = m.parts.empty() ? nullptr : std::get_if<text_part>(&m.parts.front());
  return text == nullptr ? std::string_view{} : text->text;
}

std::optional<std::vector<float>> read_vector(json::value v) {
  if (v.is_array()) return from_numbers(v.get_array().value_unsafe());
  if (v.is_string()) return from_base64(v.get_string().value_unsafe());
  return std::nullopt;
}

std::string vector_as_base64(std::span<const float> vector) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto bytes = std::as_bytes(vector);
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return k < bytes.size() ? static_cast<unsigned>(bytes[k]) : 0U; };
    const unsigned bits = (at(i) << 16) | (at(i + 1) << 8) | at(i + 2);
    out += alphabet[bits >> 18];
    out += alphabet[(bits >> 12) & 63];
    out += i + 1 < bytes.size() ? alphabet[(bits >> 6) & 63] : '=';
    out += i + 2 < bytes.size() ? alphabet[bits & 63] : '=';
  }
  return out;
}

std::string vector_as_json(std::span<const float> vector) {
  std::string out = "[";
  for (const float f : vector) {
    if (out.size() > 1) out += ',';
    std::array<char, 32> buffer;
    const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), f);
    out.append(buffer.data(), end);
  }
  out += ']';
  return out;
}

bool append_vectors(json::array all, std::vector<event>& out) {
  std::uint32_t index = 0;
  for (const json::value one : all) {
    auto vector = read_vector(one);
    if (!vector) return false;
    out.emplace_back(embedding_made{index++, std::move(*vector)});
  }
  return index != 0;
}

void append_embedding_end(std::optional<std::uint64_t> input_tokens, std::vector<event>& out) {
  out.emplace_back(finished{});
  if (!input_tokens) return;
  usage u;
  u.input = {*input_tokens};
  out.emplace_back(usage_report{std::move(u)});
}

}  // namespace naru::dialects
