#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/canary/text.hpp"

/// Random settings: what the gateway is told, and the same in a form that the oracle reads.
namespace naru::test::canary {

/// A label or a clearance: its place among the settings' labels, 0 the lowest.
using rank = unsigned;

struct provider {
  std::string name, type;
  std::string prefix;  ///< begins every path that is asked of it, and of no other provider
  rank cleared = 0;
  std::size_t mock = 0;  ///< the mock that it is
};

struct deployment {
  std::size_t provider = 0;
  std::string model;  ///< as the vendor calls it; how the mock answers
  rank cleared = 0;
};

struct offered {
  std::string name;
  std::vector<std::string> aliases;
  std::optional<rank> label;
  std::vector<deployment> deployments;
};

struct known_caller {
  std::string name, key;
  std::optional<rank> label;
  std::vector<std::string> models;  ///< empty: all
};

/// What the mocks are to do with the next requests for a model.
struct script {
  std::size_t mock = 0;
  std::string model;
  std::vector<std::string> answers;
};

struct setup {
  std::size_t number = 0;
  std::vector<std::string> labels;
  rank usual = 0;                                                     ///< sensitivity.default
  std::map<std::string, std::optional<rank>, std::less<>> detectors;  ///< what each raises to; nullopt: off
  bool trusts_header = true;
  unsigned attempts = 3;
  std::vector<provider> providers;
  std::vector<offered> models;
  std::vector<known_caller> callers;  ///< empty: no key is wanted
  std::vector<script> scripts;
  std::string yaml;

  [[nodiscard]] rank highest() const noexcept { return static_cast<rank>(labels.size() - 1); }
};

/// The most labels that a setup has, which is how many mocks are needed: one a clearance.
constexpr std::size_t most_labels = 6;

/// @param ports  of the mocks, most_labels of them
[[nodiscard]] setup make_setup(std::size_t number, const std::vector<unsigned short>& ports);

}  // namespace naru::test::canary
