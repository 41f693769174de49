#include "worker_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "core/json/writer.hpp"

namespace naru::local_backend::test {
namespace {

std::string new_socket() {
  static std::atomic<int> count{0};
  return (std::filesystem::temp_directory_path() / ("naru-worker-" + std::to_string(::getpid()) + "-" + std::to_string(++count) + ".sock"))
      .string();
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  return text;
}

std::string lower(std::string s) {
  for (auto& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

/// Takes the chunks at the front of `raw`. @return whether the last one was among them
bool dechunk(std::string& raw, std::string& body) {
  for (;;) {
    const auto line = raw.find("\r\n");
    if (line == std::string::npos) return false;
    const auto size = std::stoul(raw.substr(0, line), nullptr, 16);
    if (raw.size() < line + 2 + size + 2) return false;
    body.append(raw, line + 2, size);
    raw.erase(0, line + 2 + size + 2);
    if (size == 0) return true;
  }
}

json::value at(const json::document& d, const char* pointer) {
  json::value v;
  INFO(pointer);
  REQUIRE(d.root().at_pointer(pointer).get(v) == simdjson::SUCCESS);
  return v;
}

}  // namespace

std::string model_path() {
  const char* chosen = std::getenv("NARU_MODEL");
  std::string path = chosen != nullptr ? chosen : NARU_SOURCE_DIR "/.cache/models/SmolLM2-135M-Instruct.Q4_1.gguf";
  if (!std::filesystem::exists(path)) FAIL("the model is not at " << path << ": scripts/test.sh fetches it, or set NARU_MODEL");
  return path;
}

worker_process::worker_process(std::vector<std::string> arguments, std::string socket, const std::string& model)
    : socket_(socket.empty() ? new_socket() : std::move(socket)) {
  std::vector<std::string> words{NARU_BINARY_DIR "/naru-worker", "--model", model.empty() ? model_path() : model};
  bool elsewhere = false;
  for (const auto& a : arguments) elsewhere = elsewhere || a == "--listen";
  if (!elsewhere) words.insert(words.end(), {"--socket", socket_});
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  int out[2];
  int err[2];
  REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(err, O_CLOEXEC) == 0);
  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

worker_process::~worker_process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
  ::unlink(socket_.c_str());
}

std::string worker_process::wait_ready() {
  std::string line;
  for (char c; ::read(out_, &c, 1) == 1 && c != '\n';) line.push_back(c);
  return line;
}

void worker_process::signal(int number) const { ::kill(pid_, number); }

int worker_process::wait() {
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string worker_process::errors() { return read_all(err_); }

json::document response::json() const {
  auto d = json::document::parse(body);
  INFO(body);
  REQUIRE(d);
  return std::move(*d);
}

client::client(const std::string& where) {
  if (where.front() == '/') {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, where.c_str(), sizeof address.sun_path - 1);
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1))));
  ::inet_pton(AF_INET, where.substr(0, where.rfind(':')).c_str(), &address.sin_addr);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

client::~client() { ::close(fd_); }

void client::send(const std::string& bytes) const {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = ::send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return;  // the server may have answered and closed already
    at += static_cast<std::size_t>(n);
  }
}

void client::post(const std::string& body, const std::string& headers) const {
  send("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" + headers +
       "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

void client::get(const std::string& path, const std::string& headers) const {
  send("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n" + headers + "\r\n");
}

bool client::more() {
  char buffer[16384];
  const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  got_.append(buffer, static_cast<std::size_t>(n));
  return true;
}

response client::read() {
  response r;
  while (got_.find("\r\n\r\n") == std::string::npos) {
    if (!more()) return r;
  }
  const auto end = got_.find("\r\n\r\n");
  const std::string head = got_.substr(0, end);
  got_.erase(0, end + 4);
  r.status = std::stoi(head.substr(9, 3));
  for (auto line = head.find("\r\n"); line != std::string::npos; line = head.find("\r\n", line + 2)) {
    const auto stop = std::min(head.find("\r\n", line + 2), head.size());
    const auto colon = head.find(": ", line + 2);
    r.headers[lower(head.substr(line + 2, colon - line - 2))] = head.substr(colon + 2, stop - colon - 2);
  }
  if (r.status == 100) return read();
  if (r.headers.contains("transfer-encoding")) {
    while (!(r.complete = dechunk(got_, r.body))) {
      if (!more()) break;
    }
    return r;
  }
  const auto size = std::stoul(r.headers.at("content-length"));
  while (got_.size() < size && more()) {
  }
  r.complete = got_.size() >= size;
  r.body = got_.substr(0, size);
  got_.erase(0, size);
  return r;
}

std::string client::read_until(const std::string& mark) {
  while (got_.find(mark) == std::string::npos && more()) {
  }
  return got_;
}

bool client::wait_closed(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd p{fd_, POLLIN, 0};
    if (left <= 0 || ::poll(&p, 1, static_cast<int>(left)) <= 0) return false;
    if (!more()) return true;
  }
}

response chat(const std::string& where, const std::string& body) {
  client c{where};
  c.post(body);
  return c.read();
}

response get(const std::string& where, const std::string& path) {
  client c{where};
  c.get(path);
  return c.read();
}

std::string ask(const std::string& text, const std::string& fields) {
  return R"({"model":"local","messages":[{"role":"user","content":)" + json::quoted(text) + "}]" + (fields.empty() ? "" : "," + fields) +
         "}";
}

std::string answer_text(const response& r) {
  INFO(r.body);
  REQUIRE(r.status == 200);
  const auto d = r.json();
  std::string_view text;
  REQUIRE(at(d, "/choices/0/message/content").get(text) == simdjson::SUCCESS);
  return std::string{text};
}

std::string finish_reason(const response& r) {
  const auto d = r.json();
  std::string_view text;
  REQUIRE(at(d, "/choices/0/finish_reason").get(text) == simdjson::SUCCESS);
  return std::string{text};
}

std::uint64_t usage_count(const response& r, const std::string& name) {
  const auto d = r.json();
  std::uint64_t n = 0;
  REQUIRE(at(d, ("/usage/" + name).c_str()).get(n) == simdjson::SUCCESS);
  return n;
}

streamed read_events(const std::string& body) {
  streamed s;
  for (std::size_t begin = 0; begin < body.size();) {
    const auto end = body.find("\n\n", begin);
    REQUIRE(end != std::string::npos);
    const auto frame = body.substr(begin, end - begin);
    begin = end + 2;
    if (frame == "data: [DONE]") {
      s.ended = true;
      REQUIRE(begin == body.size());
      continue;
    }
    INFO(frame);
    REQUIRE(frame.starts_with("data: "));
    const auto d = json::document::parse(frame.substr(6));
    REQUIRE(d);
    std::string_view text;
    if (d->root().at_pointer("/choices/0/delta/content").get(text) == simdjson::SUCCESS && !text.empty()) {
      s.pieces.emplace_back(text);
      s.text += text;
    }
    if (d->root().at_pointer("/choices/0/finish_reason").get(text) == simdjson::SUCCESS) s.finish = text;
    if (d->root().at_pointer("/error/code").get(text) == simdjson::SUCCESS) s.error = text;
    std::uint64_t n = 0;
    if (d->root().at_pointer("/usage/prompt_tokens").get(n) == simdjson::SUCCESS) s.input = n;
    if (d->root().at_pointer("/usage/completion_tokens").get(n) == simdjson::SUCCESS) s.output = n;
  }
  return s;
}

bool wait_for(const std::string& where, const std::string& field, std::uint64_t value) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    const auto d = get(where, "/health").json();
    std::uint64_t n = 0;
    if (d.root().at_key(field).get(n) == simdjson::SUCCESS && n == value) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // a poll of another process's state, bounded above
  }
  return false;
}

}  // namespace naru::local_backend::test
