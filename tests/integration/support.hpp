#pragma once
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/http_client.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/naru_process.hpp"

/// What the tests of this folder share: settings in front of the mock, bodies, JSON by path, waiting with a limit.
namespace naru::test {

/// The text of a value in a JSON text, by a path such as "choices.0.message.content": strings without quotes, everything else as JSON.
/// "-" when it is not there, or the text is no JSON.
[[nodiscard]] std::string at(std::string_view text, std::string_view path);
/// How many items an array (or an object) has; 0 when it is not there.
[[nodiscard]] std::size_t size_at(std::string_view text, std::string_view path);

/// A chat body for a model. `more`: further fields, with a comma before each.
[[nodiscard]] std::string chat(std::string_view model, std::string_view more = {}, std::string_view text = "Say hello.");
/// The same as a stream.
[[nodiscard]] std::string chat_stream(std::string_view model, std::string_view more = {}, std::string_view text = "Say hello.");

constexpr std::string_view completions = "/v1/chat/completions";

/// One provider at the mock, as a line below `providers:`.
/// @param type  openai, compatible, anthropic, google
/// @param more  further keys, each with ", " before it
[[nodiscard]] std::string provider_line(std::string_view name, std::string_view type, const mock_upstream& mock,
                                        std::string_view more = {});

/// Settings with providers `oa`, `an` and `go` (one a dialect, each priced) at the mock and no local model; `more` comes behind.
[[nodiscard]] std::string settings_at(const mock_upstream& mock, std::string_view more = {});

/// `naru serve` with these settings, with what a sanitizer keeps kept small.
[[nodiscard]] naru_process::options lean();

/// Posts a chat body.
[[nodiscard]] http_answer post(unsigned short port, std::string_view body, const header_lines& headers = {},
                               std::string_view path = completions);
/// Posts a stream's body. @return head, frames and whether the framing ended well
struct streamed {
  http_answer head;
  std::vector<sse_frame> frames;
  bool complete = false;
  [[nodiscard]] bool done() const { return !frames.empty() && frames.back().data == "[DONE]"; }
  /// The text of all content deltas.
  [[nodiscard]] std::string text() const;
  /// The last frame that is an error object; empty when there is none.
  [[nodiscard]] std::string error() const;
};
[[nodiscard]] streamed post_stream(unsigned short port, std::string_view body, const header_lines& headers = {});

/// Asks until `holds`, every 10 ms. @return whether it did within `limit`
[[nodiscard]] bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit = std::chrono::seconds(10));

/// How many requests for this model the mock has seen.
[[nodiscard]] std::size_t calls_of(mock_upstream& mock, std::string_view model);

/// The number of a sample of /metrics: its name with its labels exactly as printed; nullopt when the series is not there.
[[nodiscard]] std::optional<double> metric(unsigned short admin_port, std::string_view series);

/// One field of a deployment of GET /admin/deployments; "-" when there is no such deployment.
[[nodiscard]] std::string deployment_field(unsigned short admin_port, std::string_view id, std::string_view path,
                                           const header_lines& headers = {});

/// Calls `work(i)` for i below `count` on `threads` threads; a thrown exception comes out.
void in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

}  // namespace naru::test
