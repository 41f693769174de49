// What is generated from the table must be what is committed; config/naru.yaml must show every key. NARU_UPDATE=1 writes the first two.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "config/check.hpp"
#include "config/schema.hpp"
#include "config/yaml_reader.hpp"
#include "core/json/document.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;

namespace {

void compare(const std::string& path, const std::string& wanted) {
  if (std::getenv("NARU_UPDATE") != nullptr) std::ofstream(std::string(NARU_SOURCE_DIR) + "/" + path, std::ios::binary) << wanted;
  CHECK((read_repository_file(path) == wanted));  // in brackets: a difference would print both files
}

/// naru.yaml with every setting that is off (`#key:`, no blank behind the #) switched on.
std::string uncommented() {
  static const std::regex off(R"(^( *)#([^ #].*)$)");
  std::istringstream in(read_repository_file("config/naru.yaml"));
  std::string out;
  for (std::string line; std::getline(in, line);) out += std::regex_replace(line, off, "$1$2") + "\n";
  return out;
}

/// The row of every key of a tree, with the line where it stands.
void collect(const node& n, const key_node& k, std::multimap<std::string, std::uint32_t>& seen) {
  for (const entry& e : n.entries) {
    const auto found = k.keys.find(e.key);
    const key_node* below = found != k.keys.end() ? &found->second : k.any.get();
    REQUIRE(below != nullptr);
    seen.emplace(below->self->path, e.at.line);
    collect(e.value, *below, seen);
  }
  for (const node& item : n.items) {
    if (k.item) collect(item, *k.item, seen);
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines{""};  // lines count from 1
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// A shape that one sees, with nothing to say of it.
bool speaks_for_itself(const row& r) { return in_short(r) == "a block" || in_short(r) == "a list" || in_short(r) == "a block of names"; }
bool is_group_of_names(const row& r) { return r.path.ends_with("[]") || r.path.ends_with(".*"); }

}  // namespace

TEST_CASE("the JSON Schema is the one of the table", "[generated]") {
  compare("config/naru.schema.json", json_schema());
  CHECK(naru::json::document::parse(json_schema()));
}

TEST_CASE("the reference page is the one of the table", "[generated]") { compare("docs/reference/settings.md", reference_page()); }

TEST_CASE("the shipped file shows every key with what it may be and its default", "[generated]") {
  const std::string text = uncommented();
  problem_list problems;
  const auto tree = read_yaml(text, problems.add_file("naru.yaml"), problems);
  INFO(to_lines(problems.take_errors()));
  REQUIRE(tree);
  std::multimap<std::string, std::uint32_t> seen;
  collect(*tree, settings_schema().root(), seen);
  const auto lines = lines_of(text);
  for (const row& r : settings_schema().rows()) {
    if (r.not_yet || r.repeats || is_group_of_names(r)) continue;
    CAPTURE(r.path, in_short(r));
    const auto [from, to] = seen.equal_range(r.path);
    CHECK(from != to);
    if (from == to || speaks_for_itself(r)) continue;
    CHECK(std::any_of(from, to, [&](const auto& at) { return lines[at.second].ends_with("# " + in_short(r)); }));
  }
}

TEST_CASE("every setting that the shipped file shows is a good one", "[generated]") {
  problem_list problems;
  const auto tree = read_yaml(uncommented(), problems.add_file("naru.yaml"), problems);
  REQUIRE(tree);
  check(*tree, settings_schema(), problems);
  CHECK(to_lines(problems.take_errors()).empty());
}

TEST_CASE("the shipped file says the defaults", "[generated]") {
  world w;
  const auto shipped = w.load(read_repository_file("config/naru.yaml"));
  CHECK(to_lines(shipped.errors).empty());
  REQUIRE(shipped.ok());
  const naru::settings& s = *shipped.value;
  const naru::settings usual = *w.defaults().value;
  const auto part = [](const std::string& json, std::string_view from, std::string_view to) {
    const auto begin = json.find(from);
    return json.substr(begin, json.find(to) - begin);
  };
  const std::string mine = print_redacted(s);
  const std::string theirs = print_redacted(usual);
  CHECK(part(mine, "\"traffic\"", "\"providers\"") == part(theirs, "\"traffic\"", "\"providers\""));
  CHECK(mine.substr(mine.find("\"models\"")) == theirs.substr(theirs.find("\"models\"")));
}

TEST_CASE("the shipped file runs with no key, and each key switches its vendor on", "[generated]") {
  world w;
  const auto none = w.load(read_repository_file("config/naru.yaml"));
  REQUIRE(none.ok());
  for (const char* name : {"openai", "anthropic", "google"}) CHECK(none.value->find_provider(name)->off);
  w.variables = {{"OPENAI_API_KEY", "a"}, {"ANTHROPIC_API_KEY", "b"}, {"GEMINI_API_KEY", "c"}};
  const auto all = w.load(read_repository_file("config/naru.yaml"));
  REQUIRE(all.ok());
  for (const char* name : {"openai", "anthropic", "google"}) CHECK_FALSE(all.value->find_provider(name)->off);
  CHECK(all.value->find_model("auto")->deployments.size() == 7);
}

TEST_CASE("every default of the table is a good value of its key", "[generated]") {
  for (const row& r : settings_schema().rows()) {
    if (r.fallback.empty()) continue;
    node n;
    n.is = node::kind::scalar;
    n.text = std::string(r.fallback);
    n.filled = true;
    CAPTURE(r.path);
    CHECK(fault_of(n, r).empty());
  }
}
