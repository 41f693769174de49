#include "local_backend/options.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "local_backend/cpu_share.hpp"

namespace naru::local_backend {
namespace {

constexpr std::uint32_t usual_context = 2048;  // a sequence

result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file) return fail(error_code::not_found, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  return text;
}

result<std::string> read_token(const std::string& path) {
  auto token = read_file(path);
  if (!token) return token;
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
  const bool usable = token->size() >= 16 && std::ranges::all_of(*token, [](unsigned char c) { return c > 0x20 && c < 0x7F; });
  if (!usable)
    return fail(error_code::bad_request,
                fmt::format("--token-file {}: want one line of at least 16 printable characters without spaces", path));
  return token;
}

/// Where the worker is to be found, and whether it may be found there by whoever asks.
result<void> check_place(const options& o) {
  if (o.socket.empty() == o.listen.empty()) return fail(error_code::bad_request, "want one of --socket PATH and --listen ADDR:PORT");
  if (o.socket.string().size() > 107)
    return fail(error_code::bad_request, fmt::format("--socket: a socket's path has at most 107 bytes, got {}", o.socket.string().size()));
  if (o.listen.empty()) return {};
  const auto at = read_address(o.listen);
  if (!at) return fail(at.error());
  if (!is_loopback(at->host) && o.token.empty()) {
    return fail(error_code::bad_request,
                fmt::format("--listen {}: other machines can connect there, so --token-file is required", o.listen));
  }
  return {};
}

result<void> complete(options& o, const std::string& token_file, const std::string& template_file) {
  if (o.context == 0) o.context = usual_context * o.sequences;
  if (!token_file.empty()) {
    auto token = read_token(token_file);
    if (!token) return fail(token.error());
    o.token = std::move(*token);
  }
  if (!template_file.empty()) {
    auto text = read_file(template_file);
    if (!text) return fail(text.error());
    if (text->empty()) return fail(error_code::bad_request, fmt::format("--chat-template: {} is empty", template_file));
    o.chat_template = std::move(*text);
  }
  return check_place(o);
}

}  // namespace

std::variant<options, int> read_options(int argc, const char* const* argv) {
  options o;
  o.threads = usual_threads(usable_cores());
  std::string token_file;
  std::string template_file;
  CLI::App app{"Serves one GGUF model as OpenAI chat completions. The gateway starts it; alone it is an on-prem node.", "naru-worker"};
  app.set_version_flag("--version", NARU_VERSION);
  app.add_option("--model", o.model, "the GGUF file")->required();
  app.add_option("--sequences", o.sequences, "conversations that run at once")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--context", o.context, "tokens that all sequences share, prompts and answers together (default 2048 a sequence)")
      ->check(CLI::Range(256, 16777216));
  app.add_option("--threads", o.threads, "threads of the model")->check(CLI::Range(1, 512))->capture_default_str();
  app.add_option("--queue", o.queue, "requests that may wait; one more is refused with 429")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_option("--max-tokens", o.max_tokens, "answer's length where the request gives none")
      ->check(CLI::Range(1, 16777216))
      ->capture_default_str();
  app.add_option("--chat-template", template_file, "a file with a Jinja chat template in place of the model's own");
  app.add_option("--socket", o.socket, "Unix socket to serve on, mode 0600; a stale one is replaced");
  app.add_option("--listen", o.listen, "ADDR:PORT to serve on instead; port 0 takes a free one");
  app.add_option("--token-file", token_file, "file with the bearer token that requests must carry; required unless --listen is loopback");
  app.add_option("--parent-pid", o.parent_pid, "exit when this process, which must be the parent, is gone")
      ->check(CLI::Range(1, 0x7FFFFFFF));
  app.add_option("--seed", o.seed, "seed of requests that have none (default: random)");
  app.add_option("--nice", o.nice, "scheduling priority, as of nice(1)")->check(CLI::Range(0, 19))->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
  }
  if (auto ok = complete(o, token_file, template_file); !ok) {
    fmt::print(stderr, "naru-worker: {}\n", ok.error().message);
    return exit_code::usage;
  }
  return o;
}

result<address> read_address(const std::string& text) {
  const auto wanted = [&] {
    return fail(error_code::bad_request,
                fmt::format("--listen: want ADDR:PORT with a numeric address (127.0.0.1:8080, [::1]:8080), got \"{}\"", text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wanted();
  address a{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [last, ec] = std::from_chars(text.data() + colon + 1, end, a.port);
  if (ec != std::errc{} || last != end) return wanted();
  const bool bracketed = a.host.starts_with('[') && a.host.ends_with(']');
  if (bracketed) a.host = a.host.substr(1, a.host.size() - 2);
  unsigned char raw[16];
  if (inet_pton(bracketed ? AF_INET6 : AF_INET, a.host.c_str(), raw) != 1) return wanted();
  return a;
}

bool is_loopback(const std::string& host) noexcept { return host.starts_with("127.") || host == "::1"; }

}  // namespace naru::local_backend
