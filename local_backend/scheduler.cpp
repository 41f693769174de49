#include "local_backend/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace naru::local_backend {

scheduler::scheduler(language_model& model) : model_(model), sequences_(model.shape().sequences) { batch_.reserve(model.shape().batch); }

std::uint32_t scheduler::running() const noexcept {
  return static_cast<std::uint32_t>(std::ranges::count_if(sequences_, [](const auto& s) { return s.has_value(); }));
}

void scheduler::add(std::unique_ptr<job> j) { waiting_.push_back(std::move(j)); }

void scheduler::cancel(std::uint64_t id) {
  if (std::erase_if(waiting_, [id](const auto& j) { return j->id == id; }) != 0) return;
  for (std::uint32_t s = 0; s < sequences_.size(); ++s) {
    if (sequences_[s] && sequences_[s]->work->id == id) leave(s);
  }
}

void scheduler::fail_all(const error& why) {
  for (std::uint32_t s = 0; s < sequences_.size(); ++s) {
    if (sequences_[s]) leave(s)->tell(failed{why});
  }
  for (auto& j : std::exchange(waiting_, {})) j->tell(failed{why});
}

/// Takes the conversation out of its sequence, which is free from here on.
std::unique_ptr<job> scheduler::leave(std::uint32_t sequence) {
  auto work = std::move(sequences_[sequence]->work);
  sequences_[sequence].reset();
  reserved_ -= work->cells();
  model_.end(sequence);
  return work;
}

void scheduler::let_in() {
  for (std::uint32_t s = 0; s < sequences_.size() && !waiting_.empty(); ++s) {
    if (sequences_[s]) continue;
    auto& first = waiting_.front();
    if (reserved_ + first->cells() > model_.shape().context) return;  // nobody overtakes: a large job would wait for ever
    reserved_ += first->cells();
    model_.begin(s, first->how, first->max_tokens);
    sequences_[s].emplace(std::move(first));
    waiting_.pop_front();
  }
}

std::uint32_t scheduler::plan_answers() {
  for (std::uint32_t s = 0; s < sequences_.size(); ++s) {
    auto& c = sequences_[s];
    if (c && c->answering()) batch_.push_back({s, c->next, c->read++, true});
  }
  return static_cast<std::uint32_t>(batch_.size());
}

void scheduler::plan_prompts(std::uint32_t room) {
  const auto count = static_cast<std::uint32_t>(sequences_.size());
  for (std::uint32_t i = 0; i < count && room > 0; ++i) {
    const auto s = (first_prompt_ + i) % count;
    auto& c = sequences_[s];
    if (!c || c->answering()) continue;
    const auto size = static_cast<std::uint32_t>(c->work->prompt.size());
    for (const auto end = std::min(size, c->read + room); c->read < end; ++c->read, --room) {
      batch_.push_back({s, c->work->prompt[c->read], c->read, c->read + 1 == size});
    }
  }
  first_prompt_ = (first_prompt_ + 1) % count;
}

void scheduler::plan() {
  batch_.clear();
  const auto batch = model_.shape().batch;
  const auto answers = plan_answers();
  plan_prompts(answers == 0 ? batch : std::min(batch - answers, batch / 2));
}

void scheduler::step() {
  let_in();
  plan();
  if (batch_.empty()) return;
  if (auto read = model_.decode(batch_); !read) {
    fail_batch(read.error());
    return;
  }
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (batch_[i].pick) take(batch_[i].sequence, model_.pick(batch_[i].sequence, i));
  }
}

void scheduler::fail_batch(const error& why) {
  for (const auto& input : batch_) {
    if (sequences_[input.sequence]) leave(input.sequence)->tell(failed{why});
  }
}

void scheduler::take(std::uint32_t sequence, token_id token) {
  auto& c = *sequences_[sequence];
  ++c.written;
  if (model_.ends_turn(token)) return finish(sequence, finish_reason::stop, {}, true);
  c.next = token;
  std::string bytes;
  std::string characters;
  std::string text;
  model_.append_text(token, bytes);
  c.characters.feed(bytes, characters);
  if (c.stop.feed(characters, text)) return finish(sequence, finish_reason::stop, std::move(text), false);
  if (c.written >= c.work->max_tokens) return finish(sequence, finish_reason::length, std::move(text), true);
  if (!text.empty()) c.work->tell(piece{std::move(text)});
}

void scheduler::finish(std::uint32_t sequence, finish_reason reason, std::string text, bool release_held) {
  auto& c = *sequences_[sequence];
  if (release_held) c.stop.finish(text);
  const done end{reason, static_cast<std::uint32_t>(c.work->prompt.size()), c.written};
  auto work = leave(sequence);
  if (!text.empty()) work->tell(piece{std::move(text)});
  // The place is given back first: who reads the end of this answer may send the next request at once.
  work->held.reset();
  work->tell(end);
}

}  // namespace naru::local_backend
