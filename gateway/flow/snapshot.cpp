#include "gateway/flow/snapshot.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace naru::flow {
namespace {

std::uint64_t prefix(const key_hash& hash) noexcept {
  std::uint64_t p = 0;
  std::memcpy(&p, hash.data(), sizeof p);
  return p;
}

/// A vendor's name for a model that nobody configured: it goes into headers and URLs, so printable ASCII without quotes or blanks.
bool plain_name(std::string_view name) noexcept {
  return name.size() <= 256 && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

}  // namespace

key_hash hash_key(std::string_view key) {
  // The method is fetched once and the context kept: OpenSSL's one-shot call looks both up again for each key, which costs four times the
  // hash itself.
  struct context {
    EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* state = EVP_MD_CTX_new();
    ~context() {
      EVP_MD_CTX_free(state);
      EVP_MD_free(method);
    }
  };
  thread_local context mine;
  key_hash out{};
  if (EVP_DigestInit_ex2(mine.state, mine.method, nullptr) != 1 || EVP_DigestUpdate(mine.state, key.data(), key.size()) != 1 ||
      EVP_DigestFinal_ex(mine.state, out.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");  // a key that cannot be checked is no key
  }
  return out;
}

void caller_table::add(const key_hash& hash, std::shared_ptr<const caller> who) {
  by_prefix_.emplace(prefix(hash), entry{hash, std::move(who)});
}

std::shared_ptr<const caller> caller_table::find(std::string_view key) const {
  const key_hash hash = hash_key(key);
  const auto [begin, end] = by_prefix_.equal_range(prefix(hash));
  for (auto at = begin; at != end; ++at) {
    if (CRYPTO_memcmp(at->second.hash.data(), hash.data(), hash.size()) == 0) return at->second.who;
  }
  return nullptr;
}

std::vector<std::shared_ptr<const caller>> caller_table::all() const {
  std::vector<std::shared_ptr<const caller>> out;
  for (const auto& [unused, e] : by_prefix_) out.push_back(e.who);
  return out;
}

std::optional<std::chrono::milliseconds> snapshot::probe_patience(const chat_request& chat, const routing::demand& d) const {
  if (breaker.slow_call.count() == 0) return std::nullopt;
  if (chat.stream) return breaker.slow_call;
  const auto most = std::min<std::uint64_t>(d.max_output.value_or(d.expected_output).value, 1'000'000);
  return breaker.slow_call + resilience::breaker_settings::per_token * static_cast<std::int64_t>(most);
}

std::shared_ptr<const model> snapshot::find_model(std::string_view name) const {
  if (const auto at = models.find(name); at != models.end()) return at->second;
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == name.size() || !plain_name(name)) return nullptr;
  auto direct = std::make_shared<model>();
  direct->name = name;
  if (const auto at = deployments.find(name); at != deployments.end()) {
    direct->deployments.push_back(at->second);
    return direct;
  }
  const auto at = providers.find(name.substr(0, slash));
  if (at == providers.end()) return nullptr;
  // A name that nobody has configured: its price and abilities are unknown, and its health is remembered for a while, so that no client
  // can make state grow by inventing names.
  upstream::deployment made = at->second.like;
  made.facts.id = name;
  made.model = name.substr(slash + 1);
  made.live = at->second.states->get(name);
  direct->deployments.push_back(upstream::sealed(std::move(made)));
  return direct;
}

}  // namespace naru::flow
