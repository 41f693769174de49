#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/label.hpp"
#include "core/money.hpp"
#include "policies/routing/calendar.hpp"
#include "policies/routing/plan.hpp"

/// `rules:`: the first that matches acts; then the model's own strategy.
namespace naru::routing {

/// What a rule may look at. Views into the request and the settings.
struct traits {
  std::string_view team{};  ///< all empty without callers
  std::string_view key{};
  std::string_view user{};
  std::string_view model{};  ///< canonical name of the one asked for
  std::string_view api{};    ///< chat
  naru::label label{};
  tokens input{};  ///< expected
  wall_time at{};
  std::span<const std::string_view> headers{};  ///< by `rule_book::header_names`; empty: not there
  std::optional<std::string_view> language{};   ///< "ko"; empty: not recognised; nullopt: not looked for yet
};

/// From..to, both ends included.
template <class T>
struct between {
  T from;
  T to;
  [[nodiscard]] constexpr bool contains(T v) const noexcept { return from <= v && v <= to; }
};

/// `when:` all that is said must hold; a list holds when one of it does. What is empty is not asked for.
struct condition {
  std::vector<std::string> teams{}, keys{}, users{}, models{}, apis{}, languages{};
  struct header {
    std::size_t name = 0;  ///< index into `rule_book::header_names`
    std::vector<std::string> values{};
  };
  std::vector<header> headers{};
  std::optional<between<std::uint8_t>> label_ranks{};
  std::optional<between<std::uint64_t>> input_tokens{};
  std::optional<routing::hours> hours{};
};

struct rule {
  std::string name;
  condition when;
  std::vector<std::string> prefer;  ///< deployments or whole providers: moved to the front of what is allowed, in this order
  std::vector<std::string> deny;    ///< deployments or whole providers: never tried
  requirements require;             ///< beside the model's own: of two limits the tighter holds
  std::string use;                  ///< the model to plan for in place of the one asked for; empty: that one

  /// Place in `prefer`, its size for all others. At most 255.
  [[nodiscard]] std::uint32_t preference(std::string_view deployment) const noexcept;
  [[nodiscard]] bool denies(std::string_view deployment) const noexcept;
};

class rule_book {
 public:
  rule_book() = default;
  /// @param header_names  in lower case, as the rules' conditions count them
  rule_book(std::vector<rule> rules, std::vector<std::string> header_names)
      : rules_(std::move(rules)), header_names_(std::move(header_names)) {}

  struct match {
    const rule* acted = nullptr;  ///< null: none matches
    bool wants_language = false;  ///< a rule hangs on the language: look for it, and ask again
  };
  /// Cost: a few comparisons a rule, no allocation. Thread: any.
  [[nodiscard]] match find(const traits& t) const noexcept;
  [[nodiscard]] const std::vector<rule>& rules() const noexcept { return rules_; }
  [[nodiscard]] const std::vector<std::string>& header_names() const noexcept { return header_names_; }

 private:
  std::vector<rule> rules_;
  std::vector<std::string> header_names_;
};

}  // namespace naru::routing
