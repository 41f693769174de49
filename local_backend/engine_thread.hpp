#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "local_backend/job.hpp"
#include "local_backend/language_model.hpp"

namespace naru::local_backend {

/// The one thread that the model runs on: loads it, then steps the scheduler for as long as there is work, and takes messages between
/// two steps. Everything else speaks to it through `submit` and `cancel`, which never wait for the model.
class engine_thread {
 public:
  using loader = std::function<result<std::unique_ptr<language_model>>()>;

  /// Starts loading. @param loaded  called once on the engine's thread: nothing, or why the model could not be loaded
  engine_thread(loader load, std::function<void(result<void>)> loaded);
  /// Ends after the step that is running; jobs still there are told `shutting_down`.
  ~engine_thread();
  engine_thread(const engine_thread&) = delete;
  engine_thread& operator=(const engine_thread&) = delete;

  /// The model once it is loaded, else null. Any thread; only what language_model marks "any thread" may be called.
  [[nodiscard]] const language_model* model() const noexcept { return model_.load(std::memory_order_acquire); }

  /// @pre model() is not null
  void submit(std::unique_ptr<job> j);
  /// The job's sequence is free after the step that is running. Unknown ids are ignored.
  void cancel(std::uint64_t id);

  [[nodiscard]] std::uint32_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t running() const noexcept { return running_.load(std::memory_order_relaxed); }

 private:
  struct messages {
    std::vector<std::unique_ptr<job>> jobs;
    std::vector<std::uint64_t> cancels;
    bool stop = false;
    [[nodiscard]] bool none() const noexcept { return jobs.empty() && cancels.empty() && !stop; }
  };

  void run(const loader& load, const std::function<void(result<void>)>& loaded);
  void serve(language_model& model);
  messages next(bool wait);

  std::mutex mutex_;  ///< guards inbox_: written by the HTTP thread, emptied by the engine's
  std::condition_variable arrived_;
  messages inbox_;
  std::atomic<const language_model*> model_{nullptr};
  std::atomic<std::uint32_t> waiting_{0};
  std::atomic<std::uint32_t> running_{0};
  std::thread thread_;
};

}  // namespace naru::local_backend
