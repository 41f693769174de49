#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "worker_process.hpp"

/// How the worker starts, fills up, is cancelled, killed and ended.
using namespace naru::local_backend::test;
using namespace std::chrono_literals;

namespace {

#if defined(__has_feature) && __has_feature(address_sanitizer)
constexpr int slow = 5;  // under the sanitizer everything takes about this many times as long
#else
constexpr int slow = 1;
#endif

const std::string endless = ask("Write a very long story about a ferry.", R"("temperature":1,"seed":1,"max_tokens":1900,"stream":true)");

double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

/// Waits until the socket takes connections.
void wait_for_socket(const std::string& path) {
  for (int i = 0; i < 2000 && !std::filesystem::exists(path); ++i) std::this_thread::sleep_for(5ms);  // another process's file
  REQUIRE(std::filesystem::exists(path));
}

}  // namespace

TEST_CASE("health says loading, then ready, and the ready line says where", "[worker]") {
  worker_process w{{"--sequences", "2"}};
  wait_for_socket(w.socket());
  const auto early = get(w.socket(), "/health");
  if (early.status == 503) {
    CHECK(early.body.find("\"loading\"") != std::string::npos);
    const auto refused = chat(w.socket(), ask("Hi", R"("max_tokens":1)"));
    CHECK((refused.status == 503 || refused.status == 200));
  }
  const auto line = w.wait_ready();
  CHECK(line.find("\"status\":\"ready\"") != std::string::npos);
  CHECK(line.find(w.socket()) != std::string::npos);
  WARN("ready line: " << line);
  const auto now = get(w.socket(), "/health");
  CHECK(now.status == 200);
  CHECK(now.body.find("\"ready\"") != std::string::npos);
  CHECK(now.body.find("\"context\":4096") != std::string::npos);
  struct stat st{};
  REQUIRE(::stat(w.socket().c_str(), &st) == 0);
  CHECK((st.st_mode & 0777U) == 0600U);
}

TEST_CASE("a client that leaves frees its sequence at once", "[worker]") {
  worker_process w{{"--sequences", "1"}};
  REQUIRE_FALSE(w.wait_ready().empty());
  {
    client c{w.socket()};
    c.post(endless);
    REQUIRE(c.read_until("\"content\":").find("200 OK") != std::string::npos);
    CHECK(wait_for(w.socket(), "sequences_in_use", 1));
  }
  const auto left = std::chrono::steady_clock::now();
  const auto next = chat(w.socket(), ask("Hi", R"("temperature":0,"max_tokens":1)"));
  CHECK(next.status == 200);
  CHECK(seconds_since(left) < 1.0 * slow);  // the story would have taken far longer
  CHECK(wait_for(w.socket(), "sequences_in_use", 0));
}

TEST_CASE("a client that leaves while it waits or is being read leaves nothing behind", "[worker]") {
  worker_process w{{"--sequences", "1", "--context", "2048", "--queue", "1"}};
  REQUIRE_FALSE(w.wait_ready().empty());
  client running{w.socket()};
  running.post(endless);
  running.read_until("\"content\":");
  for (int i = 0; i < 5; ++i) {
    client waits{w.socket()};
    waits.post(ask("Hi", R"("max_tokens":1)"));
    CHECK(wait_for(w.socket(), "queue_depth", 1));
    client whole_body_never_comes{w.socket()};
    whole_body_never_comes.send(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{");
  }
  CHECK(wait_for(w.socket(), "queue_depth", 0));
}

TEST_CASE("a full queue is told as overloaded, with when to come again", "[worker]") {
  worker_process w{{"--sequences", "1", "--queue", "1", "--context", "2048"}};
  REQUIRE_FALSE(w.wait_ready().empty());
  client first{w.socket()};
  first.post(endless);
  first.read_until("\"content\":");
  client second{w.socket()};
  second.post(ask("Hi", R"("max_tokens":1)"));
  REQUIRE(wait_for(w.socket(), "queue_depth", 1));
  const auto third = chat(w.socket(), ask("Hi", R"("max_tokens":1)"));
  CHECK(third.status == 429);
  CHECK(third.body.find("\"code\":\"queue_full\"") != std::string::npos);
  CHECK(third.body.find("\"type\":\"overloaded\"") != std::string::npos);
  CHECK(std::stoi(third.headers.at("retry-after")) >= 1);
}

TEST_CASE("killed in any phase, the next worker answers on the same socket", "[worker]") {
  const std::string phase = GENERATE("loading", "idle", "reading", "answering");
  INFO(phase);
  std::string socket;
  {
    worker_process w{{"--sequences", "1", "--context", "8192"}};
    socket = w.socket();
    wait_for_socket(socket);
    if (phase != "loading") REQUIRE_FALSE(w.wait_ready().empty());
    std::optional<client> c;
    if (phase == "reading") {
      std::string prompt;
      for (int i = 0; i < 6000; ++i) prompt += "word ";
      c.emplace(socket);
      c->post(ask(prompt, R"("max_tokens":100)"));
      CHECK(wait_for(socket, "sequences_in_use", 1));
    } else if (phase == "answering") {
      c.emplace(socket);
      c->post(endless);
      c->read_until("\"content\":");
    }
    w.signal(SIGKILL);
    CHECK(w.wait() == 128 + SIGKILL);
    if (c) {
      const auto cut = c->read();
      CHECK_FALSE(cut.complete);  // never a clean end
      CHECK(cut.body.find("[DONE]") == std::string::npos);
    }
    CHECK(std::filesystem::exists(socket));  // stale: nobody serves it any more
    const auto begin = std::chrono::steady_clock::now();
    worker_process again{{"--sequences", "1", "--context", "8192"}, socket};
    REQUIRE_FALSE(again.wait_ready().empty());
    CHECK(answer_text(chat(socket, ask("What is the capital of France?", R"("temperature":0,"max_tokens":8)"))).find("Paris") !=
          std::string::npos);
    const auto took = seconds_since(begin);
    WARN("killed while " << phase << ": answered again after " << took << " s");
    CHECK(took < 2.0 * slow);
  }
}

TEST_CASE("a socket that is served and a file that is no socket are left alone", "[worker]") {
  worker_process w;
  REQUIRE_FALSE(w.wait_ready().empty());
  {
    worker_process second{{}, w.socket()};
    CHECK(second.wait() == 4);
    CHECK(second.errors().find("another worker is serving there") != std::string::npos);
    ::rename(w.socket().c_str(), (w.socket() + ".kept").c_str());  // its destructor removes the path
  }
  ::rename((w.socket() + ".kept").c_str(), w.socket().c_str());
  CHECK(get(w.socket(), "/health").status == 200);

  const auto file = w.socket() + ".txt";
  std::ofstream{file} << "precious";
  {
    worker_process third{{}, file};
    CHECK(third.wait() == 4);
    CHECK(third.errors().find("no socket") != std::string::npos);
    std::ifstream in{file};
    std::string word;
    in >> word;
    CHECK(word == "precious");
  }
}

TEST_CASE("a model that cannot be loaded is told with its path", "[worker]") {
  const auto path = std::filesystem::temp_directory_path() / ("naru-bad-" + std::to_string(::getpid()) + ".gguf");
  const auto [bytes, words] = GENERATE(table<std::string, std::string>(
      {{"just text", "not a GGUF file: "}, {"GGUF\x03", "cut short"}, {"cut", "not a GGUF file"}, {"half", "cannot load the model: "}}));
  if (bytes == "half") {
    std::ifstream in{model_path(), std::ios::binary};
    std::string head(3'000'000, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    std::ofstream{path, std::ios::binary} << head;
  } else {
    std::ofstream{path, std::ios::binary} << bytes;
  }
  worker_process w{{}, {}, path.string()};
  CHECK(w.wait() == 3);
  const auto errors = w.errors();
  INFO(errors);
  CHECK(errors.find(words) != std::string::npos);
  CHECK(errors.find(path.string()) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(w.socket()));
  std::filesystem::remove(path);
}

TEST_CASE("a command line that cannot be is refused with what was wanted", "[worker]") {
  const auto [arguments, words] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--sequences", "0"}, "--sequences"},
      {{"--listen", "0.0.0.0:0"}, "--token-file is required"},
      {{"--listen", "somewhere:80"}, "want ADDR:PORT"},
      {{"--token-file", "/nonexistent"}, "/nonexistent"},
      {{"--nonsense"}, "--nonsense"},
  }));
  worker_process w{arguments};
  CHECK(w.wait() == 2);
  CHECK(w.errors().find(words) != std::string::npos);
}

TEST_CASE("SIGTERM lets a stream finish, takes nothing new, and ends with 0", "[worker]") {
  worker_process w{{"--sequences", "1"}};
  REQUIRE_FALSE(w.wait_ready().empty());
  client idle{w.socket()};
  client c{w.socket()};
  c.post(ask("Write a story.", R"("temperature":0,"max_tokens":60,"stream":true)"));
  c.read_until("\"content\":");
  w.signal(SIGTERM);
  for (int i = 0; i < 1000 && std::filesystem::exists(w.socket()); ++i) std::this_thread::sleep_for(1ms);  // it has heard
  idle.post(ask("Hi", R"("max_tokens":1)"));
  CHECK(idle.read().status == 503);
  const auto r = c.read();
  CHECK(r.complete);
  CHECK(read_events(r.body).ended);
  CHECK(w.wait() == 0);
  CHECK_FALSE(std::filesystem::exists(w.socket()));
}

TEST_CASE("the worker goes when its parent goes", "[worker]") {
  const auto socket = (std::filesystem::temp_directory_path() / ("naru-orphan-" + std::to_string(::getpid()) + ".sock")).string();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that the orphan can be waited for here
  int to[2];
  REQUIRE(::pipe(to) == 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const auto self = std::to_string(::getpid());
    const pid_t child = ::fork();
    if (child == 0) {
      ::execl(NARU_BINARY_DIR "/naru-worker", "naru-worker", "--model", model_path().c_str(), "--socket", socket.c_str(), "--parent-pid",
              self.c_str(), nullptr);
      ::_exit(127);
    }
    const auto sent = ::write(to[1], &child, sizeof child);
    ::_exit(sent == sizeof child && ::pause() == -1 ? 0 : 1);
  }
  pid_t worker = 0;
  REQUIRE(::read(to[0], &worker, sizeof worker) == sizeof worker);
  wait_for_socket(socket);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  int status = 0;
  CHECK(::waitpid(worker, &status, 0) == worker);
  CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) == 5));
  ::unlink(socket.c_str());
  ::close(to[0]);
  ::close(to[1]);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a parent that is not the parent is refused", "[worker]") {
  worker_process w{{"--parent-pid", "1"}};
  CHECK(w.wait() == 5);
}

TEST_CASE("on an address the worker wants its token", "[worker]") {
  const auto file = std::filesystem::temp_directory_path() / ("naru-token-" + std::to_string(::getpid()));
  std::ofstream{file} << "a-token-of-some-length\n";
  worker_process w{{"--listen", "127.0.0.1:0", "--token-file", file.string()}};
  const auto line = w.wait_ready();
  const auto at = line.find("127.0.0.1:");
  REQUIRE(at != std::string::npos);
  const auto where = line.substr(at, line.find('"', at) - at);
  CHECK(chat(where, ask("Hi", R"("max_tokens":1)")).status == 401);
  client c{where};
  c.post(ask("Hi", R"("max_tokens":1)"), "authorization: Bearer a-token-of-some-length\r\n");
  CHECK(c.read().status == 200);
  CHECK(get(where, "/health").status == 200);
  std::filesystem::remove(file);
}

TEST_CASE("a chat template of one's own replaces the model's, and a broken one is told", "[worker]") {
  const auto file = std::filesystem::temp_directory_path() / ("naru-template-" + std::to_string(::getpid()));
  std::ofstream{file} << "{{ messages[-1]['content'] }}";
  {
    worker_process w{{"--chat-template", file.string(), "--seed", "5"}};
    REQUIRE_FALSE(w.wait_ready().empty());
    const auto body = ask("Once upon a time", R"("temperature":1,"max_tokens":20)");
    const auto first = chat(w.socket(), body);
    CHECK(usage_count(first, "prompt_tokens") == 4);
    CHECK(answer_text(chat(w.socket(), body)) == answer_text(first));  // --seed serves requests without one
  }
  std::ofstream{file} << "{% for %}";
  worker_process w{{"--chat-template", file.string()}};
  CHECK(w.wait() == 3);
  CHECK(w.errors().find("chat template") != std::string::npos);
  std::filesystem::remove(file);
}
