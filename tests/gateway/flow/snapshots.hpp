#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/flow/snapshot.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace naru::flow::test {

/// Builds the snapshot of a small house. Providers come into being when a deployment names them; everything is free, speaks OpenAI's
/// form, may receive every label, and leads nowhere until `to` says where.
class snapshot_builder {
 public:
  snapshot_builder() {
    made_->labeller = std::make_unique<sensitivity::labeller>(made_->labels, std::vector<sensitivity::detector_action>{});
  }

  /// A provider with keys of its own, or one that is off.
  snapshot_builder& provider(const std::string& name, std::string off_reason = {}, std::vector<std::string> keys = {}) {
    auto p = std::make_shared<upstream::provider>();
    p->name = name;
    p->vendor = "compatible";
    p->base_path = "/v1";
    p->auth = keys.empty() ? vendors::auth_style::none : vendors::auth_style::bearer;
    p->keys = std::make_shared<upstream::key_ring>(std::move(keys));
    providers_[name] = {p, std::move(off_reason)};
    return *this;
  }
  /// Where a provider is.
  snapshot_builder& to(const std::string& name, std::shared_ptr<const net::client::origin> origin) {
    made_provider(name).first->origin = std::move(origin);
    return *this;
  }
  snapshot_builder& clearance(const std::string& id, std::uint8_t rank) {
    clearances_[id] = {rank};
    return *this;
  }
  /// Words of the catalogue for a deployment that is named later.
  snapshot_builder& constrained(const std::string& id, std::vector<std::string> words) {
    constraints_[id] = std::move(words);
    return *this;
  }
  snapshot_builder& model(const std::string& name, const std::vector<std::string>& ids, const std::vector<std::string>& aliases = {}) {
    auto m = std::make_shared<flow::model>();
    m->name = name;
    for (const auto& id : ids) m->deployments.push_back(deployment(id));
    for (const auto& alias : aliases) made_->models.emplace(alias, m);
    made_->models.emplace(name, std::move(m));
    return *this;
  }
  snapshot_builder& direct(const std::string& id) {
    deployment(id);
    return *this;
  }
  snapshot_builder& caller(const std::string& key, flow::caller who) {
    made_->callers.add(hash_key(key), std::make_shared<const flow::caller>(std::move(who)));
    return *this;
  }
  /// Anything else, before it is shared.
  snapshot& raw() { return *made_; }

  std::shared_ptr<const snapshot> build() {
    for (auto& [name, p] : providers_) {
      if (!p.second.empty()) continue;
      upstream::deployment like;
      like.facts.clearance = {made_->labels.highest().rank};
      like.provider = p.first;
      like.forms = {&dialects::openai_chat::upstream()};
      made_->providers.emplace(name, direct_template{std::move(like), std::make_shared<upstream::passing_states>()});
    }
    return made_;
  }

 private:
  std::pair<std::shared_ptr<upstream::provider>, std::string>& made_provider(const std::string& name) {
    if (!providers_.contains(name)) provider(name);
    return providers_.at(name);
  }

  std::shared_ptr<const upstream::deployment> deployment(const std::string& id) {
    if (const auto at = made_->deployments.find(id); at != made_->deployments.end()) return at->second;
    const std::size_t slash = id.find('/');
    const auto& [p, off_reason] = made_provider(id.substr(0, slash));
    upstream::deployment d;
    d.facts.id = id;
    d.facts.clearance = clearances_.contains(id) ? clearances_.at(id) : naru::clearance{made_->labels.highest().rank};
    d.facts.price.free = true;
    d.provider = p;
    d.forms = {&dialects::openai_chat::upstream()};
    d.model = id.substr(slash + 1);
    if (const auto words = constraints_.find(id); words != constraints_.end()) d.constraints = words->second;
    d.off = !off_reason.empty();
    d.off_reason = off_reason;
    d.live = live_.get(id);
    return made_->deployments.emplace(id, upstream::sealed(std::move(d))).first->second;
  }

  std::shared_ptr<snapshot> made_ = std::make_shared<snapshot>();
  upstream::live_states live_;
  std::map<std::string, std::pair<std::shared_ptr<upstream::provider>, std::string>> providers_;
  std::map<std::string, naru::clearance> clearances_;
  std::map<std::string, std::vector<std::string>> constraints_;
};

}  // namespace naru::flow::test
