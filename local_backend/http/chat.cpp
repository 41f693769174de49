#include "local_backend/http/chat.hpp"

#include <fmt/format.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <random>

#include "local_backend/http/mailbox.hpp"
#include "local_backend/http/reply.hpp"
#include "local_backend/order.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace naru::local_backend {
namespace {

/// A request on its way: the document that the chat request keeps views into, and what became of them.
struct asked {
  json::document document;
  chat_request request;
  local_backend::order order;
  std::unique_ptr<place> held;
  std::vector<token_id> prompt;
  std::uint32_t max_tokens = 0;
};

std::uint64_t random_bits() {
  static thread_local std::mt19937_64 generator{std::random_device{}()};
  return generator();
}

std::uint64_t epoch_seconds() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

/// What can be checked at once, cheapest first.
result<asked> read_body(service& s, const std::string& body) {
  if (s.draining) return fail(error_code::shutting_down, "the local model is shutting down");
  if (s.engine.model() == nullptr) {
    return fail(error{error_code::overloaded, "the local model is still loading", {}, "model_loading", std::chrono::seconds{1}});
  }
  asked a;
  auto document = json::document::parse(body);
  if (!document) return fail(document.error());
  a.document = std::move(*document);
  auto request = dialects::openai_chat::client().read_request(a.document);
  if (!request) return fail(request.error());
  a.request = std::move(*request);
  auto order = read_order(a.request);
  if (!order) return fail(order.error());
  a.order = std::move(*order);
  auto held = s.jobs.enter();
  if (!held) return fail(held.error());
  a.held = std::move(*held);
  return a;
}

/// Runs `work` on the readers' thread and comes back to this one with its result.
template <class Work>
auto on_reader(asio::thread_pool& readers, Work work) {
  using value = std::invoke_result_t<Work>;
  return asio::async_initiate<const decltype(use), void(value)>(
      [&readers](auto handler, Work w) {
        auto back = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        asio::post(readers, [handler = std::move(handler), back, w = std::move(w)]() mutable {
          asio::post(back, [handler = std::move(handler), v = w()]() mutable { std::move(handler)(std::move(v)); });
        });
      },
      use, std::move(work));
}

task<result<void>> read_conversation(service& s, asked& a) {
  const auto* model = s.engine.model();
  auto [prompt] = co_await on_reader(s.readers, [model, turns = std::move(a.order.turns)] { return model->read_prompt(turns); });
  if (!prompt) co_return fail(prompt.error());
  auto limit = answer_limit(a.order, prompt->size(), model->shape().request, s.settings.max_tokens);
  if (!limit) co_return fail(limit.error());
  a.prompt = std::move(*prompt);
  a.max_tokens = *limit;
  co_return result<void>{};
}

/// The job is cancelled when this goes, unless it ended before.
class running_job {
 public:
  running_job(service& s, asked& a, const std::shared_ptr<mailbox>& box, const executor& ex) : service_(s), id_(++s.last_job) {
    auto j = std::make_unique<job>();
    j->id = id_;
    j->prompt = std::move(a.prompt);
    const auto seed = s.settings.seed.value_or(static_cast<std::uint32_t>(random_bits() >> 33U));
    j->how = choose_sampling(a.order, s.engine.model()->recommended(), seed);
    j->stop = std::move(a.order.stop);
    j->max_tokens = a.max_tokens;
    j->held = std::move(a.held);
    j->tell = [box, ex](update u) { asio::post(ex, [box, u = std::move(u)]() mutable { box->put(std::move(u)); }); };
    s.engine.submit(std::move(j));
  }
  ~running_job() {
    if (!ended_) service_.engine.cancel(id_);
    service_.jobs.left(std::chrono::steady_clock::now());
  }
  running_job(const running_job&) = delete;
  running_job& operator=(const running_job&) = delete;
  void ended() noexcept { ended_ = true; }

 private:
  service& service_;
  std::uint64_t id_;
  bool ended_ = false;
};

/// Tells the mailbox when the client closes its end. Bytes that come meanwhile are the next request, and stay where they are.
class leaving_watch {
 public:
  leaving_watch(stream& peer, std::shared_ptr<mailbox> box) : peer_(peer), live_(std::make_shared<bool>(true)) {
    peer_.socket().async_wait(asio::socket_base::wait_read, [&p = peer_, live = live_, box = std::move(box)](boost::system::error_code ec) {
      if (ec || !*live) return;
      boost::system::error_code bad;
      if (p.socket().available(bad) == 0 || bad) box->leave();
    });
  }
  ~leaving_watch() {
    *live_ = false;
    boost::system::error_code ignored;  // a socket that cannot be cancelled has no operation left
    peer_.socket().cancel(ignored);
  }
  leaving_watch(const leaving_watch&) = delete;
  leaving_watch& operator=(const leaving_watch&) = delete;

 private:
  stream& peer_;
  std::shared_ptr<bool> live_;
};

/// Counts the requests whose answer is not out yet: a drain waits for them.
class answering {
 public:
  explicit answering(service& s) noexcept : service_(s) { ++service_.answering; }
  ~answering() { --service_.answering; }
  answering(const answering&) = delete;
  answering& operator=(const answering&) = delete;

 private:
  service& service_;
};

usage_report count(const done& d) {
  usage_report report;
  report.usage.input = tokens{d.input};
  report.usage.output = tokens{d.output};
  return report;
}

task<bool> answer_whole(service& s, stream& peer, mailbox& box, running_job& running, answer_start start) {
  const auto id = start.id;
  const auto created = start.created;
  std::vector<event> events{std::move(start)};
  std::string text;
  for (;;) {
    auto u = co_await box.next();
    if (!u) co_return false;
    if (auto* p = std::get_if<piece>(&*u)) {
      text += p->text;
    } else if (const auto* f = std::get_if<failed>(&*u)) {
      running.ended();
      co_return co_await send(peer, error_reply(f->error, id));
    } else {
      const auto& d = std::get<done>(*u);
      running.ended();
      events.emplace_back(text_delta{0, std::move(text)});
      events.emplace_back(finished{0, d.reason});
      events.emplace_back(count(d));
      break;
    }
  }
  reply r;
  r.body = dialects::openai_chat::client().write_answer({}, events, id, created);
  r.close = s.draining;
  co_return co_await send(peer, std::move(r));
}

/// One update as event-stream text. @return whether it was the last
bool write_update(const update& u, dialects::stream_writer& writer, std::string_view id, std::string& out) {
  if (const auto* p = std::get_if<piece>(&u)) {
    writer.write(text_delta{0, p->text}, out);
    return false;
  }
  if (const auto* f = std::get_if<failed>(&u)) {
    writer.fail(f->error, id, out);
    return true;
  }
  const auto& d = std::get<done>(u);
  writer.write(finished{0, d.reason}, out);
  writer.write(count(d), out);
  writer.finish(out);
  return true;
}

/// The head waits for the first word: until then a failure still has a true status.
task<bool> answer_stream(service& s, stream& peer, mailbox& box, running_job& running, const chat_request& request, answer_start start) {
  const auto id = start.id;
  const auto writer = dialects::openai_chat::client().make_stream_writer(request, id, start.created);
  bool head_sent = false;
  for (bool last = false; !last;) {
    auto u = co_await box.next();
    if (!u) co_return false;
    const auto* broken = std::get_if<failed>(&*u);
    std::string bytes;
    std::string events;
    if (!head_sent) {
      if (broken != nullptr) {
        running.ended();
        co_return co_await send(peer, error_reply(broken->error, id));
      }
      bytes = stream_head();
      head_sent = true;
      writer->write(start, events);
    }
    last = write_update(*u, *writer, id, events);
    if (!events.empty()) append_chunk(bytes, events);
    if (last) {
      running.ended();
      append_chunk(bytes, {});
    }
    const bool keep = broken == nullptr && !s.draining;
    const bool written = co_await write_all(peer, bytes);
    if (!written || (last && !keep)) co_return false;
  }
  co_return true;
}

}  // namespace

task<bool> answer_chat(service& s, stream& peer, std::string body) {
  const answering counted{s};
  const auto id = fmt::format("chatcmpl-{:016x}{:016x}", random_bits(), random_bits());
  auto a = read_body(s, body);
  if (!a) co_return co_await send(peer, error_reply(a.error(), id));
  const auto read = co_await read_conversation(s, *a);
  if (!read) {
    a->held.reset();
    co_return co_await send(peer, error_reply(read.error(), id));
  }
  const auto ex = peer.get_executor();
  auto box = std::make_shared<mailbox>(ex);
  leaving_watch watch{peer, box};
  running_job running{s, *a, box, ex};
  answer_start start{id, s.engine.model()->shape().name, epoch_seconds()};
  if (a->request.stream) co_return co_await answer_stream(s, peer, *box, running, a->request, std::move(start));
  co_return co_await answer_whole(s, peer, *box, running, std::move(start));
}

}  // namespace naru::local_backend
