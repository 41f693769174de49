#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <exception>

#include "local_backend/engine/engine.hpp"
#include "local_backend/http/server.hpp"
#include "local_backend/options.hpp"

namespace {

using namespace naru::local_backend;

/// Dies with the parent, by two ways: the kernel's signal (sent when the *thread* that started this process ends, so a supervisor must
/// start it from a thread that lives), and a watch on the parent's pid that the server keeps.
/// @return false when the parent is gone already
bool bind_to_parent(int parent_pid) {
  if (parent_pid == 0) return true;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ::getppid() == parent_pid;
}

int serve(const options& o) {
  if (!bind_to_parent(o.parent_pid)) {
    fmt::print(stderr, "naru-worker: --parent-pid {}: that is not the parent (any more)\n", o.parent_pid);
    return exit_code::orphan;
  }
  if (::setpriority(PRIO_PROCESS, 0, o.nice) != 0) fmt::print(stderr, "naru-worker: cannot set --nice {}; going on\n", o.nice);
  std::signal(SIGPIPE, SIG_IGN);
  const engine_options engine{
      .model = o.model, .sequences = o.sequences, .context = o.context, .threads = o.threads, .chat_template = o.chat_template};
  return server{o, [engine] { return load_model(engine); }}.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto read = read_options(argc, argv);
    if (const auto* code = std::get_if<int>(&read)) return *code;
    return serve(std::get<options>(read));
  } catch (const std::exception& e) {
    fmt::print(stderr, "naru-worker: {}\n", e.what());
    return 1;
  }
}
