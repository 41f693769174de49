#include "gateway/net/server_core.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "core/json/writer.hpp"
#include "gateway/net/http/head_writer.hpp"

namespace naru::net {
namespace {

constexpr std::size_t most_spare = 64;

constexpr std::string_view own_headers[] = {"content-length", "transfer-encoding", "connection", "date"};

/// When the API's own writer is missing or fails.
answer plain_error(const error& e) {
  answer out;
  out.status = http_status(e.code);
  out.headers.emplace_back("content-type", "application/json");
  json::writer w{out.body};
  w.begin_object().key("error").begin_object().field("code", to_string(e.code)).field("message", std::string_view{e.message});
  w.end_object().end_object();
  return out;
}

}  // namespace

std::shared_ptr<request> request_stock::take() {
  if (spare_.empty()) return std::make_shared<request>();
  auto r = std::move(spare_.back());
  spare_.pop_back();
  return r;
}

void request_stock::give(std::shared_ptr<request> cleared) {
  if (spare_.size() < most_spare) spare_.push_back(std::move(cleared));
}

std::string_view shard_room::date_line() {
  const std::time_t now = std::chrono::system_clock::to_time_t(home.time().wall_now());
  if (now != std::exchange(date_second_, now)) {
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    // Not strftime: its names follow the locale, HTTP's do not (RFC 9110 §5.6.7).
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    date_ = fmt::format("date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                        parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  }
  return date_;
}

std::size_t server_core::connections() const noexcept {
  std::size_t sum = 0;
  for (const shard_room& r : rooms) sum += r.connections.load(std::memory_order_relaxed);
  return sum;
}

shard_room& server_core::emptiest() noexcept {
  return *std::ranges::min_element(rooms, {}, [](const shard_room& r) { return r.connections.load(std::memory_order_relaxed); });
}

answer write_early_error(const server_core& core, const error& e, std::string_view path, int status) noexcept {
  answer out;
  try {
    if (core.hooks.early_error) {
      out.status = http_status(e.code);
      core.hooks.early_error(e, path, out);
    } else {
      out = plain_error(e);
    }
  } catch (const std::exception& x) {
    spdlog::error("bug: the writer of early errors failed: {}", x.what());
    out = plain_error(e);
  }
  if (status != 0) out.status = status;
  return out;
}

void compose_head(shard_room& room, int status, std::span<const header> headers, const head_framing& framing, std::string& out) {
  http::head_writer head{out};
  head.status(status);
  for (const header& h : headers) {
    for (const std::string_view own : own_headers) {
      if (http::same_text(h.name, own)) throw std::logic_error{fmt::format("response header {} is the connection's to set", own)};
    }
    if (!head.header(h.name, h.value)) throw std::logic_error{fmt::format("response header {} would break the head", h.name)};
  }
  out += room.date_line();
  if (framing.content_length >= 0) head.header("content-length", static_cast<std::uint64_t>(framing.content_length));
  if (framing.chunked) out += "transfer-encoding: chunked\r\n";
  if (!framing.connection.empty()) out.append("connection: ").append(framing.connection).append("\r\n");
  head.end();
}

}  // namespace naru::net
