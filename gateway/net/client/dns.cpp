#include "gateway/net/client/dns.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "gateway/net/client/ares_channel.hpp"
#include "gateway/net/http/syntax.hpp"
#include "gateway/net/signal.hpp"

namespace naru::net::client {
namespace {

using addresses = std::vector<socket_address>;

std::optional<socket_address> literal(const std::string& host) noexcept {
  socket_address a;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&a.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&a.storage);
  if (::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    a.length = sizeof *v4;
    return a;
  }
  if (::inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    a.length = sizeof *v6;
    return a;
  }
  return std::nullopt;
}

/// RFC 6761 §6.3: never asked of a server.
bool is_localhost(std::string_view host) noexcept {
  constexpr std::string_view name = "localhost";
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() < name.size() || !http::same_text(host.substr(host.size() - name.size()), name)) return false;
  return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

/// The first family first, then in turn, so that a broken one costs one try at most before the other has its chance.
addresses in_turn(const addresses& sorted) {
  if (sorted.empty()) return {};
  const auto family = sorted.front().storage.ss_family;
  addresses first, second, out;
  for (const auto& a : sorted) (a.storage.ss_family == family ? first : second).push_back(a);
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) out.push_back(first[i]);
    if (i < second.size()) out.push_back(second[i]);
  }
  return out;
}

/// One question under way, and who waits for it.
struct lookup {
  std::optional<result<addresses>> outcome;
  std::vector<lasting_signal*> waiting;
};

/// A place in a look-up's line that is left even when the waiting coroutine is destroyed.
class place_in_line {
 public:
  place_in_line(std::shared_ptr<lookup> l, lasting_signal& s) : lookup_(std::move(l)), signal_(s) { lookup_->waiting.push_back(&s); }
  ~place_in_line() { std::erase(lookup_->waiting, &signal_); }
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;

 private:
  std::shared_ptr<lookup> lookup_;
  lasting_signal& signal_;
};

struct entry {
  result<addresses> known{addresses{}};
  steady_time until{};
  std::shared_ptr<lookup> under_way;
};

}  // namespace

struct resolver::impl : std::enable_shared_from_this<resolver::impl> {
  impl(shard& s, dns_options o) : home(s), options(std::move(o)) {}

  shard& home;
  dns_options options;
  std::unordered_map<std::string, entry> names;
  std::size_t started = 0;
  std::shared_ptr<ares_channel> channel;  ///< made with the first question; above all else, since it answers when it is destroyed

  result<void> open_channel() {
    if (channel) return {};
    auto opened = ares_channel::open(home, options);
    if (!opened) return fail(std::move(opened.error()));
    channel = std::move(*opened);
    return {};
  }

  void make_room(steady_time now) {
    if (names.size() < options.names) return;
    std::erase_if(names, [now](const auto& n) { return !n.second.under_way && n.second.until <= now; });
    for (auto n = names.begin(); n != names.end() && names.size() >= options.names;)
      n = n->second.under_way ? std::next(n) : names.erase(n);
  }

  std::shared_ptr<lookup> begin(const std::string& host) {
    make_room(home.time().now());
    auto l = std::make_shared<lookup>();
    names[host].under_way = l;
    ++started;
    channel->query(host, [me = weak_from_this(), l, host](result<dns_answer> answer) {
      if (const auto self = me.lock()) self->keep(host, *l, std::move(answer));
      for (lasting_signal* s : l->waiting) s->raise();
    });
    return l;
  }

  void keep(const std::string& host, lookup& l, result<dns_answer> answer) {
    entry& e = names[host];
    e.under_way.reset();
    const steady_time now = home.time().now();
    if (answer) {
      e.known = in_turn(answer->addresses);
      e.until = now + std::clamp(answer->ttl, options.shortest, options.longest);
    } else {
      spdlog::warn("{}", answer.error().message);  // the host is not in what callers pass on; at most once a second and name
      e.known = fail(std::move(answer.error()));
      e.until = now + options.negative;
    }
    l.outcome = e.known;
  }
};

resolver::resolver(shard& home, dns_options options) : impl_(std::make_shared<impl>(home, std::move(options))) {}
resolver::~resolver() { impl_->channel.reset(); }
std::size_t resolver::lookups() const noexcept { return impl_->started; }

task<std::vector<socket_address>> resolver::resolve(std::string host, breaker& stop) {
  const auto self = impl_;
  if (auto a = literal(host)) co_return addresses{*a};
  if (is_localhost(host)) co_return addresses{*literal("127.0.0.1"), *literal("::1")};

  std::shared_ptr<lookup> l;
  if (const auto found = self->names.find(host); found != self->names.end()) {
    l = found->second.under_way;
    if (!l && found->second.until > self->home.time().now()) co_return found->second.known;
  }
  if (!l) {
    if (auto open = self->open_channel(); !open) co_return fail(std::move(open.error()));
    l = self->begin(host);
  }
  if (!l->outcome) {
    lasting_signal answered{self->home};
    const place_in_line place{l, answered};
    const breaker::waiting woken{stop, [&answered] { answered.raise(); }};
    co_await answered.wait();
  }
  if (stop.tripped()) co_return fail(stop.why());
  if (!l->outcome) co_return fail(failure_of(reasons::dns, "look-up of " + host + ": the resolver was closed"));
  co_return *l->outcome;
}

}  // namespace naru::net::client
