#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/facts.hpp"

namespace naru::mock {

enum class ending : std::uint8_t { stop, stop_sequence, length, tool_calls, refusal, blocked };

struct made_call {
  std::string id;
  std::string name;
  std::string arguments;  ///< JSON text of an object
};

/// Tokens as the mock counts them, so that tests can foretell a bill:
///   prompt    = ceil(bytes of all text in the messages / 4) + 85 for each image
///   output    = ceil(bytes of visible text, refusals and tool arguments / 4), times the choices
///   reasoning = ceil(bytes of thinking / 4)
///   cached, cache_write = what the directives "cached-N" and "cachewrite-N" say, no more than the prompt has
struct token_counts {
  std::uint64_t prompt = 0;
  std::uint64_t output = 0;
  std::uint64_t reasoning = 0;
  std::uint64_t cached = 0;
  std::uint64_t cache_write = 0;
};

/// What the model "says", before any dialect.
struct content {
  std::string thinking;
  std::vector<std::string> pieces;  ///< the text, as it is streamed
  std::string refusal;
  std::vector<made_call> calls;
  mock::ending ending = mock::ending::stop;
  std::string stop_hit;
  token_counts tokens;

  [[nodiscard]] std::string text() const;
};

/// Makes the answer up. The same request gets the same answer, but for the ids, which carry `sequence`.
[[nodiscard]] content make_content(const behaviour& b, const facts& f, std::uint64_t sequence);

/// The smallest JSON value that a schema (JSON text) takes.
[[nodiscard]] std::string instance_of(const std::string& schema);

}  // namespace naru::mock
