#include <benchmark/benchmark.h>
#include <hs/hs.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/json/writer.hpp"
#include "policies/sensitivity/labeller.hpp"
#include "policies/sensitivity/scan/scanner.hpp"

// How fast text is scanned, with every detector on: bytes a second of one core.
namespace {

using namespace naru;
using namespace naru::sensitivity;

std::string corpus(const std::string& name) {
  std::ifstream in(NARU_SOURCE_DIR "/tests/data/corpora/" + name + ".txt", std::ios::binary);
  if (!in) throw std::runtime_error("no corpus called " + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::vector<std::string> corpora{"prose_en", "prose_ko", "source_code", "logs"};

const labeller& all_on() {
  static const labeller l = [] {
    const label_scheme scheme;
    std::vector<detector_action> actions;
    for (const auto name : detector_names()) actions.push_back({std::string(name), scheme.highest()});
    return labeller(scheme, std::move(actions));
  }();
  return l;
}

/// One pass, disguises left alone.
void scan_text(benchmark::State& state, const std::string& name) {
  const std::string text = corpus(name);
  const scan::scanner all(all_detectors(), ~scan::detector_bits{0});
  scan::sighting seen;
  for (auto _ : state) {
    work_budget work(~std::uint64_t{0});
    all.run(text, ~scan::detector_bits{0}, work, seen);
    benchmark::DoNotOptimize(seen.found);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

/// A whole request of one message: the walk, the pass, whatever is disguised.
void label_request(benchmark::State& state, const std::string& name) {
  std::string body;
  json::writer w(body);
  w.begin_object().field("model", "chat").key("messages").begin_array().begin_object();
  w.field("role", "user").field("content", corpus(name)).end_object().end_array().end_object();
  const auto document = json::document::parse(body);
  if (!document) throw std::runtime_error(document.error().message);
  for (auto _ : state) {
    auto judged = all_on().judge({label{0}, "default", {}, true, document->root()});
    benchmark::DoNotOptimize(judged);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

/// Thousands of short strings: what a value costs beside its bytes.
void label_small_values(benchmark::State& state) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("messages").begin_array();
  for (int i = 0; i < 2000; ++i) w.begin_object().field("role", "user").field("content", "How are you today?").end_object();
  w.end_array().end_object();
  const auto document = json::document::parse(body);
  for (auto _ : state) {
    auto judged = all_on().judge({label{0}, "default", {}, true, document->root()});
    benchmark::DoNotOptimize(judged);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
  state.SetItemsProcessed(state.iterations() * 4000);
}

/// The same literals in Vectorscan alone, without one detector asked: what was weighed against scan/literals.hpp.
void vectorscan_literals(benchmark::State& state, const std::string& name) {
  std::vector<std::string> texts;
  std::vector<unsigned> flags, ids;
  for (const detector& d : all_detectors()) {
    if (d.starts_at != anchor::literal) continue;
    for (const auto literal : d.literals) {
      texts.emplace_back(literal);
      flags.push_back(d.any_case ? HS_FLAG_CASELESS : 0);
      ids.push_back(static_cast<unsigned>(ids.size()));
    }
  }
  std::vector<const char*> pointers;
  std::vector<std::size_t> sizes;
  for (const auto& t : texts) {
    pointers.push_back(t.c_str());
    sizes.push_back(t.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* why = nullptr;
  if (hs_compile_lit_multi(pointers.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                           nullptr, &database, &why) != HS_SUCCESS)
    throw std::runtime_error(why->message);
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) throw std::bad_alloc();
  const std::string text = corpus(name);
  std::uint64_t hits = 0;
  const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* n) {
    ++*static_cast<std::uint64_t*>(n);
    return 0;
  };
  for (auto _ : state) hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, count, &hits);
  benchmark::DoNotOptimize(hits);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
  hs_free_scratch(scratch);
  hs_free_database(database);
}

}  // namespace

int main(int argc, char** argv) {
  for (const auto& name : corpora) {
    benchmark::RegisterBenchmark(("scan/" + name).c_str(), scan_text, name);
    benchmark::RegisterBenchmark(("label/" + name).c_str(), label_request, name);
    benchmark::RegisterBenchmark(("vectorscan_literals/" + name).c_str(), vectorscan_literals, name);
  }
  benchmark::RegisterBenchmark("label/small_values", label_small_values);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
