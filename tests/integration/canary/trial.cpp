#include "tests/integration/canary/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/integration/canary/request.hpp"
#include "tests/support/seeded_random.hpp"

namespace naru::test::canary {
namespace {

/// Positions outside the body: bytes of the request all the same, and none of them may go on.
constexpr std::array<std::string_view, 5> loose_headers{"x-note", "User-Agent", "X-Request-Id", "Cookie", "traceparent"};

constexpr std::array<std::string_view, 10> direct_manners{"echo",       "ok",           "sse-4x20",    "status-500", "status-503",
                                                          "status-429", "reset-before", "cut-after-1", "status-400", "error-frame-first"};

class drawer {
 public:
  drawer(const setup& s, std::size_t number) : setup_(s), random_(seeded_random(number)) { out_.number = number; }

  trial draw() {
    draw_caller();
    draw_model();
    draw_label();
    draw_body();
    draw_loose_ends();
    out_.must = what_must_hold(setup_, out_.asked);
    return std::move(out_);
  }

 private:
  std::string new_token(std::string_view place) {
    std::string token = make_token(random_);
    out_.tokens.emplace(token, place);
    return token;
  }

  void draw_caller() {
    if (setup_.callers.empty()) return;
    out_.asked.strange_key = chance(random_, 3);
    if (!out_.asked.strange_key) out_.asked.who = &one_of(random_, setup_.callers);
    const std::string key = out_.asked.who != nullptr ? out_.asked.who->key : "naru-test-nobody-has-this-one";
    const std::array<std::string_view, 4> names{"Authorization", "x-api-key", "api-key", "x-goog-api-key"};
    const std::string_view name = one_of(random_, names);
    out_.headers.emplace_back(name, (name == "Authorization" ? "Bearer " : "") + key);
  }

  void draw_model() {
    const auto& m = one_of(random_, setup_.models);
    const std::size_t how = below(random_, 100);
    std::string& name = out_.asked.model;
    name = m.name;
    if (how < 12 && !m.aliases.empty()) {
      name = m.aliases.front();
    } else if (how >= 12 && how < 24) {  // a deployment itself
      const deployment& d = one_of(random_, m.deployments);
      name = setup_.providers[d.provider].name + "/" + d.model;
    } else if (how >= 24 && how < 34) {  // a model that no line names
      name = fmt::format("{}/u{}--{}+lenient", one_of(random_, setup_.providers).name, out_.number, one_of(random_, direct_manners));
    } else if (how >= 34 && how < 36) {
      name = (chance(random_, 50) ? "nobody/" : "no-such-") + new_token("the name of a model that is not there");
    }
  }

  void add_label_line(std::string word) {
    const std::array<std::string_view, 3> names{"x-naru-label", "X-Naru-Label", "X-NARU-LABEL"};
    out_.headers.emplace_back(one_of(random_, names), word);
    out_.asked.header_words.push_back(std::move(word));
  }

  void draw_label() {
    const std::size_t how = below(random_, 100);
    if (how < 50) return;
    std::string known = one_of(random_, setup_.labels);
    if (how < 85) return add_label_line(std::move(known));
    if (how < 92) return add_label_line(some_of(random_, "abcdefghijklmnopqrstuvwxyz", 13));
    if (how < 96) {
      known.front() = static_cast<char>(known.front() - 32);  // labels are words of the settings, letter by letter
      return add_label_line(std::move(known));
    }
    add_label_line(std::move(known));  // two lines: whoever reads one of them must not lower the other
    add_label_line(one_of(random_, setup_.labels));
  }

  void draw_body() {
    const shape s = draw_shape(random_);
    out_.stream = s.stream;
    std::vector<slot> slots;
    (void)write_body(s, out_.asked.model, [&](const slot& one) {
      slots.push_back(one);
      return std::string("\"\"");
    });
    const auto user_text = std::ranges::find(slots, std::string_view("user text"), &slot::name) - slots.begin();
    std::vector<bool> with_token(slots.size(), false);
    with_token[static_cast<std::size_t>(user_text)] = true;
    for (std::size_t i = 1 + below(random_, 4); i > 0; --i) with_token[below(random_, slots.size())] = true;
    std::optional<std::size_t> secret_at;
    if (chance(random_, 35)) secret_at = below(random_, slots.size());
    std::size_t at = 0;
    out_.body = write_body(s, out_.asked.model, [&](const slot& one) {
      const std::size_t index = at++;
      return filled(one, with_token[index], secret_at == index);
    });
  }

  std::string filled(const slot& one, bool token, bool secret_here) {
    std::string hidden;
    if (secret_here) {
      out_.asked.secrets.push_back(make_secret(random_, one.holds));
      hidden = out_.asked.secrets.back().text;
    }
    if (one.holds == room::number) return secret_here ? hidden : std::to_string(below(random_, 1000));
    const bool escaped = chance(random_, 20);
    if (one.holds == room::word) {
      // A name has 64 characters: a secret takes them all.
      if (secret_here) return quoted(hidden, escaped);
      return quoted(token ? "w_" + new_token(one.name) : "w_" + some_of(random_, "abcdefgh", 8), escaped);
    }
    std::string text = some_words(random_, 1 + below(random_, 12));
    if (token) text += " " + new_token(one.name);
    if (secret_here) text += " " + hidden + " ";
    text += " " + some_words(random_, 1 + below(random_, 6));
    if (one.name == "image url")
      text = "data:image/png;base64," + to_base64(text);
    else if (one.name == "base64 part" || (!one.nested && one.name != "user text" && chance(random_, 6)))
      text = any_base64(text);
    return quoted(text, escaped);
  }

  /// As it comes: with padding or without, or in the letters for URLs.
  std::string any_base64(std::string_view text) {
    std::string out = to_base64(text);
    if (chance(random_, 30)) out.erase(out.find_last_not_of('=') + 1);
    if (!chance(random_, 30)) return out;
    std::ranges::replace(out, '+', '-');
    std::ranges::replace(out, '/', '_');
    return out;
  }

  void draw_loose_ends() {
    out_.target = chance(random_, 10) ? "/openai/v1/chat/completions" : "/v1/chat/completions";
    if (chance(random_, 4)) out_.target += "?note=" + new_token("query");
    if (chance(random_, 8)) {
      const std::string_view name = one_of(random_, loose_headers);
      out_.headers.emplace_back(name, new_token(name));
    }
    if (chance(random_, 10)) out_.chunk = 1 + below(random_, 400);
    if (chance(random_, 3)) out_.leaves_after_ms = below(random_, 40);
  }

  const setup& setup_;
  generator random_;
  trial out_;
};

}  // namespace

trial make_trial(const setup& s, std::size_t number) { return drawer(s, number).draw(); }

std::string described(const setup& s, const trial& t) {
  std::string out = fmt::format("case {} of settings {}: POST {}\n", t.number, s.number, t.target);
  for (const auto& [name, value] : t.headers) out += fmt::format("  {}: {}\n", name, value);
  if (t.chunk != 0) out += fmt::format("  in chunks of {}\n", t.chunk);
  out += "  " + t.body + "\n";
  for (const auto& [token, place] : t.tokens) out += fmt::format("  {} stands in: {}\n", token, place);
  for (const secret& each : t.asked.secrets) out += fmt::format("  {}: {}\n", each.detector, each.text);
  if (t.must.refusal != 0) return out + fmt::format("  must be refused with {}\n", t.must.refusal);
  out += fmt::format("  must be labelled {} (rank {}) or higher; its model stands for\n", s.labels[t.must.least], t.must.least);
  for (const deployment& d : t.must.candidates) {
    out += fmt::format("    {}/{}, cleared for {} (rank {})\n", s.providers[d.provider].name, d.model, s.labels[d.cleared], d.cleared);
  }
  return out;
}

}  // namespace naru::test::canary
