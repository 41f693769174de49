#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <exception>
#include <functional>

#include "config/schema.hpp"
#include "gateway/app/application.hpp"
#include "gateway/app/commands.hpp"
#include "gateway/observe/families.hpp"

// The command line. What each command does is in gateway/app.
namespace {

using namespace naru;

config::load_options load_options(const std::string& path) {
  config::load_options load;
  load.path = config::discover(path, load.env, *load.files);
  return load;
}

int run(int argc, char** argv) {
  CLI::App program{"Naru: one endpoint for all of a company's LLM traffic", "naru"};
  program.require_subcommand(1);
  program.set_version_flag("--version", NARU_VERSION);
  std::string config_path, ready_file, page;
  app::explain_options explain;
  bool json = false, strict = false;
  std::function<int()> action;

  const auto command = [&](const std::string& name, const std::string& what, std::function<int()> run_it) {
    CLI::App* c = program.add_subcommand(name, what);
    c->callback([&action, run_it = std::move(run_it)] { action = run_it; });
    return c;
  };
  const auto with_config = [&](CLI::App* c) {
    c->add_option("-c,--config", config_path, "settings file (else NARU_CONFIG, ./naru.yaml, /etc/naru/naru.yaml, or the defaults)");
    return c;
  };

  CLI::App* serve = with_config(command("serve", "serve until SIGTERM (in good order) or SIGINT",
                                        [&] { return app::serve({.load = load_options(config_path), .ready_file = ready_file}); }));
  serve->add_option("--ready-file", ready_file, "write NARU_URL and NARU_ADMIN here once ready");
  CLI::App* check = with_config(command("check", "list every problem of the settings; exit 78 when there is one",
                                        [&] { return app::check(load_options(config_path), json, strict); }));
  check->add_flag("--json", json, "for programs");
  check->add_flag("--strict", strict, "fail on warnings too");
  CLI::App* explained = with_config(command("explain", "what would be done with a request, and why; no call is made", [&] {
    explain.json = json;
    return app::explain(load_options(config_path), explain);
  }));
  explained->add_option("-f,--file", explain.file, "the request's body; - for standard input")->required();
  explained->add_option("--api", explain.api, "the request's dialect: chat, responses, completions, embeddings, images, messages, gemini")
      ->capture_default_str();
  explained->add_option("--model", explain.model, "the model, where a path names it: --api gemini");
  explained->add_option("--label", explain.label, "as the header x-naru-label would say");
  explained->add_option("-H,--header", explain.headers, "a header of the request that rules look at, as \"name: value\"; may be repeated");
  explained->add_option("--caller", explain.caller, "name of a caller of the settings");
  explained->add_flag("--json", json, "for programs");
  with_config(command("models", "the models of the settings", [&] {
    return app::list_models(load_options(config_path), json);
  }))->add_flag("--json", json, "for programs");
  CLI::App* generated = command("config", "print a page that is generated from the program's tables", [&] {
    fmt::print("{}", page == "schema"     ? config::json_schema()
                     : page == "settings" ? config::reference_page()
                                          : std::string(observe::metrics_page()));
    return 0;
  });
  generated->add_option("page", page, "schema, settings or metrics")->required()->check(CLI::IsMember({"schema", "settings", "metrics"}));
  command("version", "the program's version", [&] { return app::version(json); })->add_flag("--json", json, "for programs");

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return program.exit(e) == 0 ? 0 : 2;  // CLI11's own codes are 100 to 127
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "naru: {}\n", e.what());
    return 1;
  }
}
