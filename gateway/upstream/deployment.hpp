#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/upstream/live_state.hpp"
#include "gateway/upstream/worker_status.hpp"
#include "policies/routing/plan.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/vendors/vendor.hpp"

namespace naru::net::client {
struct origin;
}

namespace naru::upstream {

/// The keys of one provider. They share the load in turn; one that was refused or limited rests while others are left.
/// Thread: any. The keys themselves are immutable.
class key_ring {
 public:
  explicit key_ring(std::vector<std::string> keys) : keys_(std::move(keys)), rests_until_(keys_.size()) {}

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// Index of the next key that does not rest; of the one whose rest ends first when all do; `none` when there is no key at all.
  [[nodiscard]] std::size_t next(steady_time now) noexcept;
  [[nodiscard]] const std::string& value(std::size_t index) const noexcept { return keys_[index]; }
  /// Of two rests the longer holds.
  void rest(std::size_t index, steady_time until) noexcept;
  /// Whether a key other than `index` could be tried at once.
  [[nodiscard]] bool another_than(std::size_t index, steady_time now) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

 private:
  std::vector<std::string> keys_;
  std::vector<std::atomic<steady_time::rep>> rests_until_;
  std::atomic<std::size_t> turn_{0};
};

class signer;

struct timeouts {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds first_byte{300'000};
  std::chrono::milliseconds idle{120'000};
  std::chrono::milliseconds total{600'000};
};

/// Where a provider is and how it is spoken to. Immutable; belongs to the settings snapshot. No request can change any of it.
struct provider {
  std::string name;
  std::string vendor;
  std::shared_ptr<const net::client::origin> origin;
  std::string base_path;  ///< of base_url, without a slash at the end; the dialect's path follows
  vendors::auth_style auth = vendors::auth_style::none;
  std::shared_ptr<const signer> signs;  ///< makes the credential of each call; null: a key of `keys` is the credential
  void (*shape)(dialects::wire_request&, const vendors::shaping&) = nullptr;  ///< of the vendor; null: nothing is reshaped
  std::string resource, location, project, api_version;                       ///< of the account, for `shape`; see vendors::account
  std::shared_ptr<key_ring> keys;
  std::vector<dialects::header> headers;  ///< sent with every call
  upstream::timeouts timeouts;
  std::shared_ptr<const worker_status> worker;  ///< of the supervised worker; null for all others
};

/// One provider's model that can answer, with all that a call needs. Made whole by `sealed`, immutable from then on.
struct deployment {
  routing::deployment facts;
  std::shared_ptr<const upstream::provider> provider;
  /// Wire forms by request_kind; null: the model is not for that. A token count is asked in the form of a chat.
  std::array<const dialects::upstream_dialect*, 4> forms{};
  const dialects::upstream_dialect* also = nullptr;  ///< a second form of chats; null: none
  std::string model;                                 ///< the vendor's name
  std::vector<std::string> constraints;              ///< words of the catalogue
  bool usage_in_stream = true;
  bool max_tokens_field_only = false;
  std::shared_ptr<live_state> live;
  bool off = false;
  std::string off_reason;

  [[nodiscard]] const dialects::upstream_dialect* form_for(request_kind k) const noexcept { return forms[static_cast<std::size_t>(k)]; }

  /// What a dialect's writer must know of it: views into this very object.
  dialects::target target;
};

/// The deployment in its last place, with its target. Nothing of it may be moved afterwards.
[[nodiscard]] inline std::shared_ptr<const deployment> sealed(deployment&& from) {
  auto made = std::make_shared<deployment>(std::move(from));
  dialects::target& t = made->target;
  t.model = made->model;
  t.constraints.assign(made->constraints.begin(), made->constraints.end());
  if (made->facts.can.max_output) t.max_output = made->facts.can.max_output->value;
  t.usage_in_stream = made->usage_in_stream;
  t.max_tokens_field_only = made->max_tokens_field_only;
  return made;
}

}  // namespace naru::upstream
