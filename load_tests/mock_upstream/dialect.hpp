#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/content.hpp"
#include "load_tests/mock_upstream/facts.hpp"
#include "load_tests/mock_upstream/http_request.hpp"

namespace naru::mock {

/// One SSE frame with its empty line. `content` marks those that bear content: the ones that "after N" counts.
struct frame {
  std::string bytes;
  bool content = false;
};

/// A whole answer that is no stream.
struct reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// One vendor's way of speaking. Stateless: one object serves every connection.
/// What each vendor demands and says is from its API reference as of 2026-11; the sources stand in the files.
class dialect {
 public:
  virtual ~dialect() = default;

  /// Throws vendor_error (401) when the request's credential is missing or is not `key`. An empty `key` asks for none.
  virtual void check_key(const http_request& r, std::string_view key) const = 0;
  /// @return the model's name as it was asked for; empty when there is none
  [[nodiscard]] virtual std::string model_of(const http_request& r, json::object body) const = 0;
  /// Checks the request as the vendor would, all of it. Throws vendor_error.
  [[nodiscard]] virtual facts read(const http_request& r, json::object body, const behaviour& b) const = 0;

  [[nodiscard]] virtual reply message(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const = 0;
  [[nodiscard]] virtual std::vector<frame> frames(const facts& f, const behaviour& b, const content& c, std::uint64_t sequence) const = 0;
  /// The answer to a question for the number of prompt tokens; nullopt when the vendor has none.
  [[nodiscard]] virtual std::optional<reply> count(const facts& f, const content& c) const = 0;
  /// The list of models (`id` empty) or one of them.
  [[nodiscard]] virtual reply models(std::string_view id) const = 0;

  /// An error with a status of its own.
  [[nodiscard]] virtual reply error(const vendor_error& e, const behaviour& b, std::uint64_t sequence) const = 0;
  /// How this vendor refuses what `b.refusal` says. Not always an error: Gemini's blocked prompt is a 200.
  [[nodiscard]] virtual reply refusal(const facts& f, const behaviour& b, std::uint64_t sequence) const = 0;
  /// The error event inside a stream that has begun with 200.
  [[nodiscard]] virtual std::string error_frame() const = 0;
  /// A frame whose data is cut off: not JSON.
  [[nodiscard]] virtual std::string broken_frame() const = 0;
  /// Something a client must skip: a comment or a ping; empty when this dialect has none.
  [[nodiscard]] virtual std::string ping() const = 0;
  /// Headers of a 200, beside the content type.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> headers(std::uint64_t sequence) const = 0;
};

[[nodiscard]] const dialect& openai_dialect();
[[nodiscard]] const dialect& anthropic_dialect();
[[nodiscard]] const dialect& gemini_dialect();

enum class question : std::uint8_t { chat, count, models };

/// Where a path leads.
struct route {
  const dialect* to = nullptr;
  question asks = question::chat;
  std::string model;  ///< from the path, where the dialect has it there
};

/// @return where the request leads; nullopt when no vendor has this path and method
[[nodiscard]] std::optional<route> find_route(const http_request& r);

/// Names that the lists of models show. Any other name is served as well.
[[nodiscard]] const std::vector<std::string>& listed_models();

}  // namespace naru::mock
