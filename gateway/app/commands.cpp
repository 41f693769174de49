#include "gateway/app/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "gateway/admin/views.hpp"
#include "gateway/api/paths.hpp"
#include "gateway/app/build_snapshot.hpp"
#include "gateway/flow/explain.hpp"

namespace naru::app {
namespace {

constexpr int ok = 0, failed = 1, usage = 2, bad_settings = 78;

/// Settings that hold, or the exit code after every problem has been printed.
std::shared_ptr<const settings> load_or_print(const config::load_options& load) {
  const config::loaded read = config::load(load);
  if (!read.ok()) fmt::print(stderr, "{}", config::to_lines(read.errors));
  return read.value;
}

std::shared_ptr<const flow::snapshot> snapshot_or_print(const settings& s, lasting& state) {
  auto built = build_snapshot(s, state);
  if (built) return std::move(*built);
  fmt::print(stderr, "{}: {}\n", built.error().field, built.error().message);
  return nullptr;
}

result<std::string> read_all(const std::string& file) {
  if (file == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(error_code::bad_request, fmt::format("{}: {}", file, std::strerror(errno)));
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::string price_text(const pricing::price& p) {
  if (p.free) return "free";
  const auto one = [](const pricing::rate& r) { return r.known() ? "$" + to_usd_per_million_string(r.per_unit) : std::string("?"); };
  std::string text = one(p.tariff.rates.input) + " / " + one(p.tariff.rates.output);
  return p.confidence == pricing::confidence::unconfirmed ? text + " (unconfirmed)" : text;
}

}  // namespace

int check(const config::load_options& load, bool json, bool strict) {
  const config::loaded read = config::load(load);
  if (json) {
    fmt::print("{}\n", admin::check_view(read));
  } else {
    fmt::print("{}", config::to_lines(read.errors));
    for (const auto& w : read.warnings) fmt::print("warning: {}\n", w.to_string());
    if (read.ok())
      fmt::print("{}: good, {} warnings\n", load.path.empty() ? "the defaults" : load.path, read.warnings.size());
    else
      fmt::print("{}: {} problems\n", load.path, read.errors.size());
  }
  if (!read.ok()) return bad_settings;
  return strict && !read.warnings.empty() ? failed : ok;
}

int explain(const config::load_options& load, const explain_options& options) {
  const auto* dialect = api::dialect_of_api(options.api);
  if (dialect == nullptr) {
    fmt::print(stderr, "--api {}: want chat, responses, completions, embeddings, images, messages or gemini\n", options.api);
    return usage;
  }
  const auto body = read_all(options.file);
  if (!body) {
    fmt::print(stderr, "{}\n", body.error().message);
    return usage;
  }
  const auto s = load_or_print(load);
  if (!s) return bad_settings;
  lasting state;
  const auto snapshot = snapshot_or_print(*s, state);
  if (!snapshot) return bad_settings;

  flow::explain_input in;
  in.body = *body;
  in.label_header = options.label;
  std::vector<net::header> headers;
  for (const std::string& line : options.headers) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string::npos) {
      fmt::print(stderr, "--header {}: want \"name: value\"\n", line);
      return usage;
    }
    const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    headers.push_back({std::string_view(line).substr(0, colon), std::string_view(line).substr(value)});
  }
  in.headers = headers;
  in.api = options.api;
  in.model = options.model;
  in.now = std::chrono::steady_clock::now();
  in.wall_now = std::chrono::system_clock::now();
  in.seed = std::random_device{}();
  if (!options.caller.empty()) {
    const auto all = snapshot->callers.all();
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c->name == options.caller; });
    if (at == all.end()) {
      fmt::print(stderr, "--caller {}: the settings have no caller of this name\n", options.caller);
      return usage;
    }
    in.who = *at;
  }
  const auto explained = flow::explain(*snapshot, in, *dialect);
  if (!explained) {
    const error& e = explained.error();
    fmt::print(stderr, "{}{}{}\n", e.field, e.field.empty() ? "" : ": ", e.message);
    return failed;
  }
  fmt::print("{}", options.json ? flow::to_json(*explained, snapshot->labels) + "\n" : flow::to_text(*explained, snapshot->labels));
  return ok;
}

int list_models(const config::load_options& load, bool json) {
  const auto s = load_or_print(load);
  if (!s) return bad_settings;
  lasting state;
  const auto snapshot = snapshot_or_print(*s, state);
  if (!snapshot) return bad_settings;
  if (json) {
    fmt::print("{}\n", admin::models_view(*snapshot));
    return ok;
  }
  for (const auto& [name, m] : snapshot->models) {
    fmt::print("{} ({}{})\n", name, routing::to_string(m->strategy), name == m->name ? "" : ", alias of " + m->name);
    for (const auto& d : m->deployments) {
      fmt::print("  {:<40} {:<14} {}{}\n", d->facts.id, snapshot->labels.name(d->facts.clearance), price_text(d->facts.price),
                 d->off ? "  off: " + d->off_reason : "");
    }
  }
  return ok;
}

int version(bool json) {
  if (json)
    fmt::print("{}\n", admin::version_view());
  else
    fmt::print("naru {}\n", NARU_VERSION);
  return ok;
}

}  // namespace naru::app
