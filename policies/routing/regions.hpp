#pragma once
#include <span>
#include <string>
#include <string_view>

/// Where a deployment is: a country (`kr`) or a vendor's own name (`koreacentral`, `ap-northeast-2`, `asia-northeast3`).
namespace naru::routing {

/// Two-letter country of a region, in lower case: of a vendor's name by the table, of a country itself, `eu` for the union.
/// Letter case and blanks in Azure's display names do not matter ("Korea Central"). @return empty when nothing is known of it.
/// Source: the vendors' public region lists (AWS, Azure, Google Cloud), from memory, 2026-11.
[[nodiscard]] std::string_view country_of(std::string_view region) noexcept;

/// Whether a deployment in `region` satisfies a wish for `wanted`: the same name, or a country (or `eu`) that contains it.
/// A wish for a vendor's region is never satisfied by a country alone. An unknown region satisfies only its own name.
[[nodiscard]] bool in_region(std::string_view wanted, std::string_view region) noexcept;
/// Whether it satisfies any of them. Cost: one look-up, no allocation.
[[nodiscard]] bool in_any_region(std::span<const std::string> wanted, std::string_view region) noexcept;

}  // namespace naru::routing
