#include "config/reader.hpp"

#include <algorithm>
#include <stdexcept>

#include "config/check.hpp"
#include "config/units.hpp"

namespace naru::config {

reader reader::operator[](std::string_view key) const {
  const auto found = k_->keys.find(key);
  if (found == k_->keys.end()) throw std::logic_error("settings table: no key " + join(path_, key));
  if (n_ != nullptr && n_->is_scalar() && k_->self != nullptr && key == k_->self->shorthand) return {n_, found->second, path_, at()};
  return {n_ == nullptr ? nullptr : n_->find(key), found->second, join(path_, key), at()};
}

reader reader::named(std::string_view name) const { return {n_ == nullptr ? nullptr : n_->find(name), *k_->any, join(path_, name), at()}; }

std::vector<std::pair<std::string, reader>> reader::entries() const {
  std::vector<std::pair<std::string, reader>> out;
  if (n_ == nullptr) return out;
  for (const entry& e : n_->entries) {
    out.emplace_back(e.key, reader(&e.value, *k_->any, join(path_, e.key), e.at));
  }
  return out;
}

std::vector<reader> reader::items() const {
  std::vector<reader> out;
  if (!present()) return out;
  if (!n_->is_list()) {
    const bool alone = k_->self->one_or_list && (k_->item->self->is == form::block ? n_->is_map() : n_->is_scalar());
    if (alone) out.emplace_back(n_, *k_->item, path_, at());
    return out;
  }
  for (std::size_t i = 0; i < n_->items.size(); ++i) out.emplace_back(&n_->items[i], *k_->item, join(path_, i), at());
  return out;
}

std::optional<std::string_view> reader::good() const {
  if (n_ != nullptr && n_->is_scalar() && n_->unset.empty() && n_->fault.empty() && fault_of(*n_, *k_->self).empty()) return n_->text;
  if (k_->self->fallback.empty()) return std::nullopt;
  return k_->self->fallback;
}

bool reader::says(std::string_view word) const noexcept {
  return n_ != nullptr && n_->is_scalar() && n_->text == word && std::ranges::find(k_->self->words, word) != k_->self->words.end();
}

std::string reader::text() const { return std::string(good().value_or(std::string_view{})); }
bool reader::flag() const { return good() == "true"; }

std::optional<bool> reader::maybe_flag() const {
  const auto value = good();
  if (!value) return std::nullopt;
  return *value == "true";
}

std::uint32_t reader::integer() const { return static_cast<std::uint32_t>(maybe_integer().value_or(0)); }

std::optional<std::uint64_t> reader::maybe_integer() const {
  const auto value = good();
  return value ? parse_integer(*value) : std::nullopt;
}

std::optional<std::uint32_t> reader::maybe_thousandths() const {
  const auto value = good();
  return value ? parse_thousandths(*value) : std::nullopt;
}

std::uint32_t reader::share() const { return parse_share(good().value_or("0%")).value_or(0); }
std::uint64_t reader::size() const { return parse_size(good().value_or("0B")).value_or(0); }
std::chrono::milliseconds reader::duration() const { return parse_duration(good().value_or("0s")).value_or(std::chrono::milliseconds{0}); }

std::optional<std::chrono::sys_days> reader::maybe_date() const {
  const auto value = good();
  return value ? parse_date(*value) : std::nullopt;
}

std::optional<nano_usd> reader::maybe_usd() const {
  const auto value = good();
  return value ? parse_usd(*value) : std::nullopt;
}

std::optional<pico_usd> reader::maybe_rate() const {
  const auto value = good();
  return value ? parse_usd_per_million(*value) : std::nullopt;
}

}  // namespace naru::config
