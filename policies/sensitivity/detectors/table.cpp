#include <array>
#include <initializer_list>

#include "policies/sensitivity/detectors/found.hpp"

// The table: every detector with its anchor and the function that decides. Formats as their owners document them, 2026-11.
namespace naru::sensitivity {
namespace {

constexpr std::string_view private_key_literals[]{"-----BEGIN ", "PuTTY-User-Key-File-", "AGE-SECRET-KEY-1"};
constexpr std::string_view aws_access_key_literals[]{"AKIA", "ASIA", "ABIA", "ACCA", "A3T"};
constexpr std::string_view gcp_service_account_literals[]{"service_account", "gserviceaccount.com"};
constexpr std::string_view google_api_key_literals[]{"AIza", "GOCSPX-", "ya29.", "AQ.A"};
constexpr std::string_view azure_storage_key_literals[]{"accountkey", "account_key", "account-key",
                                                        "storagekey", "storage_key", "storage-key"};
constexpr std::string_view azure_connection_string_literals[]{"SharedAccessKey=", "DefaultEndpointsProtocol="};
constexpr std::string_view azure_sas_literals[]{"sig="};
constexpr std::string_view github_token_literals[]{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"};
constexpr std::string_view gitlab_token_literals[]{"glpat-", "gldt-",  "glrt-",    "glrtr-", "glptt-", "glft-",   "glsoat-",
                                                   "glcbt-", "glimt-", "glagent-", "glwt-",  "gloas-", "glffct-", "GR1348941"};
constexpr std::string_view bitbucket_token_literals[]{"ATBB", "ATATT3", "ATCTT3"};
constexpr std::string_view slack_token_literals[]{"xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.", "xapp-"};
constexpr std::string_view slack_webhook_literals[]{"hooks.slack.com/", "hooks.slack-gov.com/"};
constexpr std::string_view telegram_token_literals[]{":AA"};
constexpr std::string_view twilio_key_literals[]{"SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6",    "SK7",    "SK8",   "SK9",
                                                 "SKa", "SKb", "SKc", "SKd", "SKe", "SKf", "twilio", "Twilio", "TWILIO"};
constexpr std::string_view stripe_key_literals[]{"sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_org_live_", "sk_org_test_", "whsec_"};
constexpr std::string_view square_token_literals[]{"EAAA", "sq0atp-", "sq0csp-"};
constexpr std::string_view shopify_token_literals[]{"shpat_", "shpca_", "shppa_", "shpss_", "shpua_"};
constexpr std::string_view sendgrid_key_literals[]{"SG."};
constexpr std::string_view mailgun_key_literals[]{"key-", "mailgun", "Mailgun", "MAILGUN"};
constexpr std::string_view openai_key_literals[]{"sk-"};
constexpr std::string_view anthropic_key_literals[]{"sk-ant-"};
constexpr std::string_view huggingface_token_literals[]{"hf_", "api_org_"};
constexpr std::string_view groq_key_literals[]{"gsk_"};
constexpr std::string_view npm_token_literals[]{"npm_"};
constexpr std::string_view pypi_token_literals[]{"pypi-Ag"};
constexpr std::string_view docker_token_literals[]{"dckr_pat_", "dckr_oat_"};
constexpr std::string_view digitalocean_token_literals[]{"dop_v1_", "doo_v1_", "dor_v1_"};
constexpr std::string_view cloudflare_token_literals[]{"cfk_", "cfut_", "cfat_", "v1.0-", "cloudflare", "cf_api_", "cf_token"};
constexpr std::string_view databricks_token_literals[]{"dapi"};
constexpr std::string_view datadog_key_literals[]{"datadog",    "dd_api_key",         "dd-api-key",
                                                  "dd_app_key", "dd-application-key", "dd_application_key"};
constexpr std::string_view vault_token_literals[]{"hvs.", "hvb.", "hvr.", "vault_token", "vault-token", "vaulttoken"};
constexpr std::string_view kubernetes_token_literals[]{"eyJ"};
constexpr std::string_view jwt_literals[]{"eyJ", "eyAi", "ewog"};
constexpr std::string_view database_url_literals[]{"://", ";password=", ";pwd=", " password="};
constexpr std::string_view basic_auth_url_literals[]{"://"};
constexpr std::string_view password_assignment_literals[]{"password",  "passwd",     "passphrase", "pwd",     "secret",
                                                          "token",     "api_key",    "apikey",     "api-key", "access_key",
                                                          "accesskey", "credential", "비밀번호"};
constexpr std::string_view naru_key_literals[]{"naru-"};
constexpr std::string_view passport_literals[]{"passport", "여권",  "パスポート", "护照",  "reisepass", "passeport", "pasaporte",
                                               "p<kor",    "p<usa", "p<gbr",      "p<jpn", "p<chn",     "p<fra"};
constexpr std::string_view swift_literals[]{"swift", "bic", "스위프트"};
constexpr std::string_view street_address_kr_literals[]{
    "로 1", "로 2", "로 3", "로 4", "로 5", "로 6", "로 7", "로 8", "로 9", "로1", "로2", "로3", "로4", "로5", "로6", "로7", "로8", "로9",
    "길 1", "길 2", "길 3", "길 4", "길 5", "길 6", "길 7", "길 8", "길 9", "길1", "길2", "길3", "길4", "길5", "길6", "길7", "길8", "길9",
    "동 1", "동 2", "동 3", "동 4", "동 5", "동 6", "동 7", "동 8", "동 9", "동1", "동2", "동3", "동4", "동5", "동6", "동7", "동8", "동9",
    "리 1", "리 2", "리 3", "리 4", "리 5", "리 6", "리 7", "리 8", "리 9", "리1", "리2", "리3", "리4", "리5", "리6", "리7", "리8", "리9"};

using group = detector_group;

/// A row anchored at literals.
constexpr detector at_literals(std::string_view name, group in, std::string_view summary, std::span<const std::string_view> literals,
                               bool (*found)(const candidate&) noexcept, bool any_case = false) noexcept {
  return {.name = name, .group = in, .summary = summary, .literals = literals, .any_case = any_case, .found = found};
}
/// A row anchored at groups of digits. There is no upper bound: another number may follow the one looked for with no more than a space.
constexpr detector at_digits(std::string_view name, group in, std::string_view summary, std::uint8_t least,
                             bool (*found)(const candidate&) noexcept, unsigned shapes, std::span<const number_form> forms = {}) noexcept {
  return {.name = name,
          .group = in,
          .summary = summary,
          .starts_at = anchor::digits,
          .least_digits = least,
          .most_digits = 255,
          .shapes = static_cast<std::uint8_t>(shapes),
          .forms = forms,
          .found = found};
}
/// @param word  see detector::least_word
constexpr detector at_runs(std::string_view name, group in, std::string_view summary, std::uint8_t least, std::uint8_t word,
                           bool (*found)(const candidate&) noexcept) noexcept {
  return {.name = name, .group = in, .summary = summary, .starts_at = anchor::run, .least_run = least, .least_word = word, .found = found};
}
constexpr detector with_words(detector d, std::initializer_list<std::string_view> words) noexcept {
  d.words = {words.begin(), words.size()};
  return d;
}
constexpr detector lowest(detector d) noexcept {
  d.raises_to = usual_label::default_label;
  return d;
}

constexpr std::uint32_t of_digits(std::initializer_list<unsigned> lengths) noexcept {
  std::uint32_t bits = 0;
  for (const unsigned n : lengths) bits |= 1U << n;
  return bits;
}
constexpr std::uint32_t alone = 1;  ///< for number_form::second: no group follows
constexpr std::uint32_t any = ~0U;
constexpr std::uint32_t from_13 = any << 13U, up_to_12 = ~from_13;
constexpr std::uint8_t ended = plain_behind | blank_behind | dash_behind | point_behind | sign_behind | gap_behind;
constexpr std::uint8_t blank_or_dash = blank_behind | dash_behind;
constexpr std::uint8_t anywhere = free_before | letter_before | tied_before;
constexpr std::uint16_t digits_1_2 = 0x006, digits_2_9 = 0x3FC, digits_1_9 = 0x3FE, digits_0_8 = 0x1FF, digit_0 = 0x001, digit_1 = 0x002,
                        digit_9 = 0x200, of_cards = 0x37C;  // 2-6, 8, 9

// Each form stands for a reading of the row's function; tests/policies/sensitivity/scan/numbers_test.cpp holds them against each other.
constexpr number_form kr_rrn_forms[]{{.first = of_digits({6}), .second = of_digits({7}), .least = 13, .behind = blank_or_dash},
                                     {.first = of_digits({6}), .behind = gap_behind},
                                     {.first = of_digits({13}), .least = 13, .behind = ended}};
constexpr number_form kr_business_number_forms[]{
    {.first = of_digits({3}), .second = of_digits({2}), .least = 10, .leads = digits_1_9, .behind = dash_behind},
    {.first = of_digits({10}), .least = 10, .leads = digits_1_9, .behind = ended}};
constexpr number_form kr_driver_licence_forms[]{
    {.first = of_digits({2}), .second = of_digits({2}), .least = 12, .leads = digits_1_2, .behind = blank_or_dash},
    {.first = of_digits({2}), .second = of_digits({6}), .least = 10, .before = anywhere, .behind = dash_behind},
    {.first = of_digits({12}), .least = 12, .leads = digits_1_2, .behind = ended}};
constexpr number_form us_ssn_forms[]{
    {.first = of_digits({3}), .second = of_digits({2}), .least = 9, .leads = digits_0_8, .behind = dash_behind},
    {.first = of_digits({3}), .second = of_digits({2}), .least = 9, .leads = digits_0_8, .behind = blank_behind, .worded = true},
    {.first = of_digits({9}), .least = 9, .leads = digits_0_8, .behind = ended, .worded = true}};
constexpr number_form us_itin_forms[]{
    {.first = of_digits({3}), .second = of_digits({2}), .least = 9, .leads = digit_9, .behind = blank_or_dash},
    {.first = of_digits({9}), .least = 9, .leads = digit_9, .behind = ended}};
constexpr number_form jp_my_number_forms[]{{.first = of_digits({4}), .second = of_digits({4}), .least = 12, .behind = blank_or_dash},
                                           {.first = of_digits({12}), .least = 12, .behind = ended}};
constexpr number_form in_aadhaar_forms[]{
    {.first = of_digits({4}), .second = of_digits({4}), .least = 12, .leads = digits_2_9, .behind = blank_or_dash},
    {.first = of_digits({12}), .least = 12, .leads = digits_2_9, .behind = ended}};
constexpr number_form eu_national_id_forms[]{
    // ES, IE; ES
    {.first = of_digits({7}), .second = alone, .before = free_before | letter_before, .behind = capital_behind | dash_behind},
    {.first = of_digits({8}), .second = alone, .behind = capital_behind | dash_behind},
    // FI; with a dash
    {.first = of_digits({6}), .behind = capital_behind | sign_behind},
    {.first = of_digits({6}), .second = of_digits({3, 4}), .least = 9, .behind = dash_behind},
    // FR; BE
    {.first = of_digits({1}), .second = of_digits({2}), .least = 15, .leads = digits_1_2, .behind = blank_or_dash | point_behind},
    {.first = of_digits({13}), .second = of_digits({2}), .least = 15, .leads = digits_1_2, .behind = blank_behind},
    {.first = of_digits({15}), .least = 15, .leads = digits_1_2, .behind = ended},
    {.first = of_digits({2}), .second = of_digits({2}), .least = 11, .behind = point_behind},
    // Those that need their word.
    {.least = 9, .worded = true}};
constexpr number_form card_forms[]{
    {.first = up_to_12, .least = 13, .most = 19, .leads = of_cards, .behind = blank_or_dash, .unpointed = true},
    {.first = from_13, .least = 13, .leads = of_cards},
    {.first = of_digits({4}), .second = of_digits({4, 6}), .least = 14, .leads = of_cards, .behind = blank_or_dash | point_behind}};
constexpr number_form kr_bank_account_forms[]{{.least = 10, .worded = true}};
constexpr number_form phone_forms[]{
    {.least = 7, .before = anywhere, .marked = true},
    // Korean
    {.first = of_digits({2, 3, 4}), .second = of_digits({3, 4}), .least = 9, .leads = digit_0, .behind = blank_or_dash | point_behind},
    {.first = of_digits({11}), .least = 11, .leads = digit_0, .behind = ended},
    // American
    {.first = of_digits({3}), .second = of_digits({3}), .least = 10, .leads = digits_2_9, .behind = blank_or_dash | point_behind},
    {.first = of_digits({10}), .least = 10, .leads = digits_2_9, .behind = ended},
    {.first = of_digits({1}), .second = of_digits({3}), .least = 11, .leads = digit_1, .behind = dash_behind | point_behind}};

constexpr std::array<detector, 58> table{{
    at_literals("private_key", group::secrets,
                "PEM, OpenSSH and OpenPGP private keys by their armour (RFC 7468, RFC 9580), PuTTY and age key files", private_key_literals,
                &detectors::private_key),
    at_literals("aws_access_key", group::secrets,
                "AWS access key ids: AKIA, ASIA, ABIA, ACCA or A3T and 20 characters in all (IAM guide, unique identifiers)",
                aws_access_key_literals, &detectors::aws_access_key),
    at_runs("aws_secret_key", group::secrets,
            "AWS secret keys: 40 characters of base64 after a word such as secret or aws, or after a key id", 40, 0,
            &detectors::aws_secret_key),
    at_literals("gcp_service_account", group::secrets, "Google Cloud service account key files: a service account and its private_key",
                gcp_service_account_literals, &detectors::gcp_service_account),
    at_literals("google_api_key", group::secrets,
                "Google API keys (AIza and 35, AQ.A...), OAuth client secrets (GOCSPX-) and access tokens (ya29.)", google_api_key_literals,
                &detectors::google_api_key),
    at_literals("azure_storage_key", group::secrets, "Azure storage account keys: 64 bytes of base64 after a name such as AccountKey",
                azure_storage_key_literals, &detectors::azure_storage_key, true),
    at_literals("azure_connection_string", group::secrets, "Azure connection strings with AccountKey or SharedAccessKey",
                azure_connection_string_literals, &detectors::azure_connection_string),
    at_literals("azure_sas", group::secrets, "Azure shared access signatures: sig= of 32 bytes beside se= or sv=", azure_sas_literals,
                &detectors::azure_sas),
    at_literals("github_token", group::secrets,
                "GitHub tokens: ghp_, gho_, ghu_, ghs_, ghr_ and 36 or more, github_pat_ (GitHub's blog, 2021-04)", github_token_literals,
                &detectors::github_token),
    at_literals("gitlab_token", group::secrets, "GitLab tokens by their prefixes (GitLab's token overview)", gitlab_token_literals,
                &detectors::gitlab_token),
    at_literals("bitbucket_token", group::secrets, "Bitbucket app passwords (ATBB) and Atlassian tokens (ATATT3, ATCTT3)",
                bitbucket_token_literals, &detectors::bitbucket_token),
    at_literals("slack_token", group::secrets, "Slack tokens: xoxb-, xoxp-, xapp- and their kin (Slack's token types)",
                slack_token_literals, &detectors::slack_token),
    at_literals("slack_webhook", group::secrets, "Slack incoming webhooks and workflow triggers", slack_webhook_literals,
                &detectors::slack_webhook),
    at_runs("discord_token", group::secrets, "Discord tokens: a user's id in base64, a time, an HMAC, with full stops between; mfa.", 22,
            22, &detectors::discord_token),
    at_literals("telegram_token", group::secrets, "Telegram bot tokens: the bot's number, ':AA' and 33 characters", telegram_token_literals,
                &detectors::telegram_token),
    at_literals("stripe_key", group::secrets, "Stripe secret and restricted keys and webhook secrets, live and test", stripe_key_literals,
                &detectors::stripe_key),
    at_literals("square_token", group::secrets, "Square access tokens (EAAA and 60, sq0atp-) and OAuth secrets (sq0csp-)",
                square_token_literals, &detectors::square_token),
    at_literals("shopify_token", group::secrets,
                "Shopify access tokens and shared secrets: shpat_, shpca_, shppa_, shpss_, shpua_ and 32 hex digits",
                shopify_token_literals, &detectors::shopify_token),
    at_literals("twilio_key", group::secrets, "Twilio API keys (SK and 32 hex digits), and auth tokens beside the name",
                twilio_key_literals, &detectors::twilio_key),
    at_literals("sendgrid_key", group::secrets, "SendGrid keys: SG., 22 and 43 characters", sendgrid_key_literals,
                &detectors::sendgrid_key),
    at_literals("mailgun_key", group::secrets, "Mailgun keys: key- and 32 hex digits, or 32-8-8 hex digits beside the name",
                mailgun_key_literals, &detectors::mailgun_key),
    at_literals("openai_key", group::secrets, "OpenAI keys, and those of vendors that write theirs alike: sk- and 20 or more",
                openai_key_literals, &detectors::openai_key),
    at_literals("anthropic_key", group::secrets, "Anthropic keys: sk-ant- and 20 or more", anthropic_key_literals,
                &detectors::anthropic_key),
    at_literals("huggingface_token", group::secrets, "Hugging Face tokens: hf_ or api_org_ and 34 characters", huggingface_token_literals,
                &detectors::huggingface_token),
    at_literals("groq_key", group::secrets, "Groq keys: gsk_ and 52 characters", groq_key_literals, &detectors::groq_key),
    at_literals("npm_token", group::secrets, "npm access tokens: npm_ and 36 characters", npm_token_literals, &detectors::npm_token),
    at_literals("pypi_token", group::secrets, "PyPI upload tokens: pypi- and a macaroon", pypi_token_literals, &detectors::pypi_token),
    at_literals("docker_token", group::secrets, "Docker access tokens: dckr_pat_, dckr_oat_", docker_token_literals,
                &detectors::docker_token),
    at_literals("digitalocean_token", group::secrets, "DigitalOcean tokens: dop_v1_, doo_v1_, dor_v1_ and 64 hex digits",
                digitalocean_token_literals, &detectors::digitalocean_token),
    at_literals(
        "cloudflare_token", group::secrets,
        "Cloudflare tokens: cfk_, cfut_, cfat_ (Cloudflare's token formats, 2026), v1.0- origin CA keys, older ones beside the name",
        cloudflare_token_literals, &detectors::cloudflare_token, true),
    at_literals("databricks_token", group::secrets, "Databricks tokens: dapi and 32 hex digits", databricks_token_literals,
                &detectors::databricks_token),
    at_literals("datadog_key", group::secrets, "Datadog keys: 32 or 40 hex digits beside the name", datadog_key_literals,
                &detectors::datadog_key, true),
    at_literals("vault_token", group::secrets, "HashiCorp Vault tokens: hvs., hvb., hvr.; s. and 24 characters beside the name",
                vault_token_literals, &detectors::vault_token, true),
    at_literals("kubernetes_token", group::secrets, "Kubernetes service account tokens: a JWT whose claims say so",
                kubernetes_token_literals, &detectors::kubernetes_token),
    at_literals("jwt", group::secrets, "JSON Web Tokens: a header that names its algorithm (RFC 7515, RFC 7516)", jwt_literals,
                &detectors::jwt),
    at_literals("database_url", group::secrets, "Database URLs and drivers' strings with a password", database_url_literals,
                &detectors::database_url, true),
    at_literals("basic_auth_url", group::secrets, "Any other URL with a password (RFC 3986 3.2.1)", basic_auth_url_literals,
                &detectors::basic_auth_url),
    at_literals("password_assignment", group::secrets,
                "A quoted value that looks random after a name such as password, secret, token or api_key", password_assignment_literals,
                &detectors::password_assignment, true),
    at_literals("naru_key", group::secrets, "Naru's own keys: naru- and 32 characters or more", naru_key_literals, &detectors::naru_key),
    at_digits("kr_rrn", group::ids,
              "Korean resident and foreigner registration numbers: a day of birth, its century and sex; never refused on the check digit",
              6, &detectors::kr_rrn, plain_number, kr_rrn_forms),
    at_digits("kr_business_number", group::ids, "Korean business registration numbers: XXX-XX-XXXXX with its check digit", 10,
              &detectors::kr_business_number, plain_number, kr_business_number_forms),
    at_digits("kr_driver_licence", group::ids, "Korean driving licences: office, year, number, check (11-22-333333-44)", 10,
              &detectors::kr_driver_licence, plain_number, kr_driver_licence_forms),
    at_literals("passport", group::ids, "Passport numbers beside the word, and machine-readable zones (ICAO 9303)", passport_literals,
                &detectors::passport, true),
    with_words(at_digits("us_ssn", group::ids, "US social security numbers: 3-2-4 within the ranges that the SSA gives out", 9,
                         &detectors::us_ssn, plain_number, us_ssn_forms),
               detectors::ssn_words),
    at_digits("us_itin", group::ids, "US individual taxpayer numbers: 9XX and the IRS's groups", 9, &detectors::us_itin, plain_number,
              us_itin_forms),
    at_digits("uk_nino", group::ids, "UK National Insurance numbers: AB 12 34 56 C with the prefixes that HMRC uses", 6,
              &detectors::uk_nino, behind_two | behind_two_apart),
    at_digits("jp_my_number", group::ids, "Japanese individual numbers: 12 digits with their check digit, in fours or beside the word", 12,
              &detectors::jp_my_number, plain_number, jp_my_number_forms),
    at_digits("in_aadhaar", group::ids, "Indian Aadhaar numbers: 12 digits with Verhoeff, in fours or beside the word", 12,
              &detectors::in_aadhaar, plain_number, in_aadhaar_forms),
    with_words(at_digits("eu_national_id", group::ids, "National numbers of EU states by their check digits; digits alone need their word",
                         6, &detectors::eu_national_id, plain_number | behind_six, eu_national_id_forms),
               detectors::eu_words),
    at_digits("card", group::finance, "Payment cards: 13-19 digits in an issuer's range with Luhn (ISO/IEC 7812)", 13, &detectors::card,
              plain_number, card_forms),
    at_digits("iban", group::finance, "International bank account numbers: length by country and mod 97 (ISO 13616)", 2, &detectors::iban,
              behind_two),
    with_words(at_digits("kr_bank_account", group::finance, "Korean bank accounts: 10-14 digits beside a bank's name or 계좌", 10,
                         &detectors::kr_bank_account, plain_number, kr_bank_account_forms),
               detectors::bank_words),
    at_literals("swift", group::finance, "BIC codes beside the word (ISO 9362)", swift_literals, &detectors::swift, true),
    at_runs("crypto_wallet", group::finance,
            "Wallet addresses by their checksums (Base58Check, bech32, EIP-55) or beside the word, and wallet keys", 26, 26,
            &detectors::crypto_wallet),
    lowest(detector{.name = "email",
                    .group = group::contact,
                    .summary = "Mail addresses (RFC 5321)",
                    .starts_at = anchor::at_sign,
                    .found = &detectors::email}),
    lowest(at_digits("phone", group::contact, "Telephone numbers: Korean, North American, E.164 with +", 7, &detectors::phone, plain_number,
                     phone_forms)),
    lowest(at_digits("ip", group::contact, "Public IPv4 and IPv6 addresses (IANA special-purpose registries left out)", 2, &detectors::ip,
                     address)),
    lowest(at_literals("street_address_kr", group::contact, "Korean addresses: region or district, road or village, number",
                       street_address_kr_literals, &detectors::street_address_kr)),
}};
static_assert(table.size() <= 64);

}  // namespace

std::span<const detector> all_detectors() noexcept { return table; }

}  // namespace naru::sensitivity
