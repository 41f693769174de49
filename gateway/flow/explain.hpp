#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/flow/exchange.hpp"

namespace naru::flow {

/// What would be done with a request, and why: the same code as `serve` up to the first call, which is not made.
struct explanation {
  std::string model;          ///< canonical name of the one asked for
  std::string planned_model;  ///< of the one that answers: another when a rule says `use`
  std::string strategy;
  std::string rule;       ///< that acted; empty: none matched
  std::string language;   ///< of the last user message; empty: no rule asked, or not recognised
  bool explored = false;  ///< the first is there to be measured
  std::string label;
  std::string label_set_by;
  std::string label_failure;  ///< why the request could not be judged; empty when it could
  std::vector<sensitivity::hit> hits;
  tokens input, input_upper, output;  ///< estimated
  struct candidate {
    std::string deployment;
    std::string provider;
    bool allowed = false;
    std::uint32_t position = 0;  ///< 1 for the first to be tried; 0: not tried
    std::string verdict;         ///< word: "allowed", "not_cleared" ...
    std::string why;             ///< in words
    std::string to_allow;        ///< what would have to change in the settings; only where clearance is what is missing
    std::string clearance;
    std::uint32_t quality = 0;  ///< thousandths
    pricing::charge predicted;
    float first_token = 0;  ///< predicted seconds to the first content
    float total = 0;        ///< predicted seconds to the end of the expected output
    bool measured = false;  ///< whether measurements stand behind these two
  };
  std::vector<candidate> candidates;  ///< in the settings' order
  std::optional<error> refusal;       ///< when nothing would be tried
};

struct explain_input {
  std::string_view body;          ///< a request in the dialect's form
  std::string_view model{};       ///< where a path would name it (Gemini)
  std::string_view api = "chat";  ///< as rules call it
  std::string_view label_header;  ///< x-naru-label
  std::shared_ptr<const caller> who;
  std::span<const net::header> headers = {};  ///< that rules may look at
  std::uint64_t seed = 0;                     ///< for weighted, exploration and crowding
  steady_time now{};
  wall_time wall_now{};
};

/// Errors: those of `read`: bad_request, not_found, forbidden.
[[nodiscard]] result<explanation> explain(const snapshot& s, const explain_input& in, const dialects::client_dialect& dialect);

[[nodiscard]] std::string to_json(const explanation& e, const label_scheme& labels);
/// A table for people.
[[nodiscard]] std::string to_text(const explanation& e, const label_scheme& labels);

}  // namespace naru::flow
