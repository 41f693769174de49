#include <catch2/catch.hpp>

#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

using namespace naru::test;

namespace {
const std::string begin = "-----BEGIN ", pk = std::string("PRIVATE") + " KEY";
std::string signed_token(std::string_view header, std::string_view claims) {
  return to_url64(header) + "." + to_url64(claims) + "." + sample_of(url64, 43);
}
const std::string plain = signed_token(R"({"alg":"HS256","typ":"JWT"})", R"({"sub":"1"})");
const std::string legacy =
    signed_token(R"({"alg":"RS256","kid":""})", R"({"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:a:b"})");
const std::string bound = signed_token(R"({"alg":"RS256","kid":"k"})", R"({"aud":["x"],"kubernetes.io":{"namespace":"a"}})");
const std::string pw = std::string("Tr0ub4") + "dor&3x";
}  // namespace

TEST_CASE("private keys, JWTs and what vaults and clusters hand out are found", "[sensitivity][detectors]") {
  expect_found({
      {"private_key", begin + "RSA " + pk + "-----\nMIIE"},
      {"private_key", "x " + begin + "OPENSSH " + pk + "-----"},
      {"private_key", begin + "PGP " + pk + " BLOCK-----"},
      {"private_key", begin + pk + "-----"},
      {"private_key", begin + "ENCRYPTED " + pk + "-----\\n"},
      {"private_key", std::string("PuTTY-User-") + "Key-File-3: ssh-ed25519"},
      {"private_key", std::string("AGE-SECRET-") + "KEY-1" + sample_of(upper_alnum, 58)},

      {"jwt", plain},
      {"jwt", "Authorization: Bearer " + plain},
      {"jwt", "{\"id_token\":\"" + plain + "\"}"},
      {"jwt", signed_token(R"({ "typ":"JWT", "alg":"none" })", "{}")},
      {"jwt", to_url64(R"({"alg":"RSA-OAEP","enc":"A256GCM"})") + "." + sample_of(url64, 40) + "." + sample_of(url64, 16) + "." +
                  sample_of(url64, 40) + "." + sample_of(url64, 22)},
      {"jwt", "토큰은 " + plain + "입니다"},
      {"jwt", "https://x.example/?token=" + plain + "&a=1"},
      {"jwt", legacy},

      {"kubernetes_token", legacy},
      {"kubernetes_token", bound},
      {"kubernetes_token", "token: " + legacy + "\n"},
      {"kubernetes_token", "kubectl --token=" + bound},
      {"kubernetes_token", "{\"token\":\"" + bound + "\"}"},
      {"kubernetes_token", "Bearer " + legacy},

      {"vault_token", "hvs." + sample_of(url64, 90)},
      {"vault_token", "VAULT_TOKEN=hvs." + sample_of(alnum, 24)},
      {"vault_token", "hvb." + sample_of(url64, 150)},
      {"vault_token", "\"hvr." + sample_of(url64, 90) + "\""},
      {"vault_token", "X-Vault-Token: s." + sample_of(alnum, 24)},
      {"vault_token", "vault_token = \"s." + sample_of(alnum, 24) + "\""},
  });
  expect_not_found({
      {"private_key", "-----BEGIN CERTIFICATE-----"},
      {"private_key", "-----BEGIN PUBLIC KEY-----"},
      {"private_key", "-----BEGIN and then PRIVATE KEY"},
      {"private_key", "a PRIVATE KEY is secret"},
      {"private_key", "PuTTY-User-Key-File-X"},
      {"private_key", "AGE-SECRET-KEY-1SHORT"},

      {"jwt", "eyJ"},
      {"jwt", to_url64(R"({"typ":"JWT","kid":"1234"})") + "." + to_url64("{}") + ".x"},
      {"jwt", to_url64(R"({"alg":"HS256","typ":"JWT"})")},
      {"jwt", "x" + plain},
      {"jwt", "eyJhbGci"},
      {"jwt", "eyJ" + sample_of(url64, 200)},

      {"kubernetes_token", plain},
      {"kubernetes_token", "kubernetes/serviceaccount"},
      {"kubernetes_token", to_url64(R"({"iss":"kubernetes/serviceaccount"})")},
      {"kubernetes_token", "x" + legacy},
      {"kubernetes_token", signed_token(R"({"alg":"RS256"})", R"({"iss":"accounts.example"})")},
      {"kubernetes_token", signed_token(R"({"kid":"k"})", R"({"iss":"kubernetes/serviceaccount"})")},

      {"vault_token", "hvs."},
      {"vault_token", "hvs." + sample_of(alnum, 20)},
      {"vault_token", "xhvs." + sample_of(url64, 90)},
      {"vault_token", "s." + sample_of(alnum, 24)},
      {"vault_token", "vault_token: ${VAULT_TOKEN}"},
      {"vault_token", "hvs." + std::string(40, 'x')},
  });
}

TEST_CASE("addresses with a password are found, with a placeholder they are not", "[sensitivity][detectors]") {
  expect_found({
      {"database_url", "postgres://app:" + pw + "@db:5432/shop"},
      {"database_url", "DATABASE_URL=postgresql+psycopg2://app:" + pw + "@10.0.0.3/x"},
      {"database_url", "\"mongodb+srv://root:" + pw + "@c0.example.net/?w=1\""},
      {"database_url", "redis://:" + pw + "@cache:6379/0"},
      {"database_url", "amqps://mq:p%40ss" + pw + "@mq.example"},
      {"database_url", "Server=db;Database=x;User Id=sa;Password=" + pw + ";"},
      {"database_url", "Data Source=db;uid=sa;PWD=" + pw},
      {"database_url", "host=db dbname=x user=app password=" + pw},
      {"database_url", "jdbc:mysql://db:3306/x?user=app&password=" + pw},
      {"database_url", "mysql://app:a@b" + pw + "@db/x"},

      {"basic_auth_url", "https://kim:" + pw + "@git.example/x"},
      {"basic_auth_url", "http://admin:admin@10.0.0.1:8080/"},
      {"basic_auth_url", "git clone 'https://bot:" + sample_of(alnum, 20) + "@example.com/a.git'"},
      {"basic_auth_url", "ftp://u:" + pw + "@files.example"},
      {"basic_auth_url", "proxy = socks5://me:" + pw + "@127.0.0.1:1080"},
      {"basic_auth_url", "주소는 https://kim:" + pw + "@git.example 입니다"},
      {"basic_auth_url", "ldap://cn:" + pw + "@[2001:db8::1]:389"},
  });
  expect_not_found({
      {"database_url", "postgres://db:5432/shop"},
      {"database_url", "postgres://app@db/shop"},
      {"database_url", "postgres://user:password@localhost/x"},
      {"database_url", "postgres://app:${DB_PASSWORD}@db/x"},
      {"database_url", "mysql://app:<password>@db/x"},
      {"database_url", "https://kim:" + pw + "@git.example/x"},
      {"database_url", "set the ;password= option"},
      {"database_url", "redis://:***@cache"},

      {"basic_auth_url", "https://example.com/a:b@c"},
      {"basic_auth_url", "https://user:pass@example.com"},
      {"basic_auth_url", "https://${USER}:${TOKEN}@example.com"},
      {"basic_auth_url", "http://localhost:3000 mail bob@example.com"},
      {"basic_auth_url", "https://user@example.com"},
      {"basic_auth_url", "postgres://app:" + pw + "@db/x"},
      {"basic_auth_url", "https://example.com:8080,foo@bar.com"},
      {"basic_auth_url", "https://{user}:{password}@host"},
  });
}

TEST_CASE("a quoted value that looks random is found after a name that says secret", "[sensitivity][detectors]") {
  expect_found({
      {"password_assignment", "password = \"" + pw + "\""},
      {"password_assignment", "{\"password\": \"" + pw + "\"}"},
      {"password_assignment", "DB_PASSWORD='" + pw + "'"},
      {"password_assignment", "client_secret: '" + sample_of(alnum, 32) + "'"},
      {"password_assignment", "const apiKey = `" + sample_of(lower_hex, 40) + "`;"},
      {"password_assignment", "os.environ[\"API_KEY\"] = \"" + sample_of(alnum, 20) + "\""},
      {"password_assignment", "{\\\"token\\\": \\\"" + sample_of(alnum, 24) + "\\\"}"},
      {"password_assignment", "'passwd' => '" + pw + "'"},
      {"password_assignment", "DB_PASSWORD=" + pw + "\n"},
      {"password_assignment", "비밀번호: \"" + pw + "\""},
      {"password_assignment", "secret := \"" + sample_of(alnum, 16) + "\""},
  });
  expect_not_found({
      {"password_assignment", "password = \"\""},
      {"password_assignment", "password = \"changeme\""},
      {"password_assignment", "password: \"Enter your password\""},
      {"password_assignment", "password = \"${DB_PASSWORD}\""},
      {"password_assignment", "password = os.getenv(\"DB_PASSWORD_1\")"},
      {"password_assignment", "token_url = \"https://auth.example/oauth2/token\""},
      {"password_assignment", "secretName: \"db-credentials-2\""},
      {"password_assignment", "tokenizer = \"gpt2-medium-v1\""},
      {"password_assignment", "\"max_tokens\": 4096, \"x\": \"abc123DEF456\""},
      {"password_assignment", "token = getToken2(x)"},
      {"password_assignment", "{\"token\": \"next_page_token\"}"},
      {"password_assignment", "the password is secret, the token is \"gone\""},
      {"password_assignment", "secret: xxxxxxxxxxxxxxxx"},
      {"password_assignment", "password=\"" + std::string("hunter") + "\""},
      {"password_assignment", "API_KEY=your_api_key_here_123"},
      {"password_assignment", "const token: AccessTokenV2 = x;"},
  });
}
