#pragma once
#include <initializer_list>
#include <string_view>

#include "policies/sensitivity/detector.hpp"

/// The deciding functions of the table, one a detector; what each looks for stands beside its row in table.cpp.
/// All: pure, noexcept, no allocation, at most 4 KiB to either side of the candidate.
namespace naru::sensitivity::detectors {

// cloud_keys.cpp
[[nodiscard]] bool aws_access_key(const candidate& c) noexcept;
[[nodiscard]] bool aws_secret_key(const candidate& c) noexcept;
[[nodiscard]] bool gcp_service_account(const candidate& c) noexcept;
[[nodiscard]] bool google_api_key(const candidate& c) noexcept;
[[nodiscard]] bool azure_storage_key(const candidate& c) noexcept;
[[nodiscard]] bool azure_connection_string(const candidate& c) noexcept;
[[nodiscard]] bool azure_sas(const candidate& c) noexcept;
[[nodiscard]] bool digitalocean_token(const candidate& c) noexcept;
[[nodiscard]] bool cloudflare_token(const candidate& c) noexcept;
[[nodiscard]] bool databricks_token(const candidate& c) noexcept;
[[nodiscard]] bool datadog_key(const candidate& c) noexcept;

// code_host_tokens.cpp
[[nodiscard]] bool github_token(const candidate& c) noexcept;
[[nodiscard]] bool gitlab_token(const candidate& c) noexcept;
[[nodiscard]] bool bitbucket_token(const candidate& c) noexcept;
[[nodiscard]] bool npm_token(const candidate& c) noexcept;
[[nodiscard]] bool pypi_token(const candidate& c) noexcept;
[[nodiscard]] bool docker_token(const candidate& c) noexcept;

// chat_tokens.cpp
[[nodiscard]] bool slack_token(const candidate& c) noexcept;
[[nodiscard]] bool slack_webhook(const candidate& c) noexcept;
[[nodiscard]] bool discord_token(const candidate& c) noexcept;
[[nodiscard]] bool telegram_token(const candidate& c) noexcept;
[[nodiscard]] bool twilio_key(const candidate& c) noexcept;
[[nodiscard]] bool sendgrid_key(const candidate& c) noexcept;
[[nodiscard]] bool mailgun_key(const candidate& c) noexcept;

// payment_keys.cpp
[[nodiscard]] bool stripe_key(const candidate& c) noexcept;
[[nodiscard]] bool square_token(const candidate& c) noexcept;
[[nodiscard]] bool shopify_token(const candidate& c) noexcept;

// ai_keys.cpp
[[nodiscard]] bool openai_key(const candidate& c) noexcept;
[[nodiscard]] bool anthropic_key(const candidate& c) noexcept;
[[nodiscard]] bool huggingface_token(const candidate& c) noexcept;
[[nodiscard]] bool groq_key(const candidate& c) noexcept;
[[nodiscard]] bool naru_key(const candidate& c) noexcept;

// signed_tokens.cpp
[[nodiscard]] bool private_key(const candidate& c) noexcept;
[[nodiscard]] bool vault_token(const candidate& c) noexcept;
[[nodiscard]] bool kubernetes_token(const candidate& c) noexcept;
[[nodiscard]] bool jwt(const candidate& c) noexcept;

// connection_strings.cpp
[[nodiscard]] bool database_url(const candidate& c) noexcept;
[[nodiscard]] bool basic_auth_url(const candidate& c) noexcept;

// passwords.cpp
[[nodiscard]] bool password_assignment(const candidate& c) noexcept;

// korean_ids.cpp
[[nodiscard]] bool kr_rrn(const candidate& c) noexcept;
[[nodiscard]] bool kr_business_number(const candidate& c) noexcept;
[[nodiscard]] bool kr_driver_licence(const candidate& c) noexcept;

// passport.cpp
[[nodiscard]] bool passport(const candidate& c) noexcept;

// national_ids.cpp
/// One of these stands in every text with a number that has no dashes.
inline constexpr std::initializer_list<std::string_view> ssn_words{"ssn", "social", "사회보장"};
[[nodiscard]] bool us_ssn(const candidate& c) noexcept;
[[nodiscard]] bool us_itin(const candidate& c) noexcept;
[[nodiscard]] bool uk_nino(const candidate& c) noexcept;
[[nodiscard]] bool jp_my_number(const candidate& c) noexcept;
[[nodiscard]] bool in_aadhaar(const candidate& c) noexcept;

// eu_national_ids.cpp
/// One of these stands in every text with a number that has nothing but digits.
inline constexpr std::initializer_list<std::string_view> eu_words{"bsn",
                                                                  "burgerservice",
                                                                  "sofinummer",
                                                                  "nif",
                                                                  "contribuinte",
                                                                  "portuguese",
                                                                  "taj",
                                                                  "personn",
                                                                  "samordningsnummer",
                                                                  "swedish",
                                                                  "cpr",
                                                                  "svnr",
                                                                  "sozialversicherung",
                                                                  "sv-nummer",
                                                                  "egn",
                                                                  "егн",
                                                                  "ЕГН",
                                                                  "rodn",
                                                                  "birth number",
                                                                  "steuer",
                                                                  "idnr",
                                                                  "identifikationsnummer",
                                                                  "pesel",
                                                                  "oib",
                                                                  "isikukood",
                                                                  "asmens",
                                                                  "personal code",
                                                                  "personas kod",
                                                                  "latvian",
                                                                  "amka",
                                                                  "αμκα",
                                                                  "ΑΜΚΑ",
                                                                  "rijksregister",
                                                                  "registre national",
                                                                  "numéro national",
                                                                  "niss",
                                                                  "insz",
                                                                  "cnp",
                                                                  "cod numeric",
                                                                  "emso",
                                                                  "emšo",
                                                                  "matricule",
                                                                  "luxembourg"};
[[nodiscard]] bool eu_national_id(const candidate& c) noexcept;

// cards.cpp, bank_numbers.cpp
inline constexpr std::initializer_list<std::string_view> bank_words{
    "은행",     "뱅크",      "농협",      "신한",         "수협",           "신협",       "새마을금고", "우체국",  "계좌",  "입금",
    "예금주",   "송금",      "이체",      "bank account", "account number", "account no", "kookmin",    "shinhan", "woori", "hana bank",
    "nonghyup", "kakaobank", "toss bank", "ibk",          "kb bank"};
[[nodiscard]] bool card(const candidate& c) noexcept;
[[nodiscard]] bool iban(const candidate& c) noexcept;
[[nodiscard]] bool kr_bank_account(const candidate& c) noexcept;
[[nodiscard]] bool swift(const candidate& c) noexcept;

// crypto_wallets.cpp
[[nodiscard]] bool crypto_wallet(const candidate& c) noexcept;

// contact.cpp, addresses.cpp
[[nodiscard]] bool email(const candidate& c) noexcept;
[[nodiscard]] bool phone(const candidate& c) noexcept;
[[nodiscard]] bool ip(const candidate& c) noexcept;
[[nodiscard]] bool street_address_kr(const candidate& c) noexcept;

}  // namespace naru::sensitivity::detectors
