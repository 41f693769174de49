#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "gateway/flow/snapshot.hpp"

namespace naru::admin {

/// Settings as they were last read, for GET /admin/config.
struct reload_state {
  std::string path;  ///< empty: defaults
  std::string hash;
  wall_time at{};
  std::vector<config::problem> problems;  ///< of the last reload that was refused; empty after one that was taken over
  std::vector<config::problem> warnings;
};

/// What the admin API sees of the running gateway. All functions may be called on the admin shard; none waits for a disk.
struct context {
  std::function<std::shared_ptr<const settings>()> settings;
  std::function<std::shared_ptr<const flow::snapshot>()> snapshot;
  std::function<reload_state()> reloads;
  std::function<std::string()> metrics;  ///< the text of /metrics
  std::function<bool()> ready;
  config::load_options load;  ///< for drafts: environment and files
};

}  // namespace naru::admin
