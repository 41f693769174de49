#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "load_tests/mock_upstream/server.hpp"

// naru-mock: the vendors' wire forms with faults on demand. README.md in the folder above lists the directives.
namespace {

/// SIGTERM and SIGINT as something the loop can wait for.
int stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Tests hold thousands of streams; the usual soft limit is 1024.
void raise_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  naru::mock::options o;
  CLI::App app{"naru-mock: speaks OpenAI's chat, Anthropic's messages and Gemini's generateContent, with faults on demand"};
  std::vector<std::string> tls;
  app.add_option("--address", o.address, "IPv4 address to listen on")->capture_default_str();
  app.add_option("--port", o.port, "port; 0: the system's choice, printed on standard output")->capture_default_str();
  app.add_option("--tls", tls, "PEM files: certificate, key")->expected(2);
  app.add_option("--key", o.key, "credential that requests must carry, in the dialect's own header");
  app.add_option("--record-dir", o.record_dir, "folder where every received byte is kept, a file a connection");
  app.add_option("--keep", o.keep, "requests kept for GET /__mock/log")->capture_default_str();
  app.add_flag("--lean", o.lean, "for load: no checks, no scripts, no log");
  app.add_option("--coalesce", o.coalesce, "with --lean: frames of a stream a write")->check(CLI::Range(1, 1000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (tls.size() == 2) o.certificate = tls[0], o.private_key = tls[1];
  try {
    raise_descriptors();
    const int stop = stop_signals();
    naru::mock::service service(o);
    naru::mock::server server(service);
    std::printf("{\"event\":\"listening\",\"port\":%u}\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    server.run(stop);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "naru-mock: %s\n", e.what());
    return 1;
  }
}
