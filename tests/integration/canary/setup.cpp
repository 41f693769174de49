#include "tests/integration/canary/setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/support/seeded_random.hpp"

namespace naru::test::canary {
namespace {

constexpr std::array<std::string_view, 4> types{"compatible", "openai", "anthropic", "google"};
constexpr std::array<std::string_view, 4> strategies{"priority", "weighted", "cheapest", "auto"};

/// How a deployment answers when no script says otherwise.
constexpr std::array<std::string_view, 9> manners{"ok", "echo", "echo", "tools", "json", "think", "sse-6x20", "slow-15+echo", "status-503"};

/// What goes wrong, by the ways on: retried here, next deployment, off, relayed, broken in the middle.
constexpr std::array<std::string_view, 26> faults{"status-500",        "status-502",
                                                  "status-500",        "reset-before",
                                                  "badhead",           "empty",
                                                  "badjson",           "cut-after-0",
                                                  "status-503",        "status-529",
                                                  "status-504",        "stall-before",
                                                  "stall-after-0",     "status-429-retryms-60",
                                                  "status-429",        "quota",
                                                  "status-401",        "status-403",
                                                  "status-404",        "ctx",
                                                  "status-400",        "content-policy",
                                                  "reset-after-1",     "cut-after-2",
                                                  "error-frame-first", "error-frame-after-1"};

struct group {
  std::string_view name;
  bool to_highest;
  std::vector<std::string_view> members;
};
const std::array<group, 4>& groups() {
  static const std::array<group, 4> all{
      group{"secrets", true, {"private_key", "aws_access_key", "aws_secret_key", "openai_key", "anthropic_key", "github_token"}},
      group{"ids", true, {"kr_rrn"}}, group{"finance", true, {"card"}}, group{"contact", false, {"email"}}};
  return all;
}

/// Draws a setup, part by part, and writes its YAML as it goes.
class drawer {
 public:
  drawer(std::size_t number, const std::vector<unsigned short>& ports) : random_(seeded_random(1'000'000 + number)), ports_(ports) {
    out_.number = number;
  }

  setup draw() {
    draw_limits();
    draw_labels();
    draw_detectors();
    draw_providers();
    draw_models();
    draw_callers();
    draw_scripts();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> text, Args&&... args) {
    out_.yaml += fmt::format(text, std::forward<Args>(args)...) + '\n';
  }
  rank any_rank() { return static_cast<rank>(below(random_, out_.labels.size())); }
  std::string word(rank r) const { return '"' + out_.labels[r] + '"'; }

  void draw_limits() {
    out_.attempts = static_cast<unsigned>(1 + below(random_, 5));
    line("listen: {{traffic: {{address: \"127.0.0.1:0\"}}, admin: {{address: \"127.0.0.1:0\"}}}}");
    line("shards: {}", 1 + below(random_, 2));
    line("limits: {{attempts: {}, deadline: {}ms}}", out_.attempts, 1000 + below(random_, 1000));
    const std::array<std::string_view, 3> levels{"info", "debug", "trace"};
    line("log: {{access: stdout, level: {}}}", one_of(random_, levels));
    line("stream: {{hold_head: {}}}", chance(random_, 40) ? "100ms" : "15s");
    line("shutdown: {{delay: 0s, cap: 1s}}");
  }

  void draw_labels() {
    const std::size_t count = 2 + below(random_, most_labels - 1);
    while (out_.labels.size() < count) {
      std::string made = some_of(random_, "abcdefghijklmnopqrstuvwxyz", 4 + below(random_, 8));
      if (std::ranges::find(out_.labels, made) == out_.labels.end()) out_.labels.push_back(std::move(made));
    }
    // Mostly a low one, as companies have it: else little of what follows could raise a label.
    out_.usual = std::min(any_rank(), any_rank());
    out_.trusts_header = !chance(random_, 15);
    std::string words;
    for (rank r = 0; r < count; ++r) words += (r == 0 ? "" : ", ") + word(r);
    line("sensitivity:");
    line("  labels: [{}]", words);
    line("  default: {}", word(out_.usual));
    line("  trust_header: {}", out_.trusts_header);
  }

  /// A line for a detector or a group. @return what it says
  std::optional<rank> detector_line(std::string_view name, std::string& lines) {
    std::optional<rank> to;
    if (!chance(random_, 20)) to = std::max(any_rank(), any_rank());
    lines += fmt::format("    {}: {}\n", name, to ? word(*to) : "off");
    return to;
  }

  void draw_detectors() {
    std::string lines;
    for (const group& g : groups()) {
      std::optional<rank> all = g.to_highest ? out_.highest() : out_.usual;
      if (chance(random_, 40)) all = detector_line(g.name, lines);
      for (const std::string_view member : g.members) {
        out_.detectors[std::string(member)] = chance(random_, 15) ? detector_line(member, lines) : all;
      }
    }
    if (!lines.empty()) out_.yaml += "  detectors:\n" + lines;
  }

  void draw_providers() {
    line("providers:");
    const std::size_t count = 3 + below(random_, 5);
    for (std::size_t i = 0; i < count; ++i) {
      provider p;
      p.type = i < types.size() ? types[i] : one_of(random_, types);
      p.name = fmt::format("p{}", i);
      p.prefix = fmt::format("/s{}p{}/", out_.number, i);
      const bool says = !chance(random_, 15);
      p.cleared = says ? std::max(any_rank(), any_rank()) : out_.usual;
      p.mock = p.cleared;
      const bool below_v1 = p.type == "compatible" || p.type == "openai";
      const std::string keys = chance(random_, 30) ? "api_keys: [key-one-0123456789, key-two-0123456789]" : "api_key: key-one-0123456789";
      line("  {}: {{type: {}, base_url: \"http://127.0.0.1:{}{}{}\", {}, timeouts: {{connect: 1s, first_byte: 250ms, idle: 250ms}}{}{}}}",
           p.name, p.type, ports_[p.mock], std::string_view(p.prefix).substr(0, p.prefix.size() - 1), below_v1 ? "/v1" : "", keys,
           says ? ", clearance: " + word(p.cleared) : "",
           chance(random_, 60) ? fmt::format(", price: {{input: {}, output: {}}}", 1 + below(random_, 9), 1 + below(random_, 9)) : "");
      out_.providers.push_back(std::move(p));
    }
    line("  local: off");
  }

  /// A deployment of a model, with its line. One of the earlier models' may come again, cleared otherwise here.
  deployment draw_deployment(const offered& m, std::string& lines) {
    deployment d;
    const bool again = !pool_.empty() && chance(random_, 25);
    if (again) {
      d = one_of(random_, pool_);
    } else {
      d.provider = below(random_, out_.providers.size());
      d.model = fmt::format("{}d{}--{}+lenient", m.name, m.deployments.size(), one_of(random_, manners));
      pool_.push_back(d);
    }
    const provider& p = out_.providers[d.provider];
    const bool own = chance(random_, 25);
    d.cleared = own ? any_rank() : p.cleared;
    lines +=
        fmt::format("      - {{use: \"{}/{}\", weight: {}, quality: 0.{}", p.name, d.model, 1 + below(random_, 4), 1 + below(random_, 9));
    if (own) lines += ", clearance: " + word(d.cleared);
    if (chance(random_, 30)) lines += fmt::format(", context: {}", 20'000 * (1 + below(random_, 5)));
    lines += "}\n";
    return d;
  }

  void draw_models() {
    line("models:");
    const std::size_t count = 8 + below(random_, 5);
    for (std::size_t i = 0; i < count; ++i) {
      offered m;
      m.name = fmt::format("m{}", i);
      if (chance(random_, 25)) m.label = any_rank();
      if (chance(random_, 30)) m.aliases.push_back(fmt::format("alias-of-{}", i));
      std::string lines;
      const std::size_t wanted = 1 + below(random_, 6);
      while (m.deployments.size() < wanted) {
        std::string one;
        deployment d = draw_deployment(m, one);
        const auto same = [&](const deployment& o) { return o.provider == d.provider && o.model == d.model; };
        if (std::ranges::any_of(m.deployments, same)) continue;
        lines += one;
        m.deployments.push_back(std::move(d));
      }
      line("  {}:", m.name);
      line("    strategy: {}", one_of(random_, strategies));
      if (m.label) line("    label: {}", word(*m.label));
      if (!m.aliases.empty()) line("    aliases: [{}]", m.aliases.front());
      line("    deployments:");
      out_.yaml += lines;
      out_.models.push_back(std::move(m));
    }
  }

  void draw_callers() {
    if (chance(random_, 30)) return;
    line("callers:");
    const std::size_t count = 2 + below(random_, 3);
    for (std::size_t i = 0; i < count; ++i) {
      known_caller c;
      c.name = fmt::format("caller{}", i);
      c.key = "naru-test-" + some_of(random_, "abcdefghijklmnopqrstuvwxyz0123456789", 20);
      if (chance(random_, 50)) c.label = std::min(any_rank(), any_rank());
      if (chance(random_, 10)) {
        for (std::size_t m = 0; m < out_.models.size(); m += 2) c.models.push_back(out_.models[m].name);
      }
      line("  - {{name: {}, key: {}{}{}}}", c.name, c.key, c.label ? ", label: " + word(*c.label) : "",
           c.models.empty() ? "" : fmt::format(", models: [{}]", fmt::join(c.models, ", ")));
      out_.callers.push_back(std::move(c));
    }
  }

  /// Faults come in the order of the requests, so that a deployment that has failed is good again later. What turns one off for a minute
  /// stands late, or nothing would be left to fall over to.
  void draw_scripts() {
    for (const deployment& d : pool_) {
      script s{out_.providers[d.provider].mock, d.model, {}};
      for (std::size_t i = 0; i < 14; ++i) {
        if (!chance(random_, 55))
          s.answers.emplace_back(chance(random_, 50) ? "echo" : "ok");
        else if (i < 6)
          s.answers.emplace_back(faults[below(random_, 15)]);
        else
          s.answers.emplace_back(one_of(random_, faults));
      }
      out_.scripts.push_back(std::move(s));
    }
  }

  generator random_;
  const std::vector<unsigned short>& ports_;
  std::vector<deployment> pool_;
  setup out_;
};

}  // namespace

setup make_setup(std::size_t number, const std::vector<unsigned short>& ports) { return drawer(number, ports).draw(); }

}  // namespace naru::test::canary
