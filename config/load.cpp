#include "config/load.hpp"

#include <algorithm>
#include <utility>

#include "config/build.hpp"
#include "config/check.hpp"

namespace naru::config {
namespace {

settings build(const node& tree, const load_options& options, sources& from, problem_list& problems) {
  build_context c{options, from, problems, shipped_catalogue(), {}, {}, {}, false};
  const reader root = reader::root(tree, settings_schema());
  build_sensitivity(root, c);
  build_server(root, c);
  build_resilience(root, c);
  build_providers(root, c);
  build_models(root, c);
  build_callers(root, c);
  build_rules(root, c);
  cross_check(root, c);
  return std::move(c.out);
}

/// From a tree on, everything is the same for a file, a draft and nothing at all.
loaded finish(node tree, const load_options& options, sources& from, problem_list& problems) {
  loaded out;
  if (!problems.has_errors() || !tree.is_null()) {  // what follows a syntax error means nothing
    check(tree, settings_schema(), problems);
    if (tree.is_map() || tree.is_null()) {
      settings built = build(tree, options, from, problems);
      if (!problems.has_errors()) out.value = std::make_shared<const settings>(std::move(built));
    }
  }
  wipe(tree);
  out.errors = problems.take_errors();
  out.warnings = problems.take_warnings();
  out.files = from.watched();
  out.hash = from.hash();
  return out;
}

}  // namespace

loaded load(const load_options& options) {
  problem_list problems;
  sources from(options, folder_of(options.path), problems);
  node tree;
  if (options.path.empty()) {
    problems.add_file("defaults");  // what problems without a place are about
  } else {
    tree = from.read_main(options.path, options.path.substr(options.path.rfind('/') + 1));
  }
  return finish(std::move(tree), options, from, problems);
}

loaded check_text(std::string_view text, const load_options& options, std::string_view name) {
  problem_list problems;
  sources from(options, folder_of(options.path), problems);
  node tree = from.read_text(text, std::string(name));
  return finish(std::move(tree), options, from, problems);
}

}  // namespace naru::config

namespace naru {

const config::provider* settings::find_provider(std::string_view name) const noexcept {
  const auto found = std::ranges::find(providers, name, &config::provider::name);
  return found == providers.end() ? nullptr : &*found;
}

const config::model* settings::find_model(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(
      models, [name](const config::model& m) { return m.name == name || std::ranges::find(m.aliases, name) != m.aliases.end(); });
  return found == models.end() ? nullptr : &*found;
}

}  // namespace naru
