#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/canary/secrets.hpp"
#include "tests/integration/canary/setup.hpp"
#include "tests/support/http_client.hpp"

/// One request: what is sent, what was put in it, and what must hold of it.
namespace naru::test::canary {

/// What the oracle knows of a request: everything that decides its label.
struct asking {
  const known_caller* who = nullptr;  ///< null: no key, or one that nobody has
  bool strange_key = false;
  std::string model;
  std::vector<std::string> header_words;  ///< the lines of x-naru-label
  std::vector<secret> secrets;
};

/// What must come of it, whatever the gateway does.
struct duty {
  int refusal = 0;                     ///< the status with which it ends before anything is planned; 0: it does not
  rank least = 0;                      ///< the lowest label that it may be given
  std::vector<deployment> candidates;  ///< all that its model stands for, cleared or not

  [[nodiscard]] bool somebody_is_cleared() const;
};

/// The oracle: the settings' words and nothing of the product's code.
[[nodiscard]] duty what_must_hold(const setup& s, const asking& a);

struct trial {
  std::size_t number = 0;
  std::string target, body;
  header_lines headers;
  bool stream = false;
  std::size_t chunk = 0;                       ///< bytes a chunk of the body as it is sent; 0: whole, with its length
  std::optional<std::size_t> leaves_after_ms;  ///< the client goes before the answer is there
  std::map<std::string, std::string> tokens;   ///< canary -> where it stands
  asking asked;
  duty must;
};

[[nodiscard]] trial make_trial(const setup& s, std::size_t number);

/// A trial for a person: its request, where everything stands, what must hold.
[[nodiscard]] std::string described(const setup& s, const trial& t);

}  // namespace naru::test::canary
