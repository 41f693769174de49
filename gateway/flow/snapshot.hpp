#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/chat.hpp"
#include "core/label.hpp"
#include "gateway/upstream/deployment.hpp"
#include "policies/limits/concurrency.hpp"
#include "policies/resilience/hedge.hpp"
#include "policies/resilience/shed.hpp"
#include "policies/routing/plan.hpp"
#include "policies/routing/rules.hpp"
#include "policies/sensitivity/labeller.hpp"

namespace naru::flow {

/// Who asks. Immutable.
struct caller {
  std::string name;
  std::string team;
  std::string user;
  std::optional<naru::label> base;
  std::vector<std::string> models;  ///< names it may ask for; empty: all
  std::vector<std::shared_ptr<limits::concurrency_scope>> scopes;
};

/// What clients ask for. Immutable.
struct model {
  std::string name;
  routing::strategy strategy = routing::strategy::priority;
  std::vector<std::shared_ptr<const upstream::deployment>> deployments;  ///< in the settings' order
  routing::requirements require;
  routing::tuning tuning;
  std::optional<naru::label> base;
  std::optional<tokens> expected_output;
  std::optional<resilience::hedge_settings> hedge;         ///< nullopt: off
  std::shared_ptr<resilience::hedge_budget> hedge_budget;  ///< of this model's hedges; not null with `hedge`
};

using key_hash = std::array<unsigned char, 32>;
/// SHA-256 of a key as it came.
[[nodiscard]] key_hash hash_key(std::string_view key);

/// Callers by the SHA-256 of their key. The first bytes find the place, the whole is compared in constant time.
class caller_table {
 public:
  void add(const key_hash& hash, std::shared_ptr<const caller> who);
  [[nodiscard]] std::shared_ptr<const caller> find(std::string_view key) const;
  [[nodiscard]] bool empty() const noexcept { return by_prefix_.empty(); }
  [[nodiscard]] std::vector<std::shared_ptr<const caller>> all() const;

 private:
  struct entry {
    key_hash hash;
    std::shared_ptr<const caller> who;
  };
  std::unordered_multimap<std::uint64_t, entry> by_prefix_;
};

/// A provider by name, for what is asked as provider/model without standing in the settings or the catalogue.
struct direct_template {
  upstream::deployment like;  ///< facts.id, model and live are filled in
  std::shared_ptr<upstream::passing_states> states;
};

/// Everything that a request's way reads of the settings: built whole, swapped whole, never changed.
struct snapshot {
  label_scheme labels;
  std::unique_ptr<const sensitivity::labeller> labeller;
  bool trust_label_header = true;
  bool lenient = false;  ///< what a wire form cannot carry is left out, and the client is told; else refused
  caller_table callers;
  routing::rule_book rules;
  std::map<std::string, std::shared_ptr<const model>, std::less<>> models;                      ///< by name and by alias
  std::map<std::string, std::shared_ptr<const upstream::deployment>, std::less<>> deployments;  ///< by id
  std::map<std::string, direct_template, std::less<>> providers;                                ///< those that are on, by name
  std::uint32_t attempts = 3;
  std::chrono::milliseconds deadline{600'000};
  std::chrono::milliseconds hold_head{15'000};
  std::chrono::milliseconds ping{15'000};
  resilience::breaker_settings breaker;
  resilience::overload_settings overload;

  /// How long a call that probes a deployment is waited for while others are up: as long as its like may take without being slow.
  /// nullopt: nothing is ever slow.
  [[nodiscard]] std::optional<std::chrono::milliseconds> probe_patience(const chat_request& chat, const routing::demand& d) const;

  /// The model behind a name: a model, an alias, or provider/model; null when there is none.
  [[nodiscard]] std::shared_ptr<const model> find_model(std::string_view name) const;
};

}  // namespace naru::flow
