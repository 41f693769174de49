#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "core/error.hpp"

namespace naru::local_backend {

/// What naru-worker is told on its command line; `naru-worker --help` explains each.
struct options {
  std::filesystem::path model;
  std::uint32_t sequences = 4;
  std::uint32_t context = 0;  ///< tokens that all sequences share; the reader fills in 2048 a sequence
  std::uint32_t threads = 1;
  std::uint32_t queue = 64;           ///< requests that may wait
  std::uint32_t max_tokens = 1024;    ///< of an answer whose request gives no limit
  std::string chat_template;          ///< the text, already read from its file
  std::filesystem::path socket;       ///< exactly one of socket and listen is set
  std::string listen;                 ///< "ADDR:PORT", "[V6]:PORT"
  std::string token;                  ///< bearer token that requests must carry; empty: none
  int parent_pid = 0;                 ///< exit when this process is gone; 0: do not care
  std::optional<std::uint32_t> seed;  ///< of requests without one; absent: random
  int nice = 10;
};

/// Exit codes of naru-worker.
namespace exit_code {
inline constexpr int ok = 0;
inline constexpr int usage = 2;   ///< the command line
inline constexpr int model = 3;   ///< the model cannot be loaded
inline constexpr int listen = 4;  ///< the socket or address cannot be had
inline constexpr int orphan = 5;  ///< the parent is gone
}  // namespace exit_code

/// Reads the command line and the files it names. @return options, or the code to exit with (help and errors have been printed).
[[nodiscard]] std::variant<options, int> read_options(int argc, const char* const* argv);

/// "127.0.0.1:8080" or "[::1]:8080" to its halves. Errors: bad_request with what was wanted.
struct address {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] result<address> read_address(const std::string& text);

/// Whether only this machine can connect there (127.0.0.0/8, ::1).
[[nodiscard]] bool is_loopback(const std::string& host) noexcept;

}  // namespace naru::local_backend
