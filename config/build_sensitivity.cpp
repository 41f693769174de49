#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/suggest.hpp"

namespace naru::config {
namespace {

/// What a shipped default means in a company's own words for labels.
enum class usual : std::uint8_t { highest, default_label };

struct group {
  std::string_view name;
  usual raises_to;
  std::vector<std::string_view> members;  ///< those that are there
  std::vector<std::string_view> later;
};

const std::array<group, 4>& groups() {
  static const std::array<group, 4> all{
      group{"secrets",
            usual::highest,
            {"private_key", "aws_access_key", "aws_secret_key", "openai_key", "anthropic_key", "github_token"},
            {"gcp_service_account",
             "google_api_key",
             "azure_storage_key",
             "azure_connection_string",
             "azure_sas",
             "gitlab_token",
             "bitbucket_token",
             "slack_token",
             "slack_webhook",
             "discord_token",
             "telegram_token",
             "stripe_key",
             "square_token",
             "shopify_token",
             "twilio_key",
             "sendgrid_key",
             "mailgun_key",
             "huggingface_token",
             "groq_key",
             "npm_token",
             "pypi_token",
             "docker_token",
             "digitalocean_token",
             "cloudflare_token",
             "databricks_token",
             "datadog_key",
             "vault_token",
             "kubernetes_token",
             "jwt",
             "database_url",
             "basic_auth_url",
             "password_assignment",
             "naru_key"}},
      group{"ids",
            usual::highest,
            {"kr_rrn"},
            {"kr_business_number", "kr_driver_licence", "passport", "us_ssn", "us_itin", "uk_nino", "jp_my_number", "in_aadhaar",
             "eu_national_id"}},
      group{"finance", usual::highest, {"card"}, {"iban", "kr_bank_account", "swift", "crypto_wallet"}},
      group{"contact", usual::default_label, {"email"}, {"phone", "ip", "street_address_kr"}},
  };
  return all;
}

bool has(const std::vector<std::string_view>& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

label_scheme read_scheme(const reader& r, build_context& c) {
  std::vector<std::string> names = label_scheme{}.names();
  if (r["labels"].present()) {
    names.clear();
    for (const reader& each : r["labels"].items()) {
      std::string name = each.text();
      if (name.empty()) continue;
      if (std::ranges::find(names, name) != names.end())
        c.problems.error(each.at(), each.path(), fmt::format("{} stands twice", name));
      else
        names.push_back(std::move(name));
    }
    if (names.empty() || names.size() > 16) {
      c.problems.error(r["labels"].at(), r["labels"].path(), fmt::format("want 1..16 labels, got {}", names.size()));
      names = label_scheme{}.names();
    }
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const reader wanted = r["default"];
  const std::string word = wanted.present() ? wanted.text() : "internal";
  const auto found = std::ranges::find(names, word);
  if (found != names.end()) return {names, static_cast<std::uint8_t>(found - names.begin())};
  if (!wanted.present()) {
    c.problems.error(wanted.at(), wanted.path(), fmt::format("is missing: want {}, because no label is called internal", listed(known)));
  } else if (!word.empty()) {
    c.problems.error(wanted.at(), wanted.path(),
                     fmt::format("want {}, got {}{}", listed(known), shown(*wanted.raw()), did_you_mean(word, names)));
  }
  return {names, 0};
}

/// What a line says: nullopt for off, or for no label (reported).
std::optional<label> line_of(const reader& r, build_context& c) {
  return r.says("off") ? std::nullopt : read_label(r, c.out.sensitivity.labels, c.problems);
}

void refuse_unknown(const reader& lines, build_context& c) {
  std::vector<std::string> known;
  for (const group& g : groups()) {
    known.emplace_back(g.name);
    known.insert(known.end(), g.members.begin(), g.members.end());
  }
  for (const auto& [name, r] : lines.entries()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const place at = lines.raw()->find_entry(name)->at;
    const bool later = std::ranges::any_of(groups(), [&](const group& g) { return has(g.later, name); });
    if (later)
      c.problems.not_yet(at, r.path());
    else
      c.problems.error(at, r.path(), "no such detector or group" + did_you_mean(name, known));
  }
}

void read_detectors(const reader& lines, build_context& c) {
  refuse_unknown(lines, c);
  const auto all = lines.entries();
  const auto line = [&](std::string_view name) {
    return std::ranges::find(all, name, [](const auto& e) -> std::string_view { return e.first; });
  };
  const label_scheme& labels = c.out.sensitivity.labels;
  for (const group& g : groups()) {
    std::optional<label> whole = g.raises_to == usual::highest ? labels.highest() : labels.default_label();
    if (const auto said = line(g.name); said != all.end()) whole = line_of(said->second, c);
    for (const std::string_view member : g.members) {
      const auto said = line(member);
      const auto raises_to = said == all.end() ? whole : line_of(said->second, c);
      if (raises_to) c.out.sensitivity.detectors.push_back({std::string(member), *raises_to});
    }
  }
}

}  // namespace

std::optional<label> read_label(const reader& r, const label_scheme& labels, problem_list& problems) {
  const std::string word = r.text();
  if (word.empty()) return std::nullopt;
  const auto found = labels.find(word);
  if (!found) {
    const std::vector<std::string_view> known(labels.names().begin(), labels.names().end());
    problems.error(r.at(), r.path(), fmt::format("want {}, got {}{}", listed(known), shown(*r.raw()), did_you_mean(word, labels.names())));
  }
  return found;
}

void build_sensitivity(const reader& root, build_context& c) {
  const reader r = root["sensitivity"];
  c.out.sensitivity.labels = read_scheme(r, c);
  c.out.sensitivity.trust_header = r["trust_header"].flag();
  read_detectors(r["detectors"], c);
  if (const reader opaque = r["opaque"]; opaque.present() && !opaque.says("inherit")) {
    if (read_label(opaque, c.out.sensitivity.labels, c.problems)) c.problems.not_yet(opaque.at(), opaque.text(), opaque.path());
  }
}

}  // namespace naru::config
