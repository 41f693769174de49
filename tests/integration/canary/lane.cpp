#include "tests/integration/canary/lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "tests/integration/support.hpp"

namespace naru::test::canary {
namespace {

/// Clients at once: most of a request's time is waiting, for a retry's turn or for a mock that has fallen silent.
constexpr std::size_t clients = 40;

std::string in_chunks(std::string_view body, std::size_t size) {
  std::string out;
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    const std::string_view piece = body.substr(0, size);
    out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  return out + "0\r\n\r\n";
}

/// Sends trials over one connection that is kept as long as the gateway keeps it.
class client {
 public:
  explicit client(unsigned short port) : port_(port) {}

  reply ask(const trial& t) {
    reply r;
    try {
      if (!connection_) connection_ = std::make_unique<http_client>(port_);
      send(t);
      if (t.leaves_after_ms) {
        (void)connection_->wait_for_end(std::chrono::milliseconds(*t.leaves_after_ms));
        connection_->close(true);
        connection_.reset();
        return r;
      }
      r.got = connection_->read_answer();
      if (!r.got.complete || r.got.header("connection") == "close") connection_.reset();
      if (r.got.status == 0) r.trouble = "the connection ended without an answer";
    } catch (const std::exception& e) {
      r.trouble = e.what();
      connection_.reset();
    }
    return r;
  }

 private:
  void send(const trial& t) {
    if (t.chunk == 0) return connection_->send_request("POST", t.target, t.headers, t.body);
    header_lines headers = t.headers;
    headers.emplace_back("Transfer-Encoding", "chunked");
    connection_->send_request("POST", t.target, headers, in_chunks(t.body, t.chunk));
  }

  unsigned short port_;
  std::unique_ptr<http_client> connection_;
};

/// Every second setup is read again while its requests are under way: what has begun ends by the settings that it began with.
std::vector<reply> ask_all(const setup& s, const std::vector<trial>& trials, naru_process& naru) {
  std::vector<reply> replies(trials.size());
  const std::size_t threads = std::min(clients, trials.size());
  in_parallel(threads, threads, [&](std::size_t first) {
    client c(naru.port());
    for (std::size_t i = first; i < trials.size(); i += threads) {
      replies[i] = c.ask(trials[i]);
      if (s.number % 2 == 1 && i == trials.size() / 2) naru.reload(s.yaml);
    }
  });
  return replies;
}

std::uint64_t connection_of(const std::filesystem::path& file) {
  const std::string name = file.stem().string();  // connection-12
  return std::stoull(name.substr(name.rfind('-') + 1));
}

}  // namespace

lane::lane(std::string program) : program_(std::move(program)), places_(most_labels) {
  for (place& p : places_) {
    mock_upstream::options o;
    o.key.clear();  // providers have several keys here, and any of them will do
    o.record_dir = p.records.path().string();
    p.mock = std::make_unique<mock_upstream>(o);
  }
}

std::vector<unsigned short> lane::ports() const {
  std::vector<unsigned short> out;
  for (const place& p : places_) out.push_back(p.mock->port());
  return out;
}

void lane::script(const setup& s) {
  for (const canary::script& one : s.scripts) places_[one.mock].mock->script(one.model, one.answers);
}

observed lane::run(const setup& s, const std::vector<trial>& trials) {
  observed o;
  script(s);
  naru_process::options how = lean();
  how.program = program_;
  naru_process naru(s.yaml, how);
  o.replies = ask_all(s, trials, naru);
  o.metrics = ask(naru.admin_port(), "GET", "/metrics").body;
  o.end = naru.stop(std::chrono::seconds(20));
  o.printed = naru.process().output();
  for (std::size_t i = 0; i < places_.size(); ++i) collect(i, o);
  return o;
}

/// The gateway has ended, so that all it ever sent is in the mock's log and files once its connections are closed there.
void lane::collect(std::size_t mock, observed& o) {
  place& p = places_[mock];
  if (!eventually([&] { return p.mock->stat("open") == 0; }))
    throw std::runtime_error("a mock's connection stays open though the gateway has ended");
  std::map<std::uint64_t, std::string> by_connection;
  for (mock_request& r : p.mock->log(p.seen)) {
    p.seen = std::max(p.seen, r.id);
    by_connection[r.connection] += r.head + r.body;
    auto tokens = tokens_in(r.head + r.body);
    o.calls.push_back({mock, std::move(r), std::move(tokens)});
  }
  for (const auto& file : std::filesystem::directory_iterator(p.records.path())) {
    std::string bytes = read_file(file.path());
    const std::string& known = by_connection[connection_of(file.path())];
    if (bytes.starts_with(known)) bytes.erase(0, known.size());
    if (!bytes.empty()) o.strays.push_back({mock, std::move(bytes)});
    std::filesystem::remove(file.path());
  }
}

}  // namespace naru::test::canary
