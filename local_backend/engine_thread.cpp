#include "local_backend/engine_thread.hpp"

#include <utility>

#include "local_backend/scheduler.hpp"

namespace naru::local_backend {

engine_thread::engine_thread(loader load, std::function<void(result<void>)> loaded)
    : thread_([this, load = std::move(load), loaded = std::move(loaded)] { run(load, loaded); }) {}

engine_thread::~engine_thread() {
  {
    const std::scoped_lock lock{mutex_};
    inbox_.stop = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void engine_thread::submit(std::unique_ptr<job> j) {
  {
    const std::scoped_lock lock{mutex_};
    inbox_.jobs.push_back(std::move(j));
  }
  arrived_.notify_one();
}

void engine_thread::cancel(std::uint64_t id) {
  {
    const std::scoped_lock lock{mutex_};
    inbox_.cancels.push_back(id);
  }
  arrived_.notify_one();
}

engine_thread::messages engine_thread::next(bool wait) {
  std::unique_lock lock{mutex_};
  if (wait) arrived_.wait(lock, [this] { return !inbox_.none(); });
  return std::exchange(inbox_, {});
}

void engine_thread::run(const loader& load, const std::function<void(result<void>)>& loaded) {
  auto model = load();
  if (!model) {
    loaded(fail(model.error()));
    return;
  }
  model_.store(model->get(), std::memory_order_release);
  loaded({});
  serve(**model);
  model_.store(nullptr, std::memory_order_release);
}

void engine_thread::serve(language_model& model) {
  scheduler work{model};
  for (;;) {
    auto got = next(work.idle());
    for (auto& j : got.jobs) work.add(std::move(j));
    for (const auto id : got.cancels) work.cancel(id);
    if (got.stop) break;
    work.step();
    waiting_.store(work.waiting(), std::memory_order_relaxed);
    running_.store(work.running(), std::memory_order_relaxed);
  }
  work.fail_all({error_code::shutting_down, "the local model is shutting down", {}, {}, {}});
}

}  // namespace naru::local_backend
