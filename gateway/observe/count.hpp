#pragma once
#include <string_view>

#include "gateway/observe/cells.hpp"
#include "gateway/observe/record.hpp"

namespace naru::observe {

/// Counts one exchange that has ended.
void count(cells& into, const exchange_record& r);

/// Puts the series of a team and a model there at 0 before anything happens: `increase()` otherwise loses the first increment of a new
/// series, which for a rare team is most of its spend.
void create_series(cells& into, std::string_view team, std::string_view model, std::string_view provider);

}  // namespace naru::observe
