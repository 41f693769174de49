#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/chat.hpp"
#include "core/error.hpp"

/// The words of the worker: what a request wants (an order), what the engine works on (a job), and what it says about it (updates).
namespace naru::local_backend {

using token_id = std::int32_t;

/// How the next token is chosen. Ranges are those of the request reader (temperature 0..2, top_p 0..1 ...).
struct sampling {
  float temperature = 0.8F;  ///< 0: always the likeliest token
  std::int32_t top_k = 40;   ///< 0: all
  float top_p = 0.95F;       ///< 1: all
  float min_p = 0.05F;       ///< 0: all
  float frequency_penalty = 0;
  float presence_penalty = 0;
  float repeat_penalty = 1;  ///< > 0; 1: none
  std::uint32_t seed = 0;
};

/// One message of the conversation, as the chat template knows them.
struct turn {
  std::string role;  ///< system, developer, user, assistant
  std::string text;
};

/// A checked request: everything in it can be done.
struct order {
  std::vector<turn> turns;
  /// What the request says; the rest is the model's own.
  std::optional<float> temperature, top_p, min_p, frequency_penalty, presence_penalty, repeat_penalty;
  std::optional<std::int32_t> top_k;
  std::optional<std::uint32_t> seed;
  std::vector<std::string> stop;  ///< none is empty
  std::optional<std::uint64_t> max_tokens;
};

/// A piece of the answer: whole characters, valid UTF-8, never empty.
struct piece {
  std::string text;
};
/// The answer is complete. Counts are tokens; `output` counts every token that the model produced, its end mark included.
struct done {
  finish_reason reason = finish_reason::stop;
  std::uint32_t input = 0;
  std::uint32_t output = 0;
};
/// The job ended without a complete answer.
struct failed {
  naru::error error;
};
using update = std::variant<piece, done, failed>;

/// A place in the house (running or waiting); given back when the job that holds it goes.
class place {
 public:
  explicit place(std::atomic<std::uint32_t>& taken) noexcept : taken_(taken) {}
  ~place() { taken_.fetch_sub(1, std::memory_order_relaxed); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

 private:
  std::atomic<std::uint32_t>& taken_;
};

/// What the engine works on. Made on the HTTP side, then owned by the engine's thread.
struct job {
  std::uint64_t id = 0;
  std::vector<token_id> prompt;  ///< never empty
  sampling how;
  std::vector<std::string> stop;
  std::uint32_t max_tokens = 1;  ///< at least 1; prompt + max_tokens fit the context (checked before)
  /// Called on the engine's thread, in order; `done` or `failed` is the last. Never called again after a cancel has been seen.
  std::function<void(update)> tell;
  std::unique_ptr<place> held;

  /// Cells of the context that the job may come to need.
  [[nodiscard]] std::uint32_t cells() const noexcept { return static_cast<std::uint32_t>(prompt.size()) + max_tokens; }
};

}  // namespace naru::local_backend
