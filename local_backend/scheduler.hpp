#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "local_backend/job.hpp"
#include "local_backend/language_model.hpp"
#include "local_backend/stop_matcher.hpp"
#include "local_backend/utf8_buffer.hpp"

namespace naru::local_backend {

/// Continuous batching: every step is one decode that holds one token of each running answer, and beside them pieces of the prompts
/// that are still being read (at most half a batch), so that a long prompt slows the running answers and never stops them.
///
/// A job is let in, first come first served, when a sequence is free and the context has room for all that it may come to need
/// (prompt + max_tokens). So a job that runs never runs out of context, and none is ever put aside half done.
///
/// Thread: the engine's. No I/O, no clock: the same jobs in the same order give the same steps.
class scheduler {
 public:
  explicit scheduler(language_model& model);

  void add(std::unique_ptr<job> j);
  /// Ends a job at once, waiting or running; unknown ids are ignored (it may just have ended). The job is told nothing.
  void cancel(std::uint64_t id);
  /// Ends every job, telling each.
  void fail_all(const error& why);

  [[nodiscard]] bool idle() const noexcept { return waiting_.empty() && running() == 0; }
  [[nodiscard]] std::uint32_t waiting() const noexcept { return static_cast<std::uint32_t>(waiting_.size()); }
  [[nodiscard]] std::uint32_t running() const noexcept;

  /// Lets jobs in, decodes once, tells what came of it. Does nothing when idle.
  void step();

 private:
  struct conversation {
    conversation(std::unique_ptr<job> j) : work(std::move(j)), stop(work->stop) {}
    std::unique_ptr<job> work;
    std::uint32_t read = 0;     ///< tokens in the sequence
    std::uint32_t written = 0;  ///< tokens picked
    token_id next = 0;          ///< picked and not yet read; valid when the whole prompt has been read
    utf8_buffer characters;
    stop_matcher stop;
    [[nodiscard]] bool answering() const noexcept { return read >= work->prompt.size(); }
  };

  void let_in();
  void plan();
  std::uint32_t plan_answers();
  void plan_prompts(std::uint32_t room);
  void take(std::uint32_t sequence, token_id token);
  void finish(std::uint32_t sequence, finish_reason reason, std::string text, bool release_held);
  std::unique_ptr<job> leave(std::uint32_t sequence);
  void fail_batch(const error& why);

  language_model& model_;
  std::deque<std::unique_ptr<job>> waiting_;
  std::vector<std::optional<conversation>> sequences_;
  std::uint32_t reserved_ = 0;      ///< cells promised to running jobs
  std::uint32_t first_prompt_ = 0;  ///< sequence whose prompt is served first, so that each gets its turn
  std::vector<model_input> batch_;
};

}  // namespace naru::local_backend
