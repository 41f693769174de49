#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace naru::local_backend {

/// Ends an answer at the first stop string, however the text is cut into pieces. "First" is the one that is complete first; of several
/// that end at the same byte, the longest. The stop string itself is never part of the answer.
///
/// Text that may still turn out to be the beginning of a stop string is held back: at most the longest stop string less one byte.
/// Thread: one. Cost: text times stop strings; a request has few and short ones.
class stop_matcher {
 public:
  /// @param stops  none empty
  explicit stop_matcher(std::vector<std::string> stops) : stops_(std::move(stops)) {}

  /// Appends to `out` what is certain to belong to the answer. @return true once a stop string is complete; nothing may be fed after it.
  [[nodiscard]] bool feed(std::string_view text, std::string& out);
  /// The answer ended by itself: what was held back belongs to it.
  void finish(std::string& out);

 private:
  [[nodiscard]] std::size_t match_at_end() const noexcept;   ///< length of the longest stop string that held_ ends with; 0: none
  [[nodiscard]] std::size_t promising_end() const noexcept;  ///< length of the longest end of held_ that begins a stop string

  std::vector<std::string> stops_;
  std::string held_;
};

}  // namespace naru::local_backend
