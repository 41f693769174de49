#include "policies/sensitivity/patterns.hpp"

#include <hs/hs.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "policies/sensitivity/vectorscan.hpp"

namespace naru::sensitivity {
namespace {

// HS_FLAG_UCP: \w, \d and (?i) know every script. SINGLEMATCH: whether, not where. An empty match is refused: it would label everything.
constexpr unsigned flags = HS_FLAG_UTF8 | HS_FLAG_UCP | HS_FLAG_SINGLEMATCH;

/// The engine's words without their full stop.
std::string reason(const hs_compile_error_t* e) {
  const std::string_view said = e == nullptr ? "the engine gives no reason" : std::string_view(e->message);
  std::string out(said);
  while (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

error refused(std::size_t index, std::string why) {
  return {error_code::bad_request, std::move(why), std::to_string(index), {}, std::nullopt};
}

int note(unsigned id, unsigned long long, unsigned long long, unsigned, void* found) noexcept {
  *static_cast<std::uint64_t*>(found) |= std::uint64_t{1} << id;
  return 0;
}

/// What the engine may read: decoded text may hold any bytes. Whatever is beyond ASCII in a broken text is a blank.
std::string repaired(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](char c) { return c < 0; }, ' ');
  return out;
}

}  // namespace

struct pattern_set::impl {
  vectorscan compiled;
  std::size_t shortest = ~std::size_t{0};
};

pattern_set::pattern_set() = default;
pattern_set::~pattern_set() = default;
pattern_set::pattern_set(pattern_set&&) noexcept = default;
pattern_set& pattern_set::operator=(pattern_set&&) noexcept = default;

result<pattern_set> pattern_set::compile(std::span<const std::string> patterns) {
  pattern_set out;
  if (patterns.empty()) return out;
  auto made = std::make_unique<impl>();
  std::vector<vectorscan::expression> spelled;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].find('\0') != std::string::npos || !simdjson::validate_utf8(patterns[i])) {
      return fail(refused(i, "want UTF-8 without NUL characters"));
    }
    auto one = spell_out_boundaries(patterns[i]);
    if (!one) return fail(refused(i, std::move(one.error().message)));
    hs_compile_error_t* why = nullptr;
    hs_expr_info_t* info = nullptr;
    if (hs_expression_info(one->c_str(), flags, &info, &why) != HS_SUCCESS) {
      auto e = refused(i, reason(why));
      hs_free_compile_error(why);
      return fail(std::move(e));
    }
    const std::size_t shortest = info->min_width;
    std::free(info);
    if (shortest == 0) return fail(refused(i, "it matches the empty text, and so everything"));
    made->shortest = std::min(made->shortest, shortest);
    spelled.push_back({std::move(*one), flags});
  }
  auto compiled = vectorscan::compile(spelled, vectorscan::kind::patterns);
  if (!compiled) return fail(std::move(compiled.error()));
  made->compiled = std::move(*compiled);
  out.impl_ = std::move(made);
  return out;
}

std::uint64_t pattern_set::matches(std::string_view text) const {
  if (impl_ == nullptr) return 0;
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    const std::string good = repaired(text);
    return matches(good);
  }
  std::uint64_t found = 0;
  impl_->compiled.scan(text, note, &found);
  return found;
}

std::size_t pattern_set::shortest() const noexcept { return impl_ == nullptr ? ~std::size_t{0} : impl_->shortest; }

}  // namespace naru::sensitivity
