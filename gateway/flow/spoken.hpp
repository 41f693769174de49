#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/chat.hpp"
#include "gateway/upstream/deployment.hpp"

namespace naru::flow {

/// In which wire form a deployment is asked, and why not in any.
struct spoken {
  const dialects::upstream_dialect* form = nullptr;  ///< null: the deployment has none for this kind of request
  std::optional<error> obstacle;                     ///< what the form cannot carry; nullopt: nothing
};

/// The client's own form where the deployment has it and takes the request so, else the first that can carry it. Pure.
[[nodiscard]] spoken speak(const upstream::deployment& d, const chat_request& r);

/// A request less what a form cannot carry. Views where the request views.
struct trimmed {
  chat_request chat;
  const dialects::upstream_dialect* form = nullptr;  ///< in which what is left is asked
  std::vector<std::string> dropped;                  ///< names, as the errors of `cannot_carry` give them
};

/// `translation: lenient`. nullopt: leaving fields out does not help.
[[nodiscard]] std::optional<trimmed> trim(const upstream::deployment& d, const chat_request& r);

}  // namespace naru::flow
