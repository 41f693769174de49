#pragma once
#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/chat.hpp"
#include "core/json/document.hpp"
#include "gateway/flow/reply.hpp"
#include "gateway/flow/services.hpp"
#include "gateway/flow/spoken.hpp"
#include "gateway/net/request.hpp"
#include "policies/limits/concurrency.hpp"
#include "policies/pricing/token_estimate.hpp"
#include "policies/routing/plan.hpp"
#include "policies/sensitivity/labeller.hpp"

namespace naru::flow {

/// A plan with what it was made from. `plan` views into `fields`, the rules and the deployments.
struct choice {
  /// The request as the deployment at `index` of the model gets it.
  [[nodiscard]] const chat_request& asked_of(std::size_t index, const chat_request& whole) const;
  /// What is left out for it; empty: nothing.
  [[nodiscard]] std::span<const std::string> dropped_for(std::size_t index) const;

  routing::demand demand;
  std::shared_ptr<const flow::model> model;               ///< planned for: the one asked for, or the one that a rule put in its place
  const routing::rule* acted = nullptr;                   ///< null: no rule matched; belongs to the settings
  std::optional<std::string_view> language;               ///< of the last user message; nullopt: no rule asked
  std::forward_list<std::string> fields;                  ///< what wire forms cannot carry; their addresses stay
  routing::few<const dialects::upstream_dialect*> forms;  ///< by index of the deployment: in which it is asked; null: off, or in none
  std::vector<std::pair<std::size_t, trimmed>> lessened;  ///< by index of the deployment: `translation: lenient` left something out
  routing::plan plan;
};

/// How a request came: what its path says beside its body.
struct arrival {
  std::string_view api = "chat";  ///< static word for metrics, logs and rules
  std::string model;              ///< in the path; empty: in the body
  bool stream = false;            ///< the path says so
  bool as_events = true;          ///< see dialects::addressed
};

/// One client request and everything done for it. Each step of the way (flow.cpp) fills in its part and reads those before it.
/// Shard-local; lives in the coroutine that serves the request.
struct exchange {
  exchange(services& s, std::shared_ptr<net::request> r, net::response& out, const dialects::client_dialect& d, arrival how = {});
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  services& shared;
  std::shared_ptr<net::request> request;  ///< owns the body that everything below views
  const dialects::client_dialect& dialect;
  arrival came;
  std::shared_ptr<const snapshot> settings;
  steady_time began;
  naru::deadline deadline;   ///< of everything
  naru::deadline answer_by;  ///< of the first content; never after `deadline`
  std::shared_ptr<flow::reply> reply;
  observe::exchange_record record;

  // identify
  std::shared_ptr<const flow::caller> caller;  ///< null when no callers are configured
  // read
  std::vector<std::string> header_names;  ///< of the client's headers that its dialect wants, in lower case; `chat` views into them
  json::document document;
  chat_request chat;
  std::shared_ptr<const flow::model> model;
  // label
  sensitivity::judgement judged;
  // limit
  limits::concurrency_permit concurrency;
  // plan
  choice chosen;

  /// The client left: ends what waits for an upstream at once; nobody is told.
  void cancel();
  /// The server ends, or sheds it: the same, and the client is told why.
  void stop(error why);
  [[nodiscard]] bool canceled() const noexcept { return canceled_; }
  /// Why the server ended it; nullopt: it did not.
  [[nodiscard]] const std::optional<error>& stopped() const noexcept { return stopped_; }
  /// What `cancel` does while something waits; empty when nothing does. Whoever waits also asks `canceled` before it begins.
  std::function<void()> on_cancel;
  /// Between two calls, with none running: nothing that has been paid for is lost when it ends now.
  bool resting = false;

  [[nodiscard]] steady_time now() const noexcept { return shared.shard.time().now(); }

 private:
  bool canceled_ = false;
  std::optional<error> stopped_;
};

}  // namespace naru::flow
