#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "load_tests/routing/report.hpp"

// A simulated day of routing, by every strategy and by two that Naru does not have.
int main(int argc, char** argv) {
  namespace day = naru::routing_day;
  CLI::App program{"Sends one simulated day of requests by each strategy, and compares", "naru-routing-day"};
  std::uint64_t seed = 1;
  std::string plot_file;
  program.add_option("--seed", seed, "of arrivals and of every vendor's luck");
  program.add_option("--plot", plot_file, "write the diagrams here, as SVG");
  CLI11_PARSE(program, argc, argv);

  const auto requests = day::arrivals(seed);
  std::vector<day::outcome> all;
  for (const auto& who : day::contenders()) all.push_back(day::run(who, requests, seed));
  fmt::print("{} requests, seed {}\n\n{}", requests.size(), seed, day::table(all));
  if (plot_file.empty()) return 0;
  std::ofstream out(plot_file, std::ios::binary);
  out << day::plot(all);
  out.close();
  if (out) return 0;
  fmt::print(stderr, "{}: {}\n", plot_file, std::strerror(errno));
  return 1;
}
