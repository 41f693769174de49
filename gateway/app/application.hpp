#pragma once
#include <memory>
#include <string>

#include "config/load.hpp"

namespace naru::app {

struct serve_options {
  config::load_options load;
  std::string ready_file;  ///< written once ready: NARU_URL=... and NARU_ADMIN=..., for scripts; empty: none
};

/// Builds everything from the settings, serves until a signal, drains, and ends. @return the exit code: 0, 1 (cannot listen), 78 (settings)
[[nodiscard]] int serve(const serve_options& options);

}  // namespace naru::app
