#pragma once
#include <string>
#include <vector>

#include "config/load.hpp"

/// The commands beside `serve`. Each prints for people or, with json, for programs, and returns the exit code: 0, 1, 2 (usage), 78
/// (settings).
namespace naru::app {

[[nodiscard]] int check(const config::load_options& load, bool json, bool strict);

struct explain_options {
  std::string file;                  ///< the request; "-": standard input
  std::string label;                 ///< as x-naru-label would say
  std::string caller;                ///< name; empty: none
  std::vector<std::string> headers;  ///< "name: value", for rules that look at them
  std::string api = "chat";          ///< the request's dialect, as rules call it
  std::string model;                 ///< where a path would name it (Gemini)
  bool json = false;
};
[[nodiscard]] int explain(const config::load_options& load, const explain_options& options);

[[nodiscard]] int list_models(const config::load_options& load, bool json);

[[nodiscard]] int version(bool json);

}  // namespace naru::app
