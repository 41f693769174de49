#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/label.hpp"

namespace naru::sensitivity {

/// Proof that one request may go to one sink. Whatever carries request bytes out (an upstream exchange, later a cache entry, a log
/// with content, a webhook, a store) is obtained only against one, and only `grant` makes it: there is no other way to spell it.
class clearance_permit {
 public:
  [[nodiscard]] naru::label carried() const noexcept { return label_; }
  /// The only sink it is good for: a deployment's id ("openai/gpt-6-luna").
  [[nodiscard]] std::string_view sink() const noexcept { return sink_; }

 private:
  friend std::optional<clearance_permit> grant(naru::label l, naru::clearance c, std::string_view sink);
  clearance_permit(naru::label l, std::string_view sink) : label_(l), sink_(sink) {}

  naru::label label_;
  std::string sink_;
};

/// The clearance gate's one comparison. @return nullopt when the sink's clearance is below the label.
[[nodiscard]] std::optional<clearance_permit> grant(naru::label l, naru::clearance c, std::string_view sink);

}  // namespace naru::sensitivity
