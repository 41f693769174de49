#pragma once
#include <optional>

#include "core/failure.hpp"
#include "gateway/flow/exchange.hpp"
#include "gateway/upstream/gate.hpp"

namespace naru::flow {

/// One upstream call of an exchange, from the clearance gate to the last byte relayed.
class one_call {
 public:
  one_call(exchange& owner, const upstream::deployment& d) : x(owner), deployment(d) {}

  exchange& x;
  const upstream::deployment& deployment;
  observe::attempt_record record;
  bool asked = false;           ///< a call was made: its outcome says something about the deployment
  std::uint32_t number = 1;     ///< which call of the exchange this is
  bool may_send_twice = false;  ///< a dead keep-alive connection may cost a second call
  bool sent_twice = false;      ///< and it did
  bool content_sent = false;    ///< the client has seen content: nothing can be tried any more

  /// @return nullopt when the client has the whole answer; else how it failed. `broken_stream`: the client has been told already.
  net::asio::awaitable<std::optional<failure>, net::executor> run();

 private:
  net::asio::awaitable<std::optional<failure>, net::executor> exchange_bytes(upstream::call& call, const dialects::wire_request& wire);
  net::asio::awaitable<std::optional<failure>, net::executor> relay_whole(upstream::call& call);
  net::asio::awaitable<std::optional<failure>, net::executor> relay_stream(upstream::call& call);
  net::asio::awaitable<failure, net::executor> read_failure(upstream::call& call, const upstream::answer_head& head);

  [[nodiscard]] bool same_dialect() const noexcept { return deployment.dialect->name() == x.dialect.name(); }
  [[nodiscard]] result<dialects::wire_request> write() const;
  [[nodiscard]] failure note_failure(failure f);
  void account_key(const failure& f);
  void name_answer();   ///< headers that say who answers
  void begin_answer();  ///< from here on the client sees this answer: nothing else can be tried
  void note_first_token();
  void note_room(const std::vector<dialects::header>& headers);  ///< what the vendor says of its limits
  void note_pace(const std::optional<failure>& failed);          ///< how fast it was, for plans to come

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
void charge(observe::attempt_record& record, const upstream::deployment& d, wall_time at);

}  // namespace naru::flow
