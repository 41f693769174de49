#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/exchange.hpp"
#include "policies/resilience/decide.hpp"

namespace naru::flow {

/// How far an exchange has come in its plan: which deployment is next, and where it stands for the table to judge. Shard-local.
class course {
 public:
  explicit course(exchange& x);

  [[nodiscard]] const upstream::deployment& at(std::size_t step) const { return *x_.model->deployments[x_.chosen.plan.order[step]]; }
  /// Of the step's deployment in the model's list.
  [[nodiscard]] std::size_t index(std::size_t step) const { return x_.chosen.plan.order[step]; }
  [[nodiscard]] const routing::judgement& judged(std::size_t step) const { return x_.chosen.plan.judgements[x_.chosen.plan.order[step]]; }

  /// The step to be called now, marked as tried; nullopt when none may be. See resilience::choose_next.
  /// @param larger_than  only contexts known to be larger
  [[nodiscard]] std::optional<std::size_t> next(std::optional<tokens> larger_than);
  /// The same for a hedge: only what is up without doubt. @param beside  the step that it runs beside
  [[nodiscard]] std::optional<std::size_t> next_sure(std::size_t beside);

  /// A call was made of the step's deployment.
  void called(bool probe);
  /// Where the exchange stands after this failure, which is counted in.
  [[nodiscard]] resilience::attempt_state after(const failure& f, std::size_t step);

  /// Whether a call could be made twice and every untried deployment still get one: when a vendor dies, its idle connections die with it.
  [[nodiscard]] bool has_spare_call() const noexcept;
  [[nodiscard]] bool spent() const noexcept { return state_.calls_made >= state_.call_limit; }
  [[nodiscard]] std::uint32_t calls() const noexcept { return state_.calls_made; }
  /// Untried deployments that are up without doubt.
  [[nodiscard]] bool others_are_up() const;
  /// When the soonest of those that rest may be asked again; nullopt: none of the untried rests.
  [[nodiscard]] std::optional<steady_time> frees_at() const;

 private:
  [[nodiscard]] bool is_larger(std::size_t step, tokens than) const;
  [[nodiscard]] bool is_sure(std::size_t step) const;
  void take(std::size_t step);

  exchange& x_;
  std::vector<bool> tried_;
  std::vector<std::string> failed_providers_;  ///< that were unreachable or overloaded in this exchange
  bool probed_ = false;
  resilience::attempt_state state_;
};

}  // namespace naru::flow
