#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "local_backend/job.hpp"

namespace naru::local_backend {

/// What a loaded model can hold. Tokens.
struct model_shape {
  std::string name;             ///< file name without ".gguf"
  std::uint32_t sequences = 1;  ///< conversations that run at once
  std::uint32_t context = 0;    ///< cells that all of them share
  std::uint32_t request = 0;    ///< most that one conversation may use: the smaller of `context` and what the model was trained for
  std::uint32_t batch = 64;     ///< most tokens in one decode, at least `sequences`
};

/// One token to be read by the model, in the place of its sequence.
struct model_input {
  std::uint32_t sequence = 0;  ///< < shape().sequences
  token_id token = 0;
  std::uint32_t position = 0;  ///< from 0, without gaps
  bool pick = false;           ///< a next token will be picked after this one
};

/// The model runtime as the scheduler sees it. Real: engine/engine.cpp (libllama); the tests have a scripted one.
/// Thread: the engine's, except for what is marked "any thread".
class language_model {
 public:
  virtual ~language_model() = default;
  [[nodiscard]] virtual const model_shape& shape() const noexcept = 0;  ///< any thread
  /// What the model's file recommends, over the defaults. Any thread.
  [[nodiscard]] virtual const sampling& recommended() const noexcept = 0;

  /// The conversation in the model's own chat template, as tokens, ready for the assistant's answer. Any thread.
  /// Errors: bad_request when the template refuses the conversation (roles that must alternate ...).
  [[nodiscard]] virtual result<std::vector<token_id>> read_prompt(const std::vector<turn>& turns) const = 0;

  /// A conversation takes a sequence that is free. @param most  tokens that it will produce at most
  virtual void begin(std::uint32_t sequence, const sampling& how, std::uint32_t most) = 0;
  /// It is over: the sequence's cells are free again and hold nothing of it.
  virtual void end(std::uint32_t sequence) = 0;

  /// Reads up to shape().batch tokens of any sequences. Errors: internal; what the sequences hold is then undefined until `end`.
  [[nodiscard]] virtual result<void> decode(std::span<const model_input> inputs) = 0;
  /// The next token after input `index` of the last decode (whose `pick` was set). Once for each such input.
  [[nodiscard]] virtual token_id pick(std::uint32_t sequence, std::size_t index) = 0;

  [[nodiscard]] virtual bool ends_turn(token_id token) const noexcept = 0;
  /// Appends the token's bytes, which may be a part of a character; nothing for control tokens.
  virtual void append_text(token_id token, std::string& out) const = 0;
};

}  // namespace naru::local_backend
