#pragma once
#include <span>
#include <string_view>

#include "providers/dialects/dialect.hpp"

/// All wire forms there are, by name. Static; any thread.
namespace naru::dialects {

[[nodiscard]] std::span<const upstream_dialect* const> all_upstream() noexcept;
[[nodiscard]] std::span<const client_dialect* const> all_client() noexcept;

/// nullptr: no such form.
[[nodiscard]] const upstream_dialect* find_upstream(std::string_view name) noexcept;
[[nodiscard]] const client_dialect* find_client(std::string_view name) noexcept;

}  // namespace naru::dialects
