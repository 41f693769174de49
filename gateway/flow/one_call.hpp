#pragma once
#include <functional>
#include <optional>

#include "core/failure.hpp"
#include "gateway/flow/exchange.hpp"
#include "gateway/upstream/gate.hpp"

namespace naru::flow {

/// One upstream call of an exchange, from the clearance gate to the last byte relayed.
class one_call {
 public:
  /// @param index  of the deployment in the planned model's list
  one_call(exchange& owner, std::size_t index);

  exchange& x;
  const upstream::deployment& deployment;
  const chat_request& asked;               ///< the request, less what was left out for this deployment
  const dialects::upstream_dialect& form;  ///< in which it is asked
  observe::attempt_record record;
  bool made = false;                        ///< a call was made: its outcome says something about the deployment
  std::uint32_t number = 1;                 ///< which call of the exchange this is
  bool may_send_twice = false;              ///< a dead keep-alive connection may cost a second call
  bool sent_twice = false;                  ///< and it did
  bool content_sent = false;                ///< the client has seen content: nothing can be tried any more
  deadline content_by{steady_time::max()};  ///< when its first content is waited for no longer
  std::function<void()> on_content;         ///< called once, before the client sees the first byte of this answer; may be empty
  nano_usd beside;                          ///< what the call costs that this one has outrun: a part of the answer's price

  /// @return nullopt when the client has the whole answer; else how it failed. `broken_stream`: the client has been told already.
  net::asio::awaitable<std::optional<failure>, net::executor> run();
  /// Ends it at once, if it runs: the vendor sees the connection close.
  void cancel() noexcept {
    if (upstream_ != nullptr) upstream_->cancel();
  }

  // Of two calls for one answer: see race.
  [[nodiscard]] bool running() const noexcept { return upstream_ != nullptr; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] bool outrun() const noexcept { return outrun_; }
  /// What it is charged when it is outrun: its input, as estimated. Whatever of the output came, nobody reads.
  [[nodiscard]] nano_usd charge_if_outrun() const;
  void end_as_outrun() noexcept {
    outrun_ = true;
    cancel();
  }

 private:
  net::asio::awaitable<std::optional<failure>, net::executor> exchange_bytes(upstream::call& call, const dialects::wire_request& wire);
  net::asio::awaitable<std::optional<failure>, net::executor> relay_whole(upstream::call& call);
  net::asio::awaitable<std::optional<failure>, net::executor> relay_stream(upstream::call& call);
  net::asio::awaitable<failure, net::executor> read_failure(upstream::call& call, const upstream::answer_head& head);

  [[nodiscard]] bool same_dialect() const noexcept { return form.name() == x.dialect.name() && !x.chat.stream_as_array; }
  [[nodiscard]] result<dialects::wire_request> write() const;
  [[nodiscard]] failure note_failure(failure f);
  void account_key(const failure& f);
  [[nodiscard]] std::string names_of_dropped() const;
  void name_answer();  ///< headers that say who answers
  [[nodiscard]] std::string fallback_id() const { return std::string(x.dialect.answer_id_prefix()) + x.record.request_id; }
  /// From here on the client sees this answer: nothing else can be tried. @return false: another call was faster, and this one ends
  [[nodiscard]] bool begin_answer();
  void note_first_token();
  void note_room(const upstream::answer_head& head);     ///< what the vendor says of its limits
  void note_pace(const std::optional<failure>& failed);  ///< how fast it was, for plans to come
  [[nodiscard]] failure ended_early(failure f);

  upstream::call* upstream_ = nullptr;  ///< while it runs
  std::optional<net::alarm> patience_;  ///< until content
  bool late_ = false;
  bool ended_ = false;
  bool outrun_ = false;
  std::span<const std::string> dropped_;  ///< what was left out
  std::size_t key_ = upstream::key_ring::none;
  steady_time sent_{};
};

/// A transport error in the table's words.
[[nodiscard]] failure as_failure(const error& e);
/// Word of naru_upstream_attempts_total for a failure.
[[nodiscard]] std::string_view result_word(const failure& f) noexcept;

/// Fills in what a call consumed when the vendor did not say: counted from bytes, and marked as estimated.
void estimate_usage(observe::attempt_record& record, const routing::demand& demand, std::uint64_t output_bytes);
/// Cost of a call from its usage.
/// @param images  pictures that it made
void charge(observe::attempt_record& record, const upstream::deployment& d, wall_time at, std::uint64_t images = 0);

}  // namespace naru::flow
