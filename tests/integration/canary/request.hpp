#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "tests/integration/canary/secrets.hpp"

/// Chat requests with every text position there is, each of them filled by whoever asks.
namespace naru::test::canary {

/// A text position.
struct slot {
  std::string_view name;
  room holds = room::text;
  bool nested = false;  ///< in a JSON text that is itself a string
};

/// Which parts a request has.
struct shape {
  bool system, developer, history, parts, base64_part, image, tools, calls, format, name, metadata, stop, user, safety, cache_key, unknown,
      prediction, number;
  bool stream, include_usage, escaped_arguments;
};

[[nodiscard]] shape draw_shape(generator& random);

/// Writes the body. @param fill  the JSON value for a position: a string with its quotes, or a number; asked once a position, in order
[[nodiscard]] std::string write_body(const shape& s, std::string_view model, const std::function<std::string(const slot&)>& fill);

}  // namespace naru::test::canary
