#include "providers/dialects/body_edits.hpp"

#include <algorithm>

namespace naru::dialects {

bool body_edits::has_escaped_key() const noexcept {
  return std::ranges::any_of(fields_, [](const json::field& f) { return f.key.find('\\') != std::string_view::npos; });
}

std::optional<std::string_view> body_edits::raw(std::string_view key) const noexcept {
  const auto f = std::ranges::find(fields_, key, &json::field::key);
  if (f == fields_.end()) return std::nullopt;
  return body_.substr(f->at.value_begin, f->at.value_end - f->at.value_begin);
}

json::pieces body_edits::apply() && {
  json::pieces out;
  out.views = json::splice_views(body_, {fields_.data(), fields_.size()}, set_, remove_);
  out.own = std::move(made_);
  return out;
}

}  // namespace naru::dialects
