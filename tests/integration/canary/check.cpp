#include "tests/integration/canary/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace naru::test::canary {
namespace {

/// What a request that a cleared deployment may have can end with: answers, the vendor's own refusals, and the gateway's.
constexpr std::array<int, 8> ends{200, 400, 413, 422, 429, 502, 503, 504};

class judge_of {
 public:
  judge_of(const setup& s, const std::vector<trial>& trials, const observed& o)
      : setup_(s), trials_(trials), seen_(o), calls_(trials.size()) {
    for (std::size_t i = 0; i < trials.size(); ++i) {
      for (const auto& [token, place] : trials[i].tokens) owners_.emplace(token, i);
    }
  }

  verdict operator()() {
    for (const call& c : seen_.calls) sort_in(c);
    for (const stray_bytes& b : seen_.strays) check_stray(b);
    for (std::size_t i = 0; i < trials_.size(); ++i) check_trial(i);
    check_written();
    return std::move(out_);
  }

 private:
  void find(bool leak, std::string text) { out_.findings.push_back({leak, std::move(text)}); }
  void find(bool leak, std::string_view text, std::size_t trial) {
    find(leak, fmt::format("{}\n{}", text, described(setup_, trials_[trial])));
  }

  [[nodiscard]] std::optional<std::size_t> owner_of(const std::string& token) const {
    const auto found = owners_.find(token);
    return found == owners_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Whose request a call is of; each holds the canary of its user text, and of nobody else's.
  void sort_in(const call& c) {
    std::set<std::size_t> owners;
    for (const std::string& token : c.tokens) {
      if (const auto owner = owner_of(token))
        owners.insert(*owner);
      else
        find(true, fmt::format("mock {} got a canary of other settings in {} {}", c.mock, c.received.method, c.received.target));
    }
    if (owners.size() != 1) {
      return find(owners.size() > 1, fmt::format("mock {} got a call that holds the canaries of {} requests:\n{}{}", c.mock, owners.size(),
                                                 c.received.head, c.received.body));
    }
    calls_[*owners.begin()].push_back(&c);
    check_place(c, *owners.begin());
  }

  /// The one check that all of this is for: the deployment that got the bytes is cleared for what they are.
  void check_place(const call& c, std::size_t index) {
    const trial& t = trials_[index];
    const auto found = std::ranges::find_if(t.must.candidates, [&](const deployment& d) {
      const provider& p = setup_.providers[d.provider];
      return p.mock == c.mock && c.received.target.starts_with(p.prefix) && c.received.model == d.model;
    });
    const std::string where = fmt::format("mock {} (clearance {}), {} {}, model '{}'", c.mock, setup_.labels.at(c.mock), c.received.method,
                                          c.received.target, c.received.model);
    if (t.must.refusal != 0) return find(true, fmt::format("{} got a request that had to be refused", where), index);
    if (found == t.must.candidates.end()) return find(true, fmt::format("{} is nothing that the request's model stands for", where), index);
    if (found->cleared >= t.must.least) return;
    std::string places;
    for (const std::string& token : c.tokens) places += fmt::format("\n  {} came from: {}", token, t.tokens.at(token));
    find(true, fmt::format("LEAK: {}, got a request above its clearance{}", where, places), index);
  }

  /// A call that broke off before it was whole: judged by the provider that its path names, at its lowest.
  void check_stray(const stray_bytes& b) {
    for (const std::string& token : tokens_in(b.bytes)) {
      const auto owner = owner_of(token);
      if (!owner) {
        find(true, fmt::format("mock {} got a canary of other settings in bytes of no request", b.mock));
        continue;
      }
      const duty& must = trials_[*owner].must;
      const bool cleared = must.refusal == 0 && std::ranges::any_of(must.candidates, [&](const deployment& d) {
                             const provider& p = setup_.providers[d.provider];
                             return p.mock == b.mock && b.bytes.find(" " + p.prefix) != std::string::npos && d.cleared >= must.least;
                           });
      if (!cleared) find(true, fmt::format("LEAK: mock {} got bytes of a request above its clearance:\n{}", b.mock, b.bytes), *owner);
    }
  }

  void check_trial(std::size_t index) {
    const trial& t = trials_[index];
    const auto& calls = calls_[index];
    totals& sum = out_.sum;
    ++sum.cases;
    sum.calls += calls.size();
    sum.repeated += calls.size() > 1 ? 1 : 0;
    const auto elsewhere = [&](const call* c) {
      return c->received.model != calls.front()->received.model || c->mock != calls.front()->mock;
    };
    sum.fell_over += std::ranges::any_of(calls, elsewhere) ? 1 : 0;
    sum.with_secret += t.asked.secrets.empty() ? 0 : 1;
    sum.raised += t.must.refusal == 0 && t.must.least > setup_.usual ? 1 : 0;
    // A call that went out a second time, over a fresh connection after a dead one, is two: the vendor has had both.
    if (calls.size() > setup_.attempts) {
      find(false, fmt::format("{} upstream calls, limits.attempts is {}", calls.size(), setup_.attempts), index);
    }
    if (t.leaves_after_ms) {
      ++sum.left;
      return;
    }
    const reply& r = seen_.replies[index];
    if (!r.trouble.empty()) return find(false, "no answer: " + r.trouble, index);
    check_answer(index, r.got);
    check_status(index, r.got);
  }

  void check_answer(std::size_t index, const http_answer& a) {
    std::string all = a.body;
    for (const auto& [name, value] : a.headers) all += "\n" + name + ": " + value;
    for (const std::string& token : tokens_in(all)) {
      if (owner_of(token) != index) find(true, fmt::format("the answer holds another request's canary, {}:\n{}", token, all), index);
    }
  }

  void check_status(std::size_t index, const http_answer& a) {
    const duty& must = trials_[index].must;
    totals& sum = out_.sum;
    ++sum.statuses[a.status];
    const std::string got = fmt::format("got {} {}", a.status, a.body.substr(0, 400));
    if (must.refusal != 0) {
      ++sum.refused_otherwise;
      if (a.status != must.refusal) find(false, got, index);
      return;
    }
    const auto said = std::ranges::find(setup_.labels, a.header("x-naru-label"));
    if (said == setup_.labels.end() || static_cast<rank>(said - setup_.labels.begin()) < must.least) {
      find(false, fmt::format("labelled '{}'; {}", a.header("x-naru-label"), got), index);
    }
    if (!must.somebody_is_cleared()) {
      ++sum.refused_by_clearance;
      if (a.status != 503 || a.header("x-should-retry") != "false" || a.body.find("nothing_cleared") == std::string::npos)
        find(false, got, index);
      return;
    }
    ++(a.status == 200 ? sum.answered : sum.failed);
    if (std::ranges::find(ends, a.status) == ends.end()) find(false, got, index);
  }

  /// Logs and metrics know of requests, and nothing of what they say.
  void check_written() {
    for (const auto& [what, text] : {std::pair{"the gateway's output", &seen_.printed}, std::pair{"/metrics", &seen_.metrics}}) {
      for (const std::string& token : tokens_in(*text)) {
        const auto owner = owner_of(token);
        const std::string found = fmt::format("{} holds the canary {}", what, token);
        if (owner)
          find(true, found, *owner);
        else
          find(true, found);
      }
      for (std::size_t i = 0; i < trials_.size(); ++i) {
        for (const secret& each : trials_[i].asked.secrets) {
          if (text->find(each.text) != std::string::npos) find(true, fmt::format("{} holds a secret", what), i);
        }
      }
    }
    if (seen_.end.code != 0)
      find(false, fmt::format("the gateway ended with code {}, signal {}:\n{}", seen_.end.code, seen_.end.signal, seen_.printed));
  }

  const setup& setup_;
  const std::vector<trial>& trials_;
  const observed& seen_;
  std::unordered_map<std::string, std::size_t> owners_;
  std::vector<std::vector<const call*>> calls_;
  verdict out_;
};

}  // namespace

totals& totals::operator+=(const totals& t) {
  for (const auto member : {&totals::cases, &totals::answered, &totals::refused_by_clearance, &totals::refused_otherwise, &totals::failed,
                            &totals::left, &totals::calls, &totals::repeated, &totals::fell_over, &totals::with_secret, &totals::raised}) {
    this->*member += t.*member;
  }
  for (const auto& [status, count] : t.statuses) statuses[status] += count;
  return *this;
}

std::size_t verdict::leaks() const { return static_cast<std::size_t>(std::ranges::count_if(findings, &finding::leak)); }

verdict judge(const setup& s, const std::vector<trial>& trials, const observed& o) { return judge_of(s, trials, o)(); }

}  // namespace naru::test::canary
