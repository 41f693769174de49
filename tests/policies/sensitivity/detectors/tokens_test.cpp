#include <catch2/catch.hpp>

#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

using namespace naru::test;

namespace {
const std::string hex32 = sample_of(lower_hex, 32);
const std::string word22 = sample_of(alnum, 22), word24 = sample_of(alnum, 24), word36 = sample_of(alnum, 36);
const std::string slack = "0123456789-0123456789-" + sample_of(alnum, 24);
const std::string discord = to_url64("123456789012345678") + ".GxYz12." + sample_of(url64, 38);
const std::string dense = "a1B2c3D4e5" + sample_of(alnum, 30);
const std::string telegram = ":AA" + sample_of(url64, 33);
}  // namespace

TEST_CASE("tokens with a prefix are found", "[sensitivity][detectors]") {
  expect_found({
      {"github_token", "ghp_" + word36},
      {"github_token", "gho_" + word36 + "\n"},
      {"github_token", "https://ghs_" + word36 + "@github.com/a/b"},
      {"github_token", "\"ghu_" + word36 + "\""},
      {"github_token", "토큰ghr_" + word36 + "입니다"},
      {"github_token", "github_pat_" + word22 + "_" + sample_of(alnum, 59)},

      {"gitlab_token", "glpat-" + sample_of(url64, 20)},
      {"gitlab_token", "PRIVATE-TOKEN: glpat-" + sample_of(url64, 20)},
      {"gitlab_token", "gldt-" + sample_of(alnum, 20)},
      {"gitlab_token", "glrt-" + sample_of(alnum, 20) + "\""},
      {"gitlab_token", "glpat-" + sample_of(url64, 27) + ".01.0123456ab"},
      {"gitlab_token", "glptt-" + sample_of(lower_hex, 40)},

      {"bitbucket_token", "ATBB" + sample_of(alnum, 32)},
      {"bitbucket_token", "git clone https://x:ATBB" + sample_of(alnum, 32) + "@bitbucket.org/a/b"},
      {"bitbucket_token", "ATATT3xFfGF0" + sample_of(url64, 171) + "=0123ABCD"},
      {"bitbucket_token", "ATCTT3xFfGN0" + sample_of(url64, 171) + "=0123ABCD"},
      {"bitbucket_token", "'ATBB" + sample_of(alnum, 32) + "'"},
      {"bitbucket_token", "pw=ATBB" + sample_of(alnum, 28)},

      {"slack_token", "xoxb-" + slack},
      {"slack_token", "xoxp-" + slack},
      {"slack_token", "token=xoxa-2-" + slack + "&pretty=1"},
      {"slack_token", "xapp-1-A0123456789-0123456789-" + sample_of(lower_hex, 64)},
      {"slack_token", "xoxe.xoxp-1-" + sample_of(alnum, 100)},
      {"slack_token", "\"xoxs-" + slack + "\""},

      {"slack_webhook", "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/" + word24},
      {"slack_webhook", "hooks.slack.com/services/T0123ABCD/B0123ABCD/" + word24 + " "},
      {"slack_webhook", "'https://hooks.slack.com/workflows/T0123ABCD/A0123ABCD/1234567890/" + word24 + "'"},
      {"slack_webhook", "https://hooks.slack.com/triggers/T0123ABCD/1234567890/" + hex32},
      {"slack_webhook", "https://hooks.slack-gov.com/services/T0123ABCD/B0123ABCD/" + word24},
      {"slack_webhook", "웹훅 hooks.slack.com/services/T0123ABCD/B0123ABCD/" + word24 + "로"},

      {"discord_token", discord},
      {"discord_token", "Authorization: Bot " + discord},
      {"discord_token", "DISCORD_TOKEN=" + discord},
      {"discord_token", "client.run('" + discord + "')"},
      {"discord_token", "{\"token\":\"" + to_url64("98765432109876543") + ".YabCdE." + sample_of(url64, 27) + "\"}"},
      {"discord_token", "mfa." + sample_of(url64, 84)},

      {"telegram_token", "1234567890" + telegram},
      {"telegram_token", "https://api.telegram.org/bot1234567890" + telegram + "/getMe"},
      {"telegram_token", "\"12345678" + telegram + "\""},
      {"telegram_token", "TOKEN=123456789" + telegram},
      {"telegram_token", "봇 토큰은 1234567890" + telegram + "이에요"},
      {"telegram_token", "(1234567890" + telegram + ")"},

      {"twilio_key", "SK" + hex32},
      {"twilio_key", "\"SK" + hex32 + "\""},
      {"twilio_key", "TWILIO_AUTH_TOKEN=" + hex32},
      {"twilio_key", "twilio.Client('AC" + hex32 + "', '" + hex32 + "')"},
      {"twilio_key", "KEY=SK" + hex32},
      {"twilio_key", "Twilio auth token: " + hex32},

      {"sendgrid_key", "SG." + sample_of(url64, 22) + "." + sample_of(url64, 43)},
      {"sendgrid_key", "Bearer SG." + sample_of(url64, 22) + "." + sample_of(url64, 43)},
      {"sendgrid_key", "'SG." + word22 + "." + sample_of(alnum, 43) + "'"},
      {"sendgrid_key", "K=SG." + word22 + "." + sample_of(alnum, 43) + "\n"},
      {"sendgrid_key", "키SG." + word22 + "." + sample_of(alnum, 43) + "는"},
      {"sendgrid_key", "{\"k\":\"SG." + word22 + "." + sample_of(alnum, 43) + "\"}"},

      {"mailgun_key", "key-" + hex32},
      {"mailgun_key", "curl --user 'api:key-" + hex32 + "'"},
      {"mailgun_key", "MAILGUN_API_KEY=" + hex32 + "-01234567-89abcdef"},
      {"mailgun_key", "mailgun: \"" + hex32 + "-01234567-89abcdef\""},
      {"mailgun_key", "Mailgun key " + hex32},
      {"mailgun_key", "{\"mailgun\":{\"apiKey\":\"key-" + hex32 + "\"}}"},

      {"stripe_key", std::string("sk_") + "live_" + word24},
      {"stripe_key", std::string("rk_") + "live_" + sample_of(alnum, 99)},
      {"stripe_key", std::string("stripe.api_key = 'sk_") + "test_" + word24 + "'"},
      {"stripe_key", "whsec_" + sample_of(alnum, 32)},
      {"stripe_key", std::string("-u sk_") + "live_" + word24 + ":"},
      {"stripe_key", std::string("STRIPE=rk_") + "test_" + word24 + "\n"},

      {"square_token", "EAAA" + sample_of(url64, 60)},
      {"square_token", "Bearer EAAA" + sample_of(url64, 60) + "\n"},
      {"square_token", "sq0atp-" + sample_of(url64, 22)},
      {"square_token", "sq0csp-" + sample_of(url64, 43)},
      {"square_token", "\"sq0csp-" + sample_of(url64, 43) + "\""},
      {"square_token", "SQUARE=sq0atp-" + word22},

      {"shopify_token", "shpat_" + hex32},
      {"shopify_token", "shpca_" + hex32},
      {"shopify_token", "shppa_" + hex32 + "\""},
      {"shopify_token", "X-Shopify-Access-Token: shpat_" + hex32},
      {"shopify_token", "shpss_" + hex32},
      {"shopify_token", "('shpua_" + hex32 + "')"},

      {"openai_key", "sk-" + dense},
      {"openai_key", "Authorization: Bearer sk-proj-" + dense + "_x-Y"},
      {"openai_key", "OPENAI_API_KEY=sk-svcacct-" + dense},
      {"openai_key", "sk-or-v1-" + sample_of(lower_hex, 64)},
      {"openai_key", "\"sk-" + hex32 + "\""},
      {"openai_key", "내 키는 sk-admin-" + dense + "이고"},

      {"anthropic_key", "sk-ant-api03-" + dense + "-_AA"},
      {"anthropic_key", "x-api-key: sk-ant-api03-" + dense},
      {"anthropic_key", "sk-ant-admin01-" + dense},
      {"anthropic_key", "'sk-ant-oat01-" + dense + "'"},
      {"anthropic_key", "ANTHROPIC_API_KEY=sk-ant-" + dense},
      {"anthropic_key", "{\"k\":\"sk-ant-sid01-" + dense + "\"}"},

      {"huggingface_token", "hf_" + sample_of(alnum, 34)},
      {"huggingface_token", "HF_TOKEN=hf_" + sample_of(alnum, 34)},
      {"huggingface_token", "login('hf_" + sample_of(alnum, 34) + "')"},
      {"huggingface_token", "api_org_" + sample_of(alnum, 34)},
      {"huggingface_token", "https://u:hf_" + sample_of(alnum, 34) + "@huggingface.co/x"},
      {"huggingface_token", "토큰hf_" + sample_of(alnum, 34) + "을"},

      {"groq_key", "gsk_" + sample_of(alnum, 52)},
      {"groq_key", "GROQ_API_KEY=gsk_" + sample_of(alnum, 52)},
      {"groq_key", "\"gsk_" + sample_of(alnum, 52) + "\""},
      {"groq_key", "Groq(api_key='gsk_" + sample_of(alnum, 52) + "')"},
      {"groq_key", "Bearer gsk_" + sample_of(alnum, 52) + "\n"},
      {"groq_key", "키는 gsk_" + sample_of(alnum, 52) + "예요"},

      {"npm_token", "npm_" + word36},
      {"npm_token", "//registry.example/:_authToken=npm_" + word36},
      {"npm_token", "NPM_TOKEN=npm_" + word36 + "\n"},
      {"npm_token", "\"npm_" + word36 + "\""},
      {"npm_token", "(npm_" + word36 + ")"},
      {"npm_token", "키 npm_" + word36 + "를"},

      {"pypi_token", "pypi-AgEIcHlwaS5vcmc" + sample_of(url64, 120)},
      {"pypi_token", "password = pypi-AgEIcHlwaS5vcmc" + sample_of(url64, 150)},
      {"pypi_token", "pypi-AgENdGVzdC5weXBpLm9yZw" + sample_of(url64, 100)},
      {"pypi_token", "'pypi-AgEIcHlwaS5vcmc" + sample_of(url64, 60) + "'"},
      {"pypi_token", "TWINE_PASSWORD=pypi-AgEIcHlwaS5vcmc" + sample_of(url64, 60)},
      {"pypi_token", "{\"p\":\"pypi-AgEIcHlwaS5vcmc" + sample_of(url64, 60) + "\"}"},

      {"docker_token", "dckr_pat_" + sample_of(url64, 27)},
      {"docker_token", "docker login -p dckr_pat_" + sample_of(url64, 27)},
      {"docker_token", "dckr_oat_" + sample_of(url64, 32)},
      {"docker_token", "'dckr_pat_" + sample_of(alnum, 27) + "'"},
      {"docker_token", "P=dckr_pat_" + sample_of(url64, 27) + "\n"},
      {"docker_token", "(dckr_pat_" + sample_of(url64, 27) + ")"},

      {"naru_key", "naru-" + dense},
      {"naru_key", "Authorization: Bearer naru-" + dense},
      {"naru_key", "\"naru-" + sample_of(lower_hex, 64) + "\""},
      {"naru_key", "OPENAI_API_KEY=naru-" + dense},
      {"naru_key", "키 naru-" + dense + "를"},
      {"naru_key", "naru-live_" + dense},
  });
}

TEST_CASE("what begins like a token and is none is not found", "[sensitivity][detectors]") {
  expect_not_found({
      {"github_token", "ghp_short"},
      {"github_token", "xghp_" + word36},
      {"github_token", "ghp_" + std::string(36, 'x')},
      {"github_token", "ghp_" + word36.substr(1)},
      {"github_token", "github_pat_short"},
      {"github_token", "ghp_your-token-goes-here-please-and-thanks"},

      {"gitlab_token", "glpat-short"},
      {"gitlab_token", "xglpat-" + sample_of(url64, 20)},
      {"gitlab_token", "glpat-" + std::string(20, 'x')},
      {"gitlab_token", "glrt-"},
      {"gitlab_token", "set glpat-<token>"},
      {"gitlab_token", "glpat-" + sample_of(url64, 19)},

      {"bitbucket_token", "ATBB"},
      {"bitbucket_token", "xATBB" + sample_of(alnum, 32)},
      {"bitbucket_token", "ATBB" + std::string(32, 'a')},
      {"bitbucket_token", "ATATT3 short"},
      {"bitbucket_token", "data ATBB" + sample_of(alnum, 200)},
      {"bitbucket_token", "THE ATBB COMMITTEE"},

      {"slack_token", "xoxb-"},
      {"slack_token", "xoxb-your-token-here-please-thanks"},
      {"slack_token", "xxoxb-" + slack},
      {"slack_token", "xoxp-123"},
      {"slack_token", "xoxb-000000000000-000000000000"},
      {"slack_token", "xapp-development-configuration-file"},

      {"slack_webhook", "https://hooks.slack.com/"},
      {"slack_webhook", "https://hooks.slack.com/services/T/B/X"},
      {"slack_webhook", "https://hooks.slack.com/services/..."},
      {"slack_webhook", "https://hooks.slack.com/docs/" + word24},
      {"slack_webhook", "https://api.slack.com/services/T0123ABCD/B0123ABCD/" + word24},
      {"slack_webhook", "https://hooks.slack.com/services/TXXXXXXXX/BXXXXXXXX/XXXXXXXXXXXXXXXXXXXXXXXX"},

      {"discord_token", sample_of(alnum, 24) + ".GxYz12." + sample_of(url64, 38)},
      {"discord_token", to_url64("123456789012345678") + "." + sample_of(url64, 38)},
      {"discord_token", to_url64("123456789012345678") + ".GxYz12.short"},
      {"discord_token", to_url64("not a number at all") + ".GxYz12." + sample_of(url64, 38)},
      {"discord_token", to_url64(R"({"alg":"HS256"})") + "." + to_url64(R"({"a":1})") + "." + sample_of(url64, 43)},
      {"discord_token", sample_of(url64, 300)},

      {"telegram_token", telegram},
      {"telegram_token", "12" + telegram},
      {"telegram_token", "1234567890:AAshort"},
      {"telegram_token", "1234567890:AB" + sample_of(url64, 33)},
      {"telegram_token", "00:AA:11:BB:22:CC"},
      {"telegram_token", "1234567890:AA" + sample_of(url64, 60)},

      {"twilio_key", "SK" + hex32.substr(1)},
      {"twilio_key", "SK" + hex32 + "0"},
      {"twilio_key", "RISK" + hex32},
      {"twilio_key", "SK000"},
      {"twilio_key", "twilio is for texts"},
      {"twilio_key", "SK" + std::string(32, '0')},

      {"sendgrid_key", "SG.short.key"},
      {"sendgrid_key", "MSG." + word22 + "." + sample_of(alnum, 43)},
      {"sendgrid_key", "SG." + word22},
      {"sendgrid_key", "SG." + word22 + "." + sample_of(alnum, 44)},
      {"sendgrid_key", "SG." + word24 + "." + sample_of(alnum, 43)},
      {"sendgrid_key", "in SG. It was hot."},

      {"mailgun_key", "key-value pairs"},
      {"mailgun_key", "monkey-" + hex32},
      {"mailgun_key", "key-" + hex32 + "0"},
      {"mailgun_key", "mailgun sends mail"},
      {"mailgun_key", hex32 + "-01234567-89abcdef"},
      {"mailgun_key", "key-" + std::string(32, '0')},

      {"stripe_key", std::string("pk_") + "live_" + word24},
      {"stripe_key", std::string("sk_") + "live_..."},
      {"stripe_key", std::string("sk_") + "test_short"},
      {"stripe_key", std::string("sk_") + "live_" + std::string(24, 'x')},
      {"stripe_key", std::string("task_") + "live_" + word24},
      {"stripe_key", "whsec_"},

      {"square_token", "EAAA" + sample_of(url64, 30)},
      {"square_token", "xEAAA" + sample_of(url64, 60)},
      {"square_token", "EAAA" + sample_of(url64, 200)},
      {"square_token", "sq0atp-short"},
      {"square_token", "sq0idp-" + word22},
      {"square_token", "EAAA" + std::string(60, 'A')},

      {"shopify_token", "shpat_"},
      {"shopify_token", "shpat_" + hex32.substr(1)},
      {"shopify_token", "xshpat_" + hex32},
      {"shopify_token", "shpat_" + std::string(32, '0')},
      {"shopify_token", "shpat_your_access_token"},
      {"shopify_token", "shpat_" + hex32 + "xyz"},

      {"openai_key", "sk-learn and task-0123456789012345678901234567"},
      {"openai_key", "sk-this-is-a-long-kebab-case-name-without-digits"},
      {"openai_key", "sk-folding-cube2 sk-fading-circle-dot-number-12"},
      {"openai_key", "sk-ant-api03-" + dense},
      {"openai_key", "desk-" + dense},
      {"openai_key", "sk-" + std::string(48, 'x')},
      {"openai_key", "sk-..."},

      {"anthropic_key", "sk-ant-"},
      {"anthropic_key", "sk-ant-api03-..."},
      {"anthropic_key", "xsk-ant-" + dense},
      {"anthropic_key", "sk-ant-your-api-key-goes-here-please"},
      {"anthropic_key", "sk-ant-" + std::string(40, 'x')},
      {"anthropic_key", "sk-" + dense},

      {"huggingface_token", "hf_hub_download"},
      {"huggingface_token", "hf_model_name_with_a_long_tail_of_words"},
      {"huggingface_token", "hf_" + std::string(34, 'x')},
      {"huggingface_token", "shf_" + sample_of(alnum, 34)},
      {"huggingface_token", "hf_" + sample_of(alnum, 20)},
      {"huggingface_token", "hf_" + sample_of(alnum, 60)},

      {"groq_key", "gsk_"},
      {"groq_key", "gsk_short"},
      {"groq_key", "xgsk_" + sample_of(alnum, 52)},
      {"groq_key", "gsk_" + std::string(52, 'x')},
      {"groq_key", "gsk_your_key_here"},
      {"groq_key", "gsk_" + sample_of(alnum, 90)},

      {"npm_token", "npm_config_registry"},
      {"npm_token", "npm_" + word36 + "a"},
      {"npm_token", "npm_" + word36.substr(1)},
      {"npm_token", "pnpm_" + word36},
      {"npm_token", "npm_" + std::string(36, 'x')},
      {"npm_token", "npm_lifecycle_event"},

      {"pypi_token", "pypi-Ag"},
      {"pypi_token", "pypi-AgEIcHlwaS5vcmc"},
      {"pypi_token", "xpypi-AgEIcHlwaS5vcmc" + sample_of(url64, 120)},
      {"pypi_token", "pypi-Agent is a package"},
      {"pypi_token", "pypi-Ag" + std::string(80, 'x')},
      {"pypi_token", "pypi-publish"},

      {"docker_token", "dckr_pat_"},
      {"docker_token", "dckr_pat_" + sample_of(url64, 20)},
      {"docker_token", "xdckr_pat_" + sample_of(url64, 27)},
      {"docker_token", "dckr_pat_" + std::string(27, 'x')},
      {"docker_token", "dckr_pat_<token>"},
      {"docker_token", "dckr_oat_short"},

      {"naru_key", "naru-worker"},
      {"naru_key", "x-naru-" + dense},
      {"naru_key", "naru-mock and naru-worker are programs"},
      {"naru_key", "naru-this-is-a-long-name-of-a-kubernetes-service"},
      {"naru_key", "naru-" + dense.substr(0, 20)},
      {"naru_key", "api.naru-" + dense},
  });
}
