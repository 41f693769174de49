#pragma once
#include <string>
#include <string_view>

#include "tests/integration/canary/text.hpp"

namespace naru::test::canary {

/// Where a secret may stand, by what may stand around it.
enum class room : unsigned char {
  text,   ///< anything, with words around it
  word,   ///< a name: letters, digits, _ and -
  number  ///< a JSON number
};

/// Something that a detector must find, made up here and now.
struct secret {
  std::string_view detector;  ///< as the settings name it
  std::string text;           ///< as it is to stand there
};

/// One that fits into `where`.
[[nodiscard]] secret make_secret(generator& random, room where);

}  // namespace naru::test::canary
