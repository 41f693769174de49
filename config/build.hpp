#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/catalogue.hpp"
#include "config/load.hpp"
#include "config/problems.hpp"
#include "config/reader.hpp"
#include "config/sources.hpp"
#include "providers/vendors/vendor.hpp"

/// From a checked tree to settings, section by section. Each function reads its section, fills in what is absent, and reports what the
/// table cannot see: names that must exist, keys that exclude each other, files that must be there.
namespace naru::config {

struct build_context {
  const load_options& options;
  sources& from;
  problem_list& problems;
  const catalogue& models;
  settings out;
  std::vector<std::string> provider_names;                    ///< all that are named, those that wait for a later version included
  std::map<std::string, place, std::less<>> provider_places;  ///< of those that the file names
  bool providers_given = false;
};

/// A word of the scheme; nullopt when absent, or when it is no label (reported).
[[nodiscard]] std::optional<label> read_label(const reader& r, const label_scheme& labels, problem_list& problems);
/// Reports, and returns the system's reason, when a file cannot be read. Its change will be noticed either way.
[[nodiscard]] std::optional<std::string> unreadable(build_context& c, const std::string& path);

void build_sensitivity(const reader& root, build_context& c);  ///< first: the labels
void build_server(const reader& root, build_context& c);       ///< listen, shards, limits, log, stream, shutdown
void build_resilience(const reader& root, build_context& c);   ///< breaker, overload
void build_providers(const reader& root, build_context& c);
void build_models(const reader& root, build_context& c);
void build_callers(const reader& root, build_context& c);  ///< callers, rates
void build_rules(const reader& root, build_context& c);    ///< after models and callers, whose names they use
void cross_check(const reader& root, build_context& c);    ///< last: what no section sees alone

/// `require:` of a model or a rule.
[[nodiscard]] routing::requirements read_require(const reader& r, build_context& c);
/// What callers give as their team, user or name, each once.
[[nodiscard]] std::vector<std::string> names_in(const reader& callers, std::string_view key);
/// The names and aliases of all models.
[[nodiscard]] std::vector<std::string> model_names(const build_context& c);
/// A model's `hedge:`; nullopt: off.
[[nodiscard]] std::optional<resilience::hedge_settings> build_hedge(const reader& r);

/// Warns of what is allowed but probably not meant: nobody cleared, no price.
void doubt_deployment(const reader& r, const deployment& d, const model& m, build_context& c);
void doubt_model(const reader& r, const model& m, build_context& c);

/// A provider's entry, or one that is on by default (`r` reads nothing then). nullopt: reported.
[[nodiscard]] std::optional<provider> build_provider(const std::string& name, const reader& r, build_context& c);
/// Where an account's credential is no plain key: finds it, as the vendor's own tools would, or switches the provider off.
void build_credentials(const reader& r, const vendors::vendor& v, provider& p, build_context& c);
/// The proxy for a provider: its own, else the environment's for https.
[[nodiscard]] std::optional<proxy> build_proxy(const reader& r, const endpoint& to, build_context& c);
/// The embedded model's part of a provider; may switch it off.
void build_local(const reader& r, provider& p, build_context& c);

/// What the catalogue and the provider say of a model.
[[nodiscard]] deployment base_deployment(const provider& p, std::string_view model, const catalogue& models);
/// What a catalogue's entry is for; nullopt: for something that nothing here asks for (speech, moderation).
[[nodiscard]] std::optional<request_kind> kind_of(const catalogue_entry& e) noexcept;
/// Whether its vendor has a wire form for what it is for.
[[nodiscard]] bool served(const catalogue_entry& e) noexcept;
/// The name of a local provider's only model.
[[nodiscard]] std::string local_model_name(const provider& p);
/// nullopt for what cannot be used (reported), or waits for a later version. @param c  its providers are built
[[nodiscard]] std::optional<deployment> build_deployment(const reader& r, build_context& c);

}  // namespace naru::config
