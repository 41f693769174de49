#include "gateway/flow/one_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/flow/steps.hpp"
#include "providers/dialects/limits_left.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::flow {
namespace {

constexpr std::size_t longest_error_body = 256 * 1024;
constexpr auto key_rest = std::chrono::seconds{60};

failure local_failure(failure_class cls, std::string_view code, std::string message) {
  failure f;
  f.cls = cls;
  f.code = code;
  f.message = std::move(message);
  return f;
}

}  // namespace

failure as_failure(const error& e) {
  if (e.reason == "no_credential") return local_failure(failure_class::account, e.reason, e.message);
  if (e.code == error_code::canceled || e.reason == "canceled") return local_failure(failure_class::canceled, "canceled", e.message);
  std::string_view word = e.reason;
  if (word.ends_with("_timeout") || word == "deadline")
    word = "timeout";
  else if (word == "cut" || word == "closed")
    word = "reset";
  else if (word == "bad_head" || word == "bad_body" || word == "frame_too_long")
    word = "unreadable";
  return local_failure(failure_class::transient, word.empty() ? std::string_view("connect") : word, e.message);
}

std::string_view result_word(const failure& f) noexcept {
  if (f.cls == failure_class::broken_stream) return "stream_broken";
  if (f.cls == failure_class::canceled) return "canceled";
  if (f.cls == failure_class::busy) return "busy";
  if (f.status == 429) return "429";
  if (f.status >= 500) return "5xx";
  if (f.status >= 400) return "4xx";
  if (f.code == "timeout") return "timeout";
  if (f.code == "unreadable") return "5xx";
  return "connect";
}

one_call::one_call(exchange& owner, std::size_t index)
    : x(owner),
      deployment(*owner.model->deployments[index]),
      asked(owner.chosen.asked_of(index, owner.chat)),
      form(*owner.chosen.forms[index]),
      dropped_(owner.chosen.dropped_for(index)) {}

result<dialects::wire_request> one_call::write() const {
  const dialects::target& target = deployment.target;
  std::optional<dialects::wire_request> spliced;
  if (dropped_.empty()) spliced = form.splice_request(x.dialect.name(), x.request->body, asked, target);
  result<dialects::wire_request> wire = spliced ? result<dialects::wire_request>(std::move(*spliced)) : form.write_request(asked, target);
  const upstream::provider& to = *deployment.provider;
  if (wire && to.shape != nullptr) {
    const vendors::account account{.resource = to.resource, .region = to.location, .project = to.project, .api_version = to.api_version};
    to.shape(*wire, {.target = target, .account = account, .kind = asked.kind, .stream = asked.stream});
  }
  return wire;
}

net::asio::awaitable<std::optional<failure>, net::executor> one_call::run() {
  // Whoever ends calls from outside must not find one that is gone, however this ends.
  struct at_the_end {
    one_call& call;
    ~at_the_end() {
      call.patience_.reset();
      call.upstream_ = nullptr;
      call.ended_ = true;
    }
  };
  const at_the_end leaving{*this};
  record.deployment = deployment.facts.id;
  record.provider = deployment.provider->name;
  record.model = deployment.model;
  // A call in a coroutine of its own may be overtaken before it begins.
  if (outrun_ || x.canceled()) co_return note_failure(local_failure(failure_class::canceled, "canceled", "nobody waits for it any more"));
  const auto wire = write();
  if (!wire) {
    failure f = local_failure(failure_class::request, wire.error().reason, wire.error().message);
    f.status = http_status(wire.error().code);
    f.param = wire.error().field;
    co_return note_failure(std::move(f));
  }
  const auto permit = sensitivity::grant(x.judged.label, deployment.facts.clearance, deployment.facts.id);
  if (!permit)
    co_return note_failure(local_failure(failure_class::settings, "not_cleared", "the deployment is not cleared for this request"));
  key_ = deployment.provider->keys ? deployment.provider->keys->next(x.now()) : upstream::key_ring::none;
  auto call = x.shared.gate.open(*permit, deployment, key_);
  if (!call) co_return note_failure(local_failure(failure_class::settings, "gate", call.error().message));

  made = true;
  sent_ = x.now();
  upstream_ = call->get();
  if (content_by.at() < x.deadline.at()) {
    patience_.emplace(x.shared.shard.time(), [this] {
      late_ = true;
      cancel();
    });
    patience_->arm(content_by);
  }
  auto failed = co_await exchange_bytes(**call, *wire);
  patience_.reset();
  upstream_ = nullptr;
  record.duration = std::chrono::duration_cast<std::chrono::microseconds>(x.now() - sent_);
  if (failed) {
    failed = note_failure(ended_early(std::move(*failed)));
    account_key(*failed);
  }
  note_pace(failed);
  co_return failed;
}

/// A call that we ended ourselves fails for our reason, whatever it looked like from inside.
failure one_call::ended_early(failure f) {
  if (outrun_) {
    f.cls = failure_class::canceled;
    record.usage = {};
    estimate_usage(record, x.chosen.demand, 0);
    record.usage.output = {};
    charge(record, deployment, x.record.at);
  } else if (x.canceled()) {
    f.cls = failure_class::canceled;
  } else if (late_ && !content_sent) {
    f = local_failure(failure_class::transient, "timeout", "no content came in time");
  }
  return f;
}

nano_usd one_call::charge_if_outrun() const {
  observe::attempt_record sample;
  estimate_usage(sample, x.chosen.demand, 0);
  sample.usage.output = {};
  charge(sample, deployment, x.record.at);
  return sample.charge.amount;
}

failure one_call::note_failure(failure f) {
  record.failed = f.cls;
  if (made && f.status != 0) record.status = f.status;
  record.result = outrun_ ? std::string_view("outrun") : result_word(f);
  return f;
}

net::asio::awaitable<std::optional<failure>, net::executor> one_call::exchange_bytes(upstream::call& call,
                                                                                     const dialects::wire_request& wire) {
  const auto head = co_await call.send(wire, x.deadline, may_send_twice);
  sent_twice = call.sent_twice();
  if (!head) co_return as_failure(head.error());
  record.status = head->status;
  note_room(*head);
  if (head->status < 200 || head->status > 299) co_return co_await read_failure(call, *head);
  if (!x.chat.stream) co_return co_await relay_whole(call);
  if (head->is_stream_of(form.frames())) co_return co_await relay_stream(call);
  co_return local_failure(failure_class::transient, "unreadable", "the vendor answered a stream with something else");
}

net::asio::awaitable<failure, net::executor> one_call::read_failure(upstream::call& call, const upstream::answer_head& head) {
  std::string body;
  while (body.size() < longest_error_body) {
    const auto piece = co_await call.read();
    if (!piece || piece->empty()) break;  // the status has said enough; a cut error body is still an error
    body += *piece;
  }
  failure f = form.read_failure(head.status, head.headers(), body);
  f.status = head.status;
  co_return f;
}

void one_call::account_key(const failure& f) {
  if (key_ == upstream::key_ring::none) return;
  const auto now = x.now();
  if (f.cls == failure_class::account) deployment.provider->keys->rest(key_, now + key_rest);
  if (f.cls == failure_class::limited) deployment.provider->keys->rest(key_, now + f.retry_after.value_or(std::chrono::seconds{1}));
}

/// As the client spells them. A key that may not stand in a header, or a list that grows past one, is told without its words.
std::string one_call::names_of_dropped() const {
  constexpr std::size_t most = 1024;
  std::string out;
  for (const std::string& field : dropped_) {
    std::string name = dialects::clean_word(x.dialect.place_in(x.chat, x.document, field));
    if (name.empty()) name = "?";
    if (out.size() + name.size() > most) return out + ", ...";
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

void one_call::name_answer() {
  x.reply->set_header("x-naru-deployment", deployment.facts.id);
  x.reply->set_header("x-naru-attempts", std::to_string(number + (sent_twice ? 1 : 0)));
  if (!dropped_.empty()) x.reply->set_header("x-naru-dropped", names_of_dropped());
  if (!x.record.fallback_reason.empty()) x.reply->set_header("x-naru-fallback-reason", x.record.fallback_reason);
  x.record.deployment = deployment.facts.id;
  x.record.provider = deployment.provider->name;
  x.record.vendor_model = deployment.model;
}

bool one_call::begin_answer() {
  if (content_sent) return true;
  if (outrun_) return false;
  if (on_content) on_content();
  patience_.reset();
  note_first_token();
  name_answer();
  content_sent = true;
  return true;
}

void one_call::note_first_token() {
  if (record.first_token) return;
  const auto now = x.now();
  record.first_token = std::chrono::duration_cast<std::chrono::microseconds>(now - sent_);
  x.record.first_token = std::chrono::duration_cast<std::chrono::microseconds>(now - x.began);
}

void one_call::note_room(const upstream::answer_head& head) {
  if (std::ranges::none_of(head.lines, [](const net::header& h) { return dialects::says_limits(h.name); })) return;
  const auto said = dialects::read_limits_left(head.headers(), x.shared.shard.time().wall_now());
  if (!said) return;
  const auto now = x.now();
  deployment.live->figures().told({.left = said->share,
                                   .tokens_left = said->tokens_left,
                                   .tokens_limit = said->tokens_limit,
                                   .at = now,
                                   .until = now + said->resets_in.value_or(routing::unsaid_reset)});
}

void one_call::note_pace(const std::optional<failure>& failed) {
  const auto size = routing::size_class_of(x.chosen.demand.input);
  const routing::pace_prior& prior = x.model->tuning.prior;
  const auto seconds = [](std::chrono::microseconds t) { return std::chrono::duration<float>(t).count(); };
  if (!failed) {
    routing::answer_time took{std::nullopt, seconds(record.duration), record.usage.output};
    if (x.chat.stream && record.first_token) took.first_token = seconds(*record.first_token);
    deployment.live->figures().answered(size, took, prior, x.now());
  } else if (!content_sent && failed->code == "timeout" && failed->cls != failure_class::canceled) {
    deployment.live->figures().gave_up(size, seconds(record.duration), prior, x.now());
  }
}

void estimate_usage(observe::attempt_record& record, const routing::demand& demand, std::uint64_t output_bytes) {
  pricing::text_bytes said;
  said.letters = output_bytes;
  record.usage.input = std::max(record.usage.input, demand.input);
  record.usage.output = std::max(record.usage.output, pricing::estimate_tokens(said).upper);
  record.usage.estimated = true;
}

void charge(observe::attempt_record& record, const upstream::deployment& d, wall_time at, std::uint64_t images) {
  record.charge = pricing::cost(d.facts.price, record.usage, at, images);
}

}  // namespace naru::flow
