#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "gateway/flow/waits.hpp"
#include "gateway/net/response.hpp"

namespace naru::flow {

/// The answer to one client: head once, then perhaps a stream with pings in its pauses. Everything that writes to the client goes
/// through here, one at a time. Shard-local; shared with the pings it starts.
class reply : public std::enable_shared_from_this<reply> {
 public:
  reply(net::shard& s, net::response& out, std::string request_id);

  [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }
  [[nodiscard]] bool head_sent() const noexcept { return head_sent_; }
  [[nodiscard]] bool is_stream() const noexcept { return stream_.has_value(); }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  /// A header of the answer; replaces one of the same name. No effect once the head is out.
  /// @param name  static text
  void set_header(std::string_view name, std::string value);

  /// A whole answer. Errors: canceled; conflict when a ping has opened the stream meanwhile.
  net::task<> send(int status, std::string_view content_type, std::string_view body);

  /// Sends a piece of the event stream; the first one brings the head (200 and the content type of `style`) with it. `bytes` may lie in the
  /// shard's scratch: they are copied before anything else runs. Errors: canceled; conflict when the answer has been finished.
  net::task<> send_events(std::string_view bytes);
  /// The end of the stream in order. Errors: canceled.
  /// @param last  goes out in one write with the end; must be the caller's own memory
  net::task<> finish(std::string_view last = {});
  /// Breaks the connection: the client sees a broken stream.
  void abort() noexcept;

  /// How a stream looks to this client: static texts.
  struct style {
    std::string_view content_type = "text/event-stream; charset=utf-8";
    std::string_view ping = ": ping\n\n";
  };
  /// From now on: when nothing has been sent by `hold_head` after now, the head of a stream goes out early, followed by a comment
  /// every `every` without other bytes, so that nobody in between takes silence for death.
  void keep_alive(std::chrono::milliseconds hold_head, std::chrono::milliseconds every, style looks);
  /// Ends the pings and waits for one that is being written.
  net::asio::awaitable<void, net::executor> close();

 private:
  using lines = boost::container::small_vector<net::header, 20>;
  [[nodiscard]] lines head_lines(std::string_view content_type) const;
  net::task<> open_stream(std::string_view first);
  net::task<> write_piece(std::string_view bytes);
  net::asio::awaitable<void, net::executor> ping();
  void rearm();

  net::shard& shard_;
  net::response& out_;
  std::string request_id_;
  boost::container::small_vector<std::pair<std::string_view, std::string>, 12> headers_;
  turns turns_;
  net::alarm alarm_;
  std::chrono::milliseconds ping_every_{0};
  style looks_;
  std::optional<net::body_stream> stream_;
  bool head_sent_ = false;
  bool finished_ = false;
  bool closed_ = false;
  int status_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace naru::flow
