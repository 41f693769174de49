#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "gateway/net/http/syntax.hpp"
#include "gateway/net/task.hpp"
#include "gateway/upstream/deployment.hpp"
#include "policies/sensitivity/permit.hpp"

namespace naru::net {
class shard;
}

namespace naru::upstream {

/// The head of a vendor's answer: views, valid as long as the call.
struct answer_head {
  int status = 0;
  std::span<const net::http::header> lines;  ///< names as the vendor spells them
  /// Value of the first line of that name (ASCII case ignored); empty when there is none.
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept { return net::http::find_header(lines, name); }
  /// Whether its content type is that of a stream that is framed so.
  [[nodiscard]] bool is_stream_of(dialects::framing f) const noexcept;
  /// Copied, names in lower case: as the dialects read them.
  [[nodiscard]] std::vector<dialects::header> headers() const;
};

/// One upstream call: send once, then read. Shard-local. Destroying it before the end closes the connection, so the vendor stops.
/// Errors carry a reason word: dns, connect, tls, proxy, reset, connect_timeout, first_byte_timeout, idle_timeout, deadline, cut, bad_head,
/// canceled. Their messages hold no address and no key.
class call {
 public:
  virtual ~call() = default;
  /// @param request  path, headers and body as the dialect wrote them; address and credential are added here. Alive until the end.
  /// @param may_send_twice  whether a dead keep-alive connection may cost a second call (see `sent_twice`)
  virtual net::task<answer_head> send(const dialects::wire_request& request, deadline until, bool may_send_twice) = 0;
  [[nodiscard]] virtual bool sent_twice() const noexcept = 0;
  /// The next piece of the body, unchunked; empty at the orderly end. The view holds until the next call. Nothing is read ahead.
  virtual net::task<std::string_view> read() = 0;
  /// The same where nothing need be waited for. @return nullopt: call `read`
  virtual std::optional<result<std::string_view>> read_ready() = 0;
  /// Ends what waits, at once, with reason "canceled"; the vendor sees the connection close.
  virtual void cancel() noexcept = 0;
};

/// THE clearance gate: the only thing that gives out an upstream call, and only against a permit for that very deployment.
/// One per shard; shard-local.
class gate {
 public:
  explicit gate(net::shard& s);
  ~gate();

  /// @param key  index into the provider's key ring; key_ring::none when it has no key
  /// Errors: internal, when the permit is for another sink: a bug, and nothing is opened.
  [[nodiscard]] result<std::unique_ptr<call>> open(const sensitivity::clearance_permit& permit, const deployment& d, std::size_t key);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::upstream
