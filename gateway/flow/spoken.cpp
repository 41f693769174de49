#include "gateway/flow/spoken.hpp"

#include "providers/dialects/drop.hpp"

namespace naru::flow {
namespace {

std::optional<error> obstacle(const dialects::upstream_dialect& form, const upstream::deployment& d, const chat_request& r) {
  return form.name() == r.form ? form.cannot_take(r, d.target) : form.cannot_carry(r, d.target);
}

}  // namespace

spoken speak(const upstream::deployment& d, const chat_request& r) {
  const dialects::upstream_dialect* first = d.form_for(r.kind);
  if (first == nullptr) return {};
  const bool two = d.also != nullptr && (r.kind == request_kind::chat || r.kind == request_kind::token_count);
  if (!two) return {first, obstacle(*first, d, r)};
  const dialects::upstream_dialect* second = d.also;
  if (second->name() == r.form) std::swap(first, second);
  auto why = obstacle(*first, d, r);
  if (!why) return {first, std::nullopt};
  auto why_not_second = obstacle(*second, d, r);
  if (!why_not_second) return {second, std::nullopt};
  return {first, std::move(why)};
}

std::optional<trimmed> trim(const upstream::deployment& d, const chat_request& r) {
  constexpr std::size_t most = 64;  // a request that needs more than this is not the one that was asked
  trimmed out{.chat = r, .dropped = {}};
  for (std::size_t i = 0; i < most; ++i) {
    const auto now = speak(d, out.chat);
    if (now.form == nullptr) return std::nullopt;
    if (!now.obstacle) {
      out.form = now.form;
      return out;
    }
    if (!dialects::drop(out.chat, now.obstacle->field)) return std::nullopt;
    out.dropped.push_back(now.obstacle->field);
  }
  return std::nullopt;
}

}  // namespace naru::flow
