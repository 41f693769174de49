#pragma once
#include <functional>
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "gateway/flow/snapshot.hpp"

namespace naru::app {

/// What outlives a change of settings and is woven into each snapshot.
struct lasting {
  upstream::live_states live;
  std::shared_ptr<upstream::passing_states> passing = std::make_shared<upstream::passing_states>();
  limits::concurrency_scopes scopes;
  std::shared_ptr<upstream::worker_status> worker;  ///< null: nothing is supervised (explain, check)
  std::string worker_socket;                        ///< where the supervised worker listens
};

/// Turns settings into what a request's way reads. Makes no connection.
/// Errors: bad_request where a file of the settings (a provider's ca) cannot be read.
[[nodiscard]] result<std::shared_ptr<const flow::snapshot>> build_snapshot(const settings& from, lasting& state);

}  // namespace naru::app
