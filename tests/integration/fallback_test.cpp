#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/integration/support.hpp"

// The table of who falls over and who does not, row by row: whole answers and streams, with another deployment behind and alone.
using namespace naru::test;

namespace {

enum class way : std::uint8_t { whole, stream };

struct fault {
  std::string_view directive;  ///< of the mock
  std::size_t beside = 0;      ///< calls to the faulty deployment while another one is left
  std::string_view reason;     ///< x-naru-fallback-reason; empty: nobody falls over, the vendor's refusal is relayed
  std::size_t alone = 0;       ///< calls when it is the only deployment
  int status = 0;              ///< what the client gets then
  std::string_view code;       ///< error.code then; empty: whatever the vendor says
  bool wholes = true;          ///< for whole answers
  bool streams = true;         ///< for streams
};

// Twice here, then elsewhere: what is over in an instant. Once here, then elsewhere: what is better left alone.
constexpr fault faults[] = {
    {"status-500", 2, "transient", 3, 502, "upstream_failed"},
    {"status-502", 2, "transient", 3, 502, "upstream_failed"},
    {"status-409", 2, "transient", 3, 502, "upstream_failed"},
    {"status-425", 2, "transient", 3, 502, "upstream_failed"},
    {"status-503", 1, "transient", 3, 502, "upstream_failed"},
    {"status-529", 1, "transient", 3, 502, "upstream_failed"},
    {"status-504", 1, "transient", 3, 504, "upstream_timeout"},
    {"status-408", 1, "transient", 3, 504, "upstream_timeout"},
    {"reset-before", 2, "transient", 3, 502, "upstream_failed"},
    {"stall-before", 1, "transient", 3, 504, "upstream_timeout"},
    {"badhead", 2, "transient", 3, 502, "upstream_failed"},
    {"bighead", 2, "transient", 3, 502, "upstream_failed"},
    {"empty", 2, "transient", 3, 502, "upstream_failed"},
    {"badjson", 2, "transient", 3, 502, "upstream_failed"},
    {"error-frame-first", 2, "transient", 3, 502, "upstream_failed"},
    {"cut-after-0", 2, "transient", 3, 502, "upstream_failed"},
    {"reset-after-0", 2, "transient", 3, 502, "upstream_failed"},
    {"stall-after-0", 1, "transient", 3, 504, "upstream_timeout"},
    {"silent-end-after-0", 2, "transient", 3, 502, "upstream_failed"},
    {"short-length", 2, "transient", 3, 502, "upstream_failed", true, false},
    {"long-length", 2, "transient", 3, 502, "upstream_failed", true, false},
    {"status-429-retry-100", 1, "limited", 1, 429, "rate_limit_exceeded"},
    {"status-429-retryms-300", 1, "limited", 3, 429, "rate_limit_exceeded"},
    {"status-429", 1, "limited", 3, 429, "rate_limit_exceeded"},
    {"quota", 1, "account", 1, 502, "upstream_failed"},
    {"status-401", 1, "account", 1, 502, "upstream_failed"},
    {"status-403", 1, "account", 1, 502, "upstream_failed"},
    {"status-404", 1, "settings", 1, 502, "upstream_failed"},
    {"status-410", 1, "settings", 1, 502, "upstream_failed"},
    {"ctx", 1, "", 1, 400, ""},  // no deployment is known to have a larger context
    {"status-400", 1, "", 1, 400, ""},
    {"status-413", 1, "", 1, 413, ""},
    {"status-415", 1, "", 1, 415, ""},
    {"status-422", 1, "", 1, 422, ""},
    {"content-policy", 1, "", 1, 400, ""},
};

struct dialect {
  std::string_view provider;
  std::string_view other;  ///< answers when this one does not
};
constexpr dialect dialects[] = {{"oa", "an"}, {"an", "go"}, {"go", "oa"}};

/// Every row has deployments of its own, so that what one request learns about a deployment is nothing to another.
struct row {
  const fault* f;
  const dialect* d;
  way w;
  bool alone;
  std::string name;

  /// OpenAI's error frame says that something went wrong; the others' say that they are overloaded, and are better left alone.
  [[nodiscard]] std::size_t beside() const { return f->directive == "error-frame-first" && d->provider != "oa" ? 1 : f->beside; }
  [[nodiscard]] std::string upstream() const { return name + "--" + std::string(f->directive); }
  [[nodiscard]] std::string other() const { return name + "--ok"; }
};

bool applies(const fault& f, const dialect& d, way w) {
  if (w == way::whole ? !f.wholes : !f.streams) return false;
  // Gemini has no status for these: a forbidden prompt is a 200 that says so, and a spent quota is a limit like any other.
  return d.provider != "go" || (f.directive != "content-policy" && f.directive != "quota");
}

std::vector<row> all_rows() {
  std::vector<row> out;
  for (const dialect& d : dialects) {
    for (const fault& f : faults) {
      for (const way w : {way::whole, way::stream}) {
        if (!applies(f, d, w)) continue;
        for (const bool alone : {false, true}) out.push_back({&f, &d, w, alone, "r" + std::to_string(out.size())});
      }
    }
  }
  return out;
}

std::string settings_for(const std::vector<row>& rows, const mock_upstream& mock) {
  constexpr std::string_view waits = ", timeouts: {first_byte: 400ms, idle: 400ms}";
  std::string out = listening_anywhere() + "limits: {deadline: 20s}\nlog: {access: off}\nproviders:\n";
  out += provider_line("oa", "openai", mock, waits) + provider_line("an", "anthropic", mock, waits) +
         provider_line("go", "google", mock, waits);
  out += "  local: off\nmodels:\n";
  for (const row& r : rows) {
    out += "  " + r.name + ": {strategy: priority, deployments: [" + std::string(r.d->provider) + "/" + r.upstream();
    if (!r.alone) out += ", " + std::string(r.d->other) + "/" + r.other();
    out += "]}\n";
  }
  return out;
}

struct outcome {
  http_answer head;
  std::string body;
  bool complete = false;
};

outcome ask_row(const row& r, unsigned short port) {
  if (r.w == way::whole) {
    auto a = post(port, chat(r.name));
    return {a, a.body, a.complete};
  }
  http_client client(port);
  client.send_request("POST", completions, {}, chat_stream(r.name));
  outcome o;
  o.head = client.read_head();
  o.body = client.read_rest();
  o.complete = client.body_complete();
  return o;
}

/// A reset before any byte of an answer, on a connection that was used before, is taken for an idle one's end and sent once more over a
/// fresh one: so here, and only here, the vendor may see more calls than deployments were asked, but never more than limits.attempts.
void check_calls(const row& r, std::size_t seen, std::size_t wanted) {
  CHECK(seen >= wanted);
  CHECK(seen <= (r.f->directive == "reset-before" ? 3 : wanted));  // limits.attempts
}

void check_answered(const row& r, const outcome& o, std::size_t own, std::size_t others) {
  CHECK(o.head.status == 200);
  CHECK(o.complete);
  CHECK(o.body.find("mock.") != std::string::npos);
  CHECK(o.head.header("x-naru-deployment") == std::string(r.d->other) + "/" + r.other());
  CHECK(o.head.header("x-naru-fallback-reason") == r.f->reason);
  CHECK(o.head.header("x-naru-attempts") == std::to_string(r.beside() + 1));
  check_calls(r, own, r.beside());
  CHECK(others == 1);
}

void check_refused(const row& r, const outcome& o, std::size_t own, std::size_t others) {
  CHECK(o.head.status == r.f->status);
  CHECK(o.head.header("x-should-retry") == "false");  // ours are spent: an SDK's own would triple the load
  CHECK(o.head.header("content-type").starts_with("application/json"));
  CHECK(at(o.body, "error.message").size() > 5);
  if (!r.f->code.empty()) CHECK(at(o.body, "error.code") == r.f->code);
  if (r.f->status == 429) {
    CHECK_FALSE(o.head.header("retry-after").empty());
    CHECK_FALSE(o.head.header("retry-after-ms").empty());
  }
  for (const char* ours : {"127.0.0.1", "sk-mock", "Bearer"}) CHECK(o.body.find(ours) == std::string::npos);
  check_calls(r, own, r.alone ? r.f->alone : r.beside());
  CHECK(others == 0);
}

}  // namespace

TEST_CASE("every failure of the table goes where the table says", "[integration][fallback]") {
  mock_upstream::options keep_all;
  keep_all.more = {"--keep", "5000"};
  mock_upstream mock(keep_all);
  const auto rows = all_rows();
  naru_process naru(settings_for(rows, mock), lean());
  std::vector<outcome> outcomes(rows.size());
  in_parallel(rows.size(), 24, [&](std::size_t i) { outcomes[i] = ask_row(rows[i], naru.port()); });

  std::map<std::string, std::size_t, std::less<>> seen;
  for (const auto& call : mock.log()) ++seen[call.model];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const row& r = rows[i];
    CAPTURE(r.f->directive, r.d->provider, (r.w == way::whole ? "whole" : "stream"), r.alone, outcomes[i].body.substr(0, 300));
    if (!r.alone && !r.f->reason.empty()) {
      check_answered(r, outcomes[i], seen[r.upstream()], seen[r.other()]);
    } else {
      check_refused(r, outcomes[i], seen[r.upstream()], seen[r.other()]);
    }
  }
}

TEST_CASE("what nobody listens to is left at once", "[integration][fallback]") {
  mock_upstream mock;
  unsigned short nobody = 0;
  {
    const mock_upstream gone;
    nobody = gone.port();
  }
  naru_process naru(
      settings_at(mock, "models:\n  chat: {strategy: priority, deployments: [gone/m, an/claude--ok]}\n  alone: {deployments: [gone/n]}\n")
          .replace(settings_at(mock).find("  oa:"), 0,
                   "  gone: {type: compatible, base_url: \"http://127.0.0.1:" + std::to_string(nobody) + "/v1\"}\n"),
      lean());
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 200);
  CHECK(a.header("x-naru-deployment") == "an/claude--ok");
  CHECK(a.header("x-naru-fallback-reason") == "transient");
  const auto alone = post(naru.port(), chat("alone"));
  CHECK(alone.status == 502);
  CHECK(alone.header("x-should-retry") == "false");
  CHECK(alone.body.find(std::to_string(nobody)) == std::string::npos);
}

TEST_CASE("a prompt that is too long goes to a deployment whose context is known to be larger, and to no other",
          "[integration][fallback]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock,
                                "models:\n"
                                "  chat:\n"
                                "    strategy: priority\n"
                                "    deployments:\n"
                                "      - {use: oa/gpt--ctx, context: 8192}\n"
                                "      - {use: go/gemini--ok, context: 8192}\n"
                                "      - {use: an/claude--ok, context: 200000}\n"),
                    lean());
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 200);
  CHECK(a.header("x-naru-deployment") == "an/claude--ok");
  CHECK(a.header("x-naru-fallback-reason") == "too_small");
  CHECK(calls_of(mock, "gemini--ok") == 0);
}

TEST_CASE("a vendor's refusal is relayed in its own words", "[integration][fallback]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  const auto ctx = post(naru.port(), chat("oa/x--ctx"));
  CHECK(at(ctx.body, "error.code") == "context_length_exceeded");
  CHECK(at(ctx.body, "error.message").find("maximum context length is 8192") != std::string::npos);
  const auto policy = post(naru.port(), chat("oa/x--content-policy"));
  CHECK(at(policy.body, "error.code") == "content_policy_violation");
}

TEST_CASE("no request costs more calls than limits.attempts", "[integration][fallback]") {
  for (const std::size_t limit : {std::size_t{1}, std::size_t{2}}) {
    mock_upstream mock;
    naru_process naru(
        settings_at(mock,
                    "limits: {attempts: " + std::to_string(limit) +
                        "}\nmodels:\n  chat: {strategy: priority, deployments: [oa/a--status-503, an/b--status-503, go/c--status-503]}\n"),
        lean());
    CAPTURE(limit);
    const auto a = post(naru.port(), chat("chat"));
    CHECK(a.status == 502);
    CHECK(a.header("x-naru-attempts") == std::to_string(limit));
    CHECK(mock.stat("requests") == limit);
  }
}

TEST_CASE("an answer whose price includes failed attempts says the sum", "[integration][fallback]") {
  mock_upstream mock;
  // The first breaks off before content: nothing is charged for it, the second's 3 * 3 + 5 * 15 dollars a million are.
  naru_process naru(settings_at(mock, "models:\n  chat: {strategy: priority, deployments: [oa/a--status-503, an/b--ok]}\n"), lean());
  CHECK(post(naru.port(), chat("chat")).header("x-naru-cost-usd") == "0.000084");
}
