#pragma once
#include <cstdint>

#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/dialect.hpp"
#include "load_tests/mock_upstream/facts.hpp"
#include "load_tests/mock_upstream/plan.hpp"

namespace naru::mock {

/// Puts an answer together: what is said, in the dialect's form, with the faults that `b` wants. Reads no clock, does no I/O.
[[nodiscard]] plan assemble(const dialect& d, const facts& f, const behaviour& b, std::uint64_t sequence);

/// An answer with a body and nothing else to it.
[[nodiscard]] plan plain_plan(const reply& r, std::string_view type = "application/json");

}  // namespace naru::mock
