#pragma once
#include <string>
#include <vector>

#include "tests/integration/canary/lane.hpp"

namespace naru::test::canary {

struct finding {
  bool leak = false;  ///< bytes of a request were where its label does not let them be
  std::string text;
};

struct totals {
  std::size_t cases = 0, answered = 0, refused_by_clearance = 0, refused_otherwise = 0, failed = 0, left = 0;
  std::size_t calls = 0, repeated = 0, fell_over = 0, with_secret = 0, raised = 0;
  std::map<int, std::size_t> statuses;

  totals& operator+=(const totals& t);
};

struct verdict {
  std::vector<finding> findings;
  totals sum;

  [[nodiscard]] std::size_t leaks() const;
};

/// Holds everything that was seen against what must hold of each trial.
[[nodiscard]] verdict judge(const setup& s, const std::vector<trial>& trials, const observed& o);

}  // namespace naru::test::canary
