#pragma once
#include <string_view>
#include <utility>
#include <variant>

#include "gateway/net/http/aws_event_framer.hpp"
#include "gateway/net/http/ndjson_framer.hpp"
#include "gateway/net/http/sse_framer.hpp"
#include "providers/dialects/dialect.hpp"

namespace naru::flow {

/// Cuts a vendor's stream into frames, however that vendor frames it. Views as the framer gives them. Shard-local.
class frames {
 public:
  explicit frames(dialects::framing f) {
    if (f == dialects::framing::aws_events) cutter_.emplace<net::http::aws_event_framer>();
    if (f == dialects::framing::ndjson) cutter_.emplace<net::http::ndjson_framer>();
  }

  /// `on_frame(const net::http::sse_frame&)` for each that is whole. Errors: stream_broken, as the framer says.
  template <class OnFrame>
  result<void> feed(std::string_view in, OnFrame&& on_frame) {
    if (auto* aws = std::get_if<net::http::aws_event_framer>(&cutter_)) {
      return aws->feed(in, [&](const net::http::aws_frame& f) {
        on_frame(net::http::sse_frame{.raw = f.raw, .event = f.event, .data = f.data, .has_data = f.has_data});
      });
    }
    if (auto* lines = std::get_if<net::http::ndjson_framer>(&cutter_)) {
      return lines->feed(in, [&](const net::http::ndjson_line& l) { on_frame(as_frame(l)); });
    }
    return std::get<net::http::sse_framer>(cutter_).feed(in, std::forward<OnFrame>(on_frame));
  }

  /// The stream has ended: what is left, if the form lets a last frame go without its end. @return false when nothing is left
  [[nodiscard]] bool finish(net::http::sse_frame& out) {
    if (auto* sse = std::get_if<net::http::sse_framer>(&cutter_)) return sse->finish(out);
    auto* lines = std::get_if<net::http::ndjson_framer>(&cutter_);
    net::http::ndjson_line last;
    if (lines == nullptr || !lines->finish(last)) return false;
    out = as_frame(last);
    return true;
  }

 private:
  static net::http::sse_frame as_frame(const net::http::ndjson_line& l) noexcept {
    return {.raw = l.raw, .event = {}, .data = l.text, .has_data = !l.blank};
  }

  std::variant<net::http::sse_framer, net::http::aws_event_framer, net::http::ndjson_framer> cutter_;
};

}  // namespace naru::flow
