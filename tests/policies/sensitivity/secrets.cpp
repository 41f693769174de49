#include "tests/policies/sensitivity/secrets.hpp"

#include <array>
#include <stdexcept>

namespace naru::test {
namespace {

using rng = std::mt19937_64;

template <class... Choice>
std::string_view one_of(rng& r, Choice... choices) {
  const std::array<std::string_view, sizeof...(Choice)> all{choices...};
  return all[r() % all.size()];
}

/// The secret between two halves of a sentence.
made_secret in(std::string_view left, std::string secret, std::string_view right = "") {
  std::string text(left);
  text += secret;
  text += right;
  return {std::move(text), std::move(secret)};
}

made_secret key(rng& r, std::string secret) {
  switch (r() % 5) {
    case 0: return in("Why does this fail? Authorization: Bearer ", std::move(secret));
    case 1: return in(R"({"model": "x", "key": ")", std::move(secret), R"("})");
    case 2: return in("export KEY=", std::move(secret), "\nmake run");
    case 3: return in("제 키는 ", std::move(secret), "입니다. 왜 안 될까요?");
    default: return in("client = connect('", std::move(secret), "')  # broken since Monday");
  }
}

std::string with(std::string_view prefix, std::string_view alphabet, std::size_t n, rng& r) {
  return std::string(prefix) + random_of(alphabet, n, r);
}

/// Letters of both cases and digits for sure: a key whose every byte is a letter is one in thousands, and no fault of the detector.
std::string mixed(std::string_view alphabet, std::size_t n, rng& r) {
  std::string s = random_of(alphabet, n, r);
  s[0] = 'q';
  s[1] = 'W';
  s[2] = '7';
  return s;
}

std::string token_of(std::string_view header, std::string_view claims, rng& r) {
  return to_url64(header) + "." + to_url64(claims) + "." + random_of(url64, 43, r);
}

std::string quoted(std::string_view name, std::string_view value) {
  return "\"" + std::string(name) + "\": \"" + std::string(value) + "\"";
}

made_secret service_account(rng& r) {
  std::string pem = std::string("-----BEGIN PRI") + "VATE KEY-----\\n";
  for (int i = 0; i < 26; ++i) pem += random_of(standard64, 64, r) + "\\n";
  const std::string secret = quoted("private_key", pem);
  return in(R"({"type": "service_account", "project_id": "p-1", )", secret, R"(, "client_email": "a@p-1.iam.gserviceaccount.com"})");
}

made_secret password(rng& r) {
  const auto name = one_of(r, "password", "DB_PASSWORD", "client_secret", "apiKey", "auth_token", "secret", "passwd", "accessKey");
  const auto sign = one_of(r, " = ", "=", ": ", " := ");
  const std::string secret = mixed("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%^&*+", 12 + r() % 20, r);
  const std::string_view quote = one_of(r, "\"", "'");
  return in(std::string(name) + std::string(sign) + std::string(quote), secret, quote);
}

std::string discord(rng& r) {
  std::string id = to_url64(std::to_string(100'000'000'000'000'000ULL + r() % 900'000'000'000'000'000ULL));
  return id + "." + random_of(url64, 6, r) + "." + random_of(url64, 38, r);
}

const std::array<secret_kind, 39> kinds{{
    {"private_key",
     [](rng& r) {
       return in("here is the file:\n",
                 std::string("-----BEGIN ") + std::string(one_of(r, "", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ")) + "PRIVATE KEY-----",
                 "\n" + random_of(standard64, 64, r));
     }},
    {"aws_access_key", [](rng& r) { return key(r, with(one_of(r, "AKIA", "ASIA"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, r)); }},
    {"aws_secret_key",
     [](rng& r) {
       return in(one_of(r, "aws_secret_access_key = ", "AWS_SECRET_ACCESS_KEY=", R"("SecretAccessKey": ")", "aws secret: "),
                 mixed(standard64, 40, r));
     }},
    {"gcp_service_account", service_account},
    {"google_api_key", [](rng& r) { return key(r, with("AIza", url64, 35, r)); }},
    {"azure_storage_key",
     [](rng& r) { return in(one_of(r, "AccountKey=", "account_key: \"", "AZURE_STORAGE_KEY="), random_of(standard64, 86, r) + "=="); }},
    {"azure_connection_string",
     [](rng& r) {
       if (r() % 2 == 0)
         return in("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=", random_of(standard64, 86, r) + "==",
                   ";EndpointSuffix=core.windows.net");
       return in("Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=",
                 random_of(standard64, 43, r) + "=");
     }},
    {"azure_sas",
     [](rng& r) {
       return in("https://acme.blob.core.windows.net/c/f?sv=2024-11-04&sp=r&se=2026-12-01&sig=", random_of(alnum, 43, r) + "%3D");
     }},
    {"github_token",
     [](rng& r) {
       if (r() % 4 == 0) return key(r, with("github_pat_", alnum, 22, r) + "_" + random_of(alnum, 59, r));
       return key(r, with(one_of(r, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"), alnum, 36, r));
     }},
    {"gitlab_token", [](rng& r) { return key(r, with(one_of(r, "glpat-", "gldt-", "glrt-", "glptt-"), url64, 20, r)); }},
    {"bitbucket_token",
     [](rng& r) {
       if (r() % 2 == 0) return key(r, with("ATBB", alnum, 32, r));
       return key(r, with("ATATT3xFfGF0", url64, 171, r) + "=" + random_of("0123456789ABCDEF", 8, r));
     }},
    {"slack_token",
     [](rng& r) {
       return key(r, with(one_of(r, "xoxb-", "xoxp-"), decimal, 12, r) + "-" + random_of(decimal, 13, r) + "-" + random_of(alnum, 24, r));
     }},
    {"slack_webhook",
     [](rng& r) {
       return in("curl -d @x https://", "hooks.slack.com/services/T" + random_of(upper_alnum, 10, r) + "/B" +
                                            random_of(upper_alnum, 10, r) + "/" + random_of(alnum, 24, r));
     }},
    {"discord_token", [](rng& r) { return key(r, discord(r)); }},
    {"telegram_token",
     [](rng& r) { return key(r, std::to_string(1'000'000'000ULL + r() % 8'000'000'000ULL) + ":AA" + random_of(url64, 33, r)); }},
    {"stripe_key", [](rng& r) { return key(r, with(one_of(r, "sk_live_", "rk_live_", "sk_test_"), alnum, r() % 2 == 0 ? 24 : 99, r)); }},
    {"square_token", [](rng& r) { return r() % 2 == 0 ? key(r, with("EAAA", url64, 60, r)) : key(r, with("sq0csp-", url64, 43, r)); }},
    {"shopify_token", [](rng& r) { return key(r, with(one_of(r, "shpat_", "shpca_", "shppa_", "shpss_"), lower_hex, 32, r)); }},
    {"twilio_key",
     [](rng& r) {
       if (r() % 2 == 0) return key(r, with("SK", lower_hex, 32, r));
       return in("TWILIO_AUTH_TOKEN=", random_of(lower_hex, 32, r));
     }},
    {"sendgrid_key", [](rng& r) { return key(r, with("SG.", url64, 22, r) + "." + random_of(url64, 43, r)); }},
    {"mailgun_key",
     [](rng& r) {
       if (r() % 2 == 0) return key(r, with("key-", lower_hex, 32, r));
       return in("MAILGUN_API_KEY=", random_of(lower_hex, 32, r) + "-" + random_of(lower_hex, 8, r) + "-" + random_of(lower_hex, 8, r));
     }},
    {"openai_key",
     [](rng& r) {
       return key(r, std::string(one_of(r, "sk-", "sk-proj-", "sk-svcacct-")) + mixed(alnum, 20, r) + random_of(alnum, 28, r));
     }},
    {"anthropic_key", [](rng& r) { return key(r, "sk-ant-api03-" + mixed(alnum, 20, r) + random_of(url64, 73, r)); }},
    {"huggingface_token", [](rng& r) { return key(r, with("hf_", alnum, 34, r)); }},
    {"groq_key", [](rng& r) { return key(r, with("gsk_", alnum, 52, r)); }},
    {"npm_token", [](rng& r) { return key(r, with("npm_", alnum, 36, r)); }},
    {"pypi_token", [](rng& r) { return key(r, with("pypi-AgEIcHlwaS5vcmc", url64, 120, r)); }},
    {"docker_token", [](rng& r) { return key(r, with("dckr_pat_", url64, 27, r)); }},
    {"digitalocean_token", [](rng& r) { return key(r, with(one_of(r, "dop_v1_", "doo_v1_", "dor_v1_"), lower_hex, 64, r)); }},
    {"cloudflare_token",
     [](rng& r) {
       if (r() % 2 == 0) return key(r, with(one_of(r, "cfut_", "cfat_", "cfk_"), alnum, 40, r) + random_of(lower_hex, 8, r));
       return in("CLOUDFLARE_API_TOKEN=", random_of(alnum, 40, r));
     }},
    {"databricks_token", [](rng& r) { return key(r, with("dapi", lower_hex, 32, r) + std::string(one_of(r, "", "-2"))); }},
    {"datadog_key", [](rng& r) { return in(one_of(r, "DD_API_KEY=", "datadog api key: ", "dd-api-key: "), random_of(lower_hex, 32, r)); }},
    {"vault_token",
     [](rng& r) { return r() % 2 == 0 ? key(r, with("hvs.", url64, 95, r)) : in("X-Vault-Token: ", with("s.", alnum, 24, r)); }},
    {"kubernetes_token",
     [](rng& r) {
       return key(r, token_of(R"({"alg":"RS256","kid":"k1"})",
                              R"({"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"default","sub":")" +
                                  random_of(alnum, 12, r) + "\"}",
                              r));
     }},
    {"jwt",
     [](rng& r) {
       return key(r, token_of(R"({"alg":"HS256","typ":"JWT"})", "{\"sub\":\"" + random_of(decimal, 10, r) + "\",\"iat\":1700000000}", r));
     }},
    {"database_url",
     [](rng& r) {
       const std::string secret = random_of(alnum, 12, r);
       if (r() % 4 == 0) return in("Server=db;Database=shop;User Id=sa;Password=", secret, ";Encrypt=true");
       return in(std::string(one_of(r, "postgres", "mysql", "mongodb+srv", "redis", "amqp", "postgresql+psycopg2")) + "://app:", secret,
                 "@db.internal:5432/shop");
     }},
    {"basic_auth_url",
     [](rng& r) {
       return in(std::string(one_of(r, "https", "http", "ftp")) + "://kim:", random_of(alnum, 10, r), "@git.acme.example/repo");
     }},
    {"password_assignment", password},
    {"naru_key", [](rng& r) { return key(r, "naru-" + mixed(alnum, 40, r)); }},
}};

}  // namespace

std::string random_of(std::string_view alphabet, std::size_t n, std::mt19937_64& random) {
  std::string s;
  while (s.size() < n) s += alphabet[random() % alphabet.size()];
  return s;
}

std::string to_url64(std::string_view bytes) {
  std::string out;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) out += url64[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) out += url64[(bits << (6 - held)) & 63U];
  return out;
}

made_secret make_secret(std::string_view detector, std::mt19937_64& random) {
  for (const auto& kind : kinds) {
    if (kind.detector == detector) return kind.make(random);
  }
  if (const auto* kind = find_number_kind(detector); kind != nullptr) return kind->make(random);
  throw std::invalid_argument("no generator for detector " + std::string(detector));
}

}  // namespace naru::test
