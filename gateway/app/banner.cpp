#include "gateway/app/banner.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace naru::app {
namespace {

/// Every deployment that a client can reach by some name.
std::vector<const config::deployment*> reachable(const settings& s) {
  std::vector<const config::deployment*> out;
  const auto add = [&](const config::deployment& d) {
    const auto* p = s.find_provider(d.provider);
    if (p != nullptr && !p->off) out.push_back(&d);
  };
  for (const auto& d : s.direct) add(d);
  for (const auto& m : s.models) {
    for (const auto& d : m.deployments) add(d);
  }
  return out;
}

std::string dearest_line(const settings& s, wall_time now) {
  std::optional<pico_usd> dearest;
  std::string whose;
  std::size_t unknown = 0;
  const auto all = reachable(s);
  for (const auto* d : all) {
    const auto price = pricing::dearest_per_million(d->facts.price, now);
    if (!price)
      ++unknown;
    else if (!dearest || *price > *dearest)
      dearest = price, whose = d->facts.id;
  }
  if (!dearest) return "prices   none is known";
  if (dearest->value == 0 && unknown == 0) return "prices   nothing that is reachable costs money";
  std::string line = fmt::format("prices   the dearest that a request can now cost is ${} a million tokens ({})",
                                 to_usd_per_million_string(*dearest), whose);
  if (unknown > 0) line += fmt::format("; {} deployments have no known price", unknown);
  return line;
}

}  // namespace

std::vector<std::string> banner(const settings& s, wall_time now) {
  std::vector<std::string> lines;
  for (const auto& p : s.providers) {
    if (p.off)
      lines.push_back(fmt::format("off      {} ({}): {}", p.name, p.type, p.off_reason));
    else
      lines.push_back(fmt::format("on       {} ({}), cleared for {}", p.name, p.type, s.sensitivity.labels.name(p.clearance)));
  }
  for (const auto& m : s.models) {
    std::string names;
    for (const auto& d : m.deployments) {
      const auto* p = s.find_provider(d.provider);
      if (p == nullptr || p->off) continue;
      names += (names.empty() ? "" : ", ") + d.facts.id;
    }
    lines.push_back(
        fmt::format("model    {} ({}): {}", m.name, routing::to_string(m.strategy), names.empty() ? "nothing that is on" : names));
  }
  lines.push_back(dearest_line(s, now));
  if (s.limits.connections_lowered) {
    lines.push_back(
        fmt::format("limits   {} client connections: the descriptor limit allows no more (limits.connections)", s.limits.connections));
  }
  if (s.callers.empty())
    lines.push_back("callers  none configured: only this machine is served, without a key");
  else
    lines.push_back(fmt::format("callers  {}", s.callers.size()));
  return lines;
}

}  // namespace naru::app
