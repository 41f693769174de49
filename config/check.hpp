#pragma once
#include <string>

#include "config/problems.hpp"
#include "config/schema.hpp"
#include "config/tree.hpp"

namespace naru::config {

/// Holds a whole tree against the table: unknown keys, wrong shapes, forms, units, ranges, words, what is required, what is not there
/// yet. Every problem is reported; meaning (names that must exist, keys that exclude each other) is looked at by whoever reads on.
void check(const node& tree, const schema& table, problem_list& problems);

/// Whether a scalar is good for its row: what a `reader` relies on. @return empty, or what is wrong with it ("want 1..10, got 0").
[[nodiscard]] std::string fault_of(const node& n, const row& r);

}  // namespace naru::config
