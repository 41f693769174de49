#include "tests/support/naru_process.hpp"

#include <csignal>
#include <stdexcept>

#include "core/json/document.hpp"
#include "tests/support/program.hpp"

namespace naru::test {
namespace {

spawn_options spawning(const temp_dir& folder, const naru_process::options& o) {
  spawn_options out;
  out.arguments = {"serve", "--config", (folder.path() / "naru.yaml").string()};
  out.arguments.insert(out.arguments.end(), o.arguments.begin(), o.arguments.end());
  out.environment = o.environment;
  out.environment.try_emplace("XDG_RUNTIME_DIR", folder.path().string());  // what it leaves there when it is killed goes with the folder
  out.limits = o.limits;
  // A developer's own keys must not bring providers into a test, nor may a proxy stand between it and the mock.
  out.without = {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "HTTP_PROXY",
                 "HTTPS_PROXY",    "http_proxy",        "https_proxy",    "ALL_PROXY",      "all_proxy"};
  for (const auto& [name, value] : o.environment) std::erase(out.without, name);
  return out;
}

const temp_dir& with_settings(const temp_dir& folder, std::string_view settings) {
  folder.write("naru.yaml", settings);
  return folder;
}

/// The port of "127.0.0.1:41231" or "[::1]:41231".
unsigned short port_of(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) throw std::runtime_error("want address:port, got " + std::string(address));
  return static_cast<unsigned short>(std::stoul(std::string(address.substr(colon + 1))));
}

}  // namespace

naru_process::naru_process(std::string_view settings, const options& o)
    : process_(built_program(o.program), spawning(with_settings(folder_, settings), o)) {
  const std::string line = process_.wait_for_line("\"event\":\"ready\"", o.ready_within);
  const auto doc = json::document::parse(line);
  if (!doc || !doc->root().is_object()) throw std::runtime_error("no JSON: " + line);
  const json::object ready = doc->root().get_object().value_unsafe();
  const auto traffic = json::get_array(ready, "traffic");
  if (!traffic) throw std::runtime_error("no \"traffic\" in " + line);
  for (const json::value address : *traffic) ports_.push_back(port_of(std::string_view(address.get_string().value())));
  if (const auto admin = json::get_string(ready, "admin")) admin_port_ = port_of(*admin);
}

void naru_process::reload(std::string_view settings) {
  // Renamed into place, so that it is never seen half-written.
  const auto fresh = folder_.write("naru.yaml.new", settings);
  std::filesystem::rename(fresh, folder_.path() / "naru.yaml");
  process_.signal(SIGHUP);
}

std::string listening_anywhere() {
  return "listen:\n"
         "  traffic: {address: \"127.0.0.1:0\"}\n"
         "  admin: {address: \"127.0.0.1:0\"}\n"
         "shards: 1\n";
}

}  // namespace naru::test
