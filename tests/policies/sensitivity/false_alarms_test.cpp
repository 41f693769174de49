// How often ordinary text raises a label, and the page that says so: docs/reference/detectors.md. NARU_UPDATE=1 writes it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/json/writer.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/labeller.hpp"

using namespace naru;
using namespace naru::sensitivity;

namespace {

const label_scheme house;

std::string read_file(const std::string& path) {
  std::ifstream in(std::string(NARU_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> prompts_of(const std::string& corpus) {
  const std::string text = read_file("tests/data/corpora/" + corpus + ".txt");
  REQUIRE_FALSE(text.empty());
  constexpr std::string_view between = "\n%%\n";
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(between, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + between.size();
  }
  return out;
}

label usual_label_of(const detector& d) { return d.raises_to == usual_label::highest ? house.highest() : house.default_label(); }

const labeller& shipped() {
  static const labeller l = [] {
    std::vector<detector_action> actions;
    for (const detector& d : all_detectors()) actions.push_back({std::string(d.name), usual_label_of(d)});
    return labeller(house, std::move(actions));
  }();
  return l;
}

struct alarms {
  std::size_t prompts = 0;
  std::size_t raised = 0;                   ///< above the default
  std::map<std::string, std::size_t> by{};  ///< detector: prompts
  [[nodiscard]] double percent() const { return 100.0 * static_cast<double>(raised) / static_cast<double>(prompts); }
};

alarms measure(const std::string& corpus) {
  alarms a;
  for (const std::string& prompt : prompts_of(corpus)) {
    std::string body;
    json::writer w(body);
    w.begin_object().key("messages").begin_array().begin_object().field("role", "user").field("content", prompt);
    w.end_object().end_array().end_object();
    const auto document = json::document::parse(body);
    REQUIRE(document.has_value());
    const judgement j = shipped().judge({house.default_label(), "default", {}, true, document->root()});
    ++a.prompts;
    if (j.label > house.default_label()) ++a.raised;
    for (const hit& h : j.hits) ++a.by[std::string(h.detector)];
  }
  return a;
}

struct corpus {
  std::string_view file, says;
};
constexpr std::array<corpus, 4> corpora{
    {{"prose_en", "English prose"}, {"prose_ko", "Korean prose"}, {"source_code", "source code"}, {"logs", "logs"}}};

std::string page() {
  constexpr std::array<std::string_view, 4> groups{"secrets", "ids", "finance", "contact"};
  std::string out =
      "# Detectors\n\n<!-- Written by NARU_UPDATE=1 build/debug/tests/policies_sensitivity_test \"[generated]\": edit the table or the "
      "test. -->\n\n"
      "What raises a label by itself. `sensitivity.detectors` sets the label of each, of a group, or `off`; `sensitivity.custom` adds a "
      "company's\n"
      "own patterns, `sensitivity.opaque` says what parts raise to that nobody can read.\n\n"
      "| detector | group | raises to | what it finds |\n|---|---|---|---|\n";
  for (const detector& d : all_detectors()) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", d.name, groups[static_cast<std::size_t>(d.group)],
                       d.raises_to == usual_label::highest ? "the highest" : "the default", d.summary);
  }
  out +=
      "\n## What is looked at\n\n"
      "Every string, key and number of the body, whatever the dialect; a short value together with its key; the texts of one message's "
      "parts also\n"
      "in one piece. Undone, also one inside the other, down to four times: JSON escapes (tool arguments are JSON inside a string), base64 "
      "and data\n"
      "URLs of text, also in the middle of a text, percent-encoding, character references of HTML, soft line breaks, line breaks in the "
      "middle of a\n"
      "number, token or address, full-width forms, Arabic-Indic digits, odd dashes and spaces, characters without width, and blanks and "
      "dashes\n"
      "between digits. `tests/policies/sensitivity/disguise_test.cpp` makes 100 secrets for each detector in each of these and wants 99 "
      "found.\n"
      "\n## False alarms\n\n"
      "Ordinary prompts of `tests/data/corpora` (made, with order numbers, ISBNs, UUIDs, hashes, versions and timestamps in them) that are "
      "raised\n"
      "above the default label; at most 0.5 % are allowed.\n\n"
      "| text | prompts | raised above the default | hits |\n|---|---|---|---|\n";
  for (const auto& [file, says] : corpora) {
    const alarms a = measure(std::string(file));
    std::string by;
    for (const auto& [name, count] : a.by) by += fmt::format("{}{} {}", by.empty() ? "" : ", ", name, count);
    out += fmt::format("| {} | {} | {:.2f} % | {} |\n", says, a.prompts, a.percent(), by.empty() ? "none" : by);
  }
  return out;
}

}  // namespace

TEST_CASE("at most one ordinary prompt of 200 is raised above the default", "[sensitivity]") {
  for (const auto& [file, says] : corpora) {
    const alarms a = measure(std::string(file));
    std::string by;
    for (const auto& [name, count] : a.by) by += name + " " + std::to_string(count) + ", ";
    CAPTURE(says, a.prompts, a.raised, by);
    CHECK(a.prompts > 50);
    CHECK(a.percent() <= 0.5);
  }
}

TEST_CASE("the page of the detectors is the one of the table and the corpora", "[generated]") {
  const std::string wanted = page();
  const std::string path = "docs/reference/detectors.md";
  if (std::getenv("NARU_UPDATE") != nullptr) std::ofstream(std::string(NARU_SOURCE_DIR) + "/" + path, std::ios::binary) << wanted;
  CHECK((read_file(path) == wanted));  // in brackets: a difference would print both files
}
