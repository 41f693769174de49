#include "load_tests/mock_upstream/behaviour.hpp"

#include <charconv>
#include <span>

namespace naru::mock {
namespace {

using std::chrono::milliseconds;

/// The numbers in a word's tail: "200x64" is {200, 64}. Empty when it is not such a list.
std::vector<std::uint64_t> numbers(std::string_view tail) {
  std::vector<std::uint64_t> out;
  const char* at = tail.data();
  const char* const end = at + tail.size();
  while (at < end) {
    std::uint64_t n = 0;
    const auto [next, ec] = std::from_chars(at, end, n);
    if (ec != std::errc{} || (next != end && *next != 'x')) return {};
    out.push_back(n);
    if (next == end) return out;
    at = next + 1;
  }
  return {};
}

struct plain_word {
  std::string_view word;
  void (*apply)(behaviour&);
};

constexpr plain_word plain_words[] = {
    {"ok", [](behaviour&) {}},
    {"echo", [](behaviour& b) { b.what = says::echo; }},
    {"tools", [](behaviour& b) { b.what = says::tools; }},
    {"parallel-tools", [](behaviour& b) { b.what = says::tools, b.calls = 2; }},
    {"json", [](behaviour& b) { b.what = says::json; }},
    {"think", [](behaviour& b) { b.what = says::think; }},
    {"refuse", [](behaviour& b) { b.what = says::refuse; }},
    {"blocked", [](behaviour& b) { b.what = says::blocked; }},
    {"vision", [](behaviour& b) { b.what = says::vision; }},
    {"long", [](behaviour& b) { b.what = says::long_text; }},
    {"quota", [](behaviour& b) { b.refusal = refuses::quota; }},
    {"ctx", [](behaviour& b) { b.refusal = refuses::context; }},
    {"content-policy", [](behaviour& b) { b.refusal = refuses::content_policy; }},
    {"reset-before", [](behaviour& b) { b.fault = fault::reset_before; }},
    {"stall-before", [](behaviour& b) { b.fault = fault::stall_before; }},
    {"idle", [](behaviour& b) { b.fault = fault::stall_after, b.after = 1; }},
    {"drip", [](behaviour& b) { b.fault = fault::drip; }},
    {"badjson", [](behaviour& b) { b.fault = fault::bad_json_after, b.at_once = true; }},
    {"badhead", [](behaviour& b) { b.fault = fault::bad_head; }},
    {"bighead", [](behaviour& b) { b.fault = fault::big_head; }},
    {"short-length", [](behaviour& b) { b.fault = fault::short_length; }},
    {"long-length", [](behaviour& b) { b.fault = fault::long_length; }},
    {"empty", [](behaviour& b) { b.fault = fault::silent_end_after, b.at_once = true; }},
    {"error-frame-first", [](behaviour& b) { b.fault = fault::error_after, b.at_once = true; }},
    {"usage-none", [](behaviour& b) { b.usage = usage_form::none; }},
    {"usage-negative", [](behaviour& b) { b.usage = usage_form::negative; }},
    {"usage-huge", [](behaviour& b) { b.usage = usage_form::huge; }},
    {"usage-text", [](behaviour& b) { b.usage = usage_form::text; }},
    {"strict", [](behaviour& b) { b.strict = true; }},
    {"lenient", [](behaviour& b) { b.lenient = true; }},
    {"signed", [](behaviour& b) { b.needs_signature = true; }},
    {"no-stream-options", [](behaviour& b) { b.no_stream_options = true; }},
    {"logprobs", [](behaviour& b) { b.logprobs = true; }},
    {"pings", [](behaviour& b) { b.pings = true; }},
    {"gzip", [](behaviour& b) { b.gzip = true; }},
    {"interim", [](behaviour& b) { b.interim = true; }},
};

using args = std::span<const std::uint64_t>;

struct numbered_word {
  std::string_view prefix;
  std::size_t least;  ///< numbers wanted
  std::size_t most;
  void (*apply)(behaviour&, args);
};

constexpr void at(behaviour& b, fault f, args n) { b.fault = f, b.after = n[0]; }

constexpr numbered_word numbered_words[] = {
    {"sse-", 2, 2, [](behaviour& b, args n) { b.what = says::chunks, b.chunks = n[0], b.chunk_size = n[1]; }},
    {"paced-", 2, 3,
     [](behaviour& b, args n) {
       b.what = says::chunks, b.chunks = n[0], b.per_second = static_cast<unsigned>(n[1]), b.chunk_size = n.size() > 2 ? n[2] : 16;
     }},
    {"reset-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::reset_after, n); }},
    {"stall-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::stall_after, n); }},
    {"silent-end-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::silent_end_after, n); }},
    {"cut-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::cut_after, n); }},
    {"badsse-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::bad_json_after, n); }},
    {"error-frame-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::error_after, n); }},
    {"bare-error-after-", 1, 1, [](behaviour& b, args n) { at(b, fault::bare_error_after, n); }},
    {"drip-", 1, 1, [](behaviour& b, args n) { b.fault = fault::drip, b.drip_every = milliseconds(n[0]); }},
    {"slow-", 1, 1, [](behaviour& b, args n) { b.slow = milliseconds(n[0]); }},
    {"cached-", 1, 1, [](behaviour& b, args n) { b.cached = n[0]; }},
    {"cachewrite-", 1, 1, [](behaviour& b, args n) { b.cache_write = n[0]; }},
};

/// "status-429", "status-429-retry-2" (seconds), "status-429-retryms-300".
bool apply_status(behaviour& b, std::string_view word) {
  constexpr std::string_view prefix = "status-";
  if (!word.starts_with(prefix) || word.size() < prefix.size() + 3) return false;
  const auto status = numbers(word.substr(prefix.size(), 3));
  if (status.size() != 1 || status[0] < 300 || status[0] > 599) return false;
  const std::string_view tail = word.substr(prefix.size() + 3);
  if (!tail.empty()) {
    const bool in_ms = tail.starts_with("-retryms-");
    if (!in_ms && !tail.starts_with("-retry-")) return false;
    const auto wait = numbers(tail.substr(in_ms ? 9 : 7));
    if (wait.size() != 1) return false;
    b.retry_after = milliseconds(in_ms ? wait[0] : wait[0] * 1000);
  }
  b.refusal = refuses::with_status;
  b.status = static_cast<int>(status[0]);
  return true;
}

bool apply(behaviour& b, std::string_view word) {
  for (const auto& known : plain_words) {
    if (word == known.word) return known.apply(b), true;
  }
  for (const auto& known : numbered_words) {
    if (!word.starts_with(known.prefix)) continue;
    const auto n = numbers(word.substr(known.prefix.size()));
    if (n.size() < known.least || n.size() > known.most) return false;
    return known.apply(b, n), true;
  }
  return apply_status(b, word);
}

}  // namespace

behaviour read_behaviour(std::string_view model) {
  behaviour b;
  if (const auto cut = model.rfind("--"); cut != std::string_view::npos) model.remove_prefix(cut + 2);
  while (!model.empty()) {
    const auto plus = model.find('+');
    const std::string_view word = model.substr(0, plus);
    if (!apply(b, word)) b.unknown.emplace_back(word);
    model = plus == std::string_view::npos ? std::string_view{} : model.substr(plus + 1);
  }
  return b;
}

}  // namespace naru::mock
