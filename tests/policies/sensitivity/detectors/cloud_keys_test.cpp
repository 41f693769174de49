#include <catch2/catch.hpp>

#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

using namespace naru::test;

namespace {
const std::string aws_id = std::string("AK") + "IAIOSFODNN7EXAMPLE";
const std::string aws_secret = std::string("wJalrXUtnFEMI/K7MDENG/bPxRf") + "iCYEXAMPLEKEY";
const std::string storage = sample_of(standard64, 86) + "==";
const std::string bus = sample_of(standard64, 43) + "=";
const std::string pem = std::string("-----BEGIN PRI") + "VATE KEY-----\\nMIIEvQ" + sample_of(standard64, 40);
const std::string hex32 = sample_of(lower_hex, 32), hex40 = sample_of(lower_hex, 40), hex64 = sample_of(lower_hex, 64);
const std::string word40 = sample_of(alnum, 40);
}  // namespace

TEST_CASE("keys of clouds are found", "[sensitivity][detectors]") {
  expect_found({
      {"aws_access_key", aws_id},
      {"aws_access_key", "key=" + aws_id + ";"},
      {"aws_access_key", "{\"AccessKeyId\":\"ASIA" + sample_of("ABCDEFGH234567", 16) + "\"}"},
      {"aws_access_key", "https://s3.example/?X-Amz-Credential=" + aws_id + "%2F20261124"},
      {"aws_access_key", "키는 " + aws_id + "입니다"},
      {"aws_access_key", "A3TX" + sample_of("ABCDEFGH234567", 16)},
      {"aws_access_key", "ABIA" + sample_of("ABCDEFGH234567", 16)},

      {"aws_secret_key", "aws_secret_access_key = " + aws_secret},
      {"aws_secret_key", "AWS_SECRET_ACCESS_KEY=" + aws_secret},
      {"aws_secret_key", "Secret: '" + aws_secret + "'"},
      {"aws_secret_key", aws_id + "," + aws_secret},
      {"aws_secret_key", "{\"SecretAccessKey\":\"" + aws_secret + "\"}"},
      {"aws_secret_key", "aws configure set x " + aws_secret + " --profile p"},

      {"gcp_service_account", R"({"type": "service_account", "private_key": ")" + pem + "\"}"},
      {"gcp_service_account", R"({"private_key": ")" + pem + R"(", "client_email": "a@p.iam.gserviceaccount.com"})"},
      {"gcp_service_account", R"({"type":"service_account","private_key_id":"1","private_key":")" + pem + "\"}"},
      {"gcp_service_account", "type: service_account\nprivate_key: |\n  " + pem},
      {"gcp_service_account", "{\n  \"private_key\" :\t\"" + pem + "\",\n  \"type\": \"service_account\"}"},
      {"gcp_service_account",
       "see:\n" + std::string(2000, ' ') + R"("private_key":")" + pem + R"(","client_email":"x@y.gserviceaccount.com")"},

      {"google_api_key", "AIza" + sample_of(url64, 35)},
      {"google_api_key", "https://maps.example/js?key=AIza" + sample_of(url64, 35) + "&v=3"},
      {"google_api_key", "apiKey: \"AIza" + sample_of(url64, 35) + "\""},
      {"google_api_key", "GOCSPX-" + sample_of(url64, 28)},
      {"google_api_key", "Bearer ya29." + sample_of(url64, 120)},
      {"google_api_key", "AQ.Ab8" + sample_of(url64, 47)},

      {"azure_storage_key", "AccountKey=" + storage},
      {"azure_storage_key", "account_key: \"" + storage + "\""},
      {"azure_storage_key", "AZURE_STORAGE_KEY='" + storage + "'"},
      {"azure_storage_key", "{\"storageAccountKey\":\"" + storage + "\"}"},
      {"azure_storage_key", "--account-key " + storage},
      {"azure_storage_key", "storageKey => " + storage + ","},

      {"azure_connection_string", "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + storage + ";EndpointSuffix=x"},
      {"azure_connection_string", "\"DefaultEndpointsProtocol=http;AccountKey=" + storage + "\""},
      {"azure_connection_string", "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=" + bus},
      {"azure_connection_string", "HostName=a.azure-devices.net;DeviceId=d;SharedAccessKey=" + bus},
      {"azure_connection_string", "SharedAccessKey=" + bus + ";Endpoint=sb://late.example/"},
      {"azure_connection_string", "Endpoint=https://c.azconfig.io;SharedAccessKey=" + storage + ";"},

      {"azure_sas", "https://a.blob.core.windows.net/c?sv=2024-11-04&se=2027-01-01&sig=" + sample_of(alnum, 43) + "%3D"},
      {"azure_sas", "?sig=" + sample_of(alnum, 43) + "%3D&se=2027-01-01T00:00Z"},
      {"azure_sas", "SharedAccessSignature sr=x&sig=" + sample_of(alnum, 41) + "%2F%2B%3D&se=1800000000"},
      {"azure_sas", "sv=2024&sig=" + bus},
      {"azure_sas", "\"sv=2022-11-02&ss=b&sig=" + sample_of(standard64, 43) + "=\""},
      {"azure_sas", "se=1&amp;sig=" + sample_of(alnum, 43) + "%3d"},

      {"digitalocean_token", "dop_v1_" + hex64},
      {"digitalocean_token", "doo_v1_" + hex64},
      {"digitalocean_token", "dor_v1_" + hex64 + "\n"},
      {"digitalocean_token", "DO_TOKEN=dop_v1_" + hex64},
      {"digitalocean_token", "'dop_v1_" + hex64 + "'"},
      {"digitalocean_token", "토큰 dop_v1_" + hex64 + "을"},

      {"cloudflare_token", "cfut_" + word40 + "0123abcd"},
      {"cloudflare_token", "cfat_" + word40 + "0123abcd"},
      {"cloudflare_token", "key: cfk_" + word40 + "0123abcd"},
      {"cloudflare_token", "CLOUDFLARE_API_TOKEN=" + word40},
      {"cloudflare_token", "cf_api_token: \"" + word40 + "\""},
      {"cloudflare_token", "cloudflare global key \"" + sample_of(lower_hex, 37) + "\""},
      {"cloudflare_token", "v1.0-" + sample_of(lower_hex, 24) + "-" + sample_of(lower_hex, 146)},

      {"databricks_token", "dapi" + hex32},
      {"databricks_token", "dapi" + hex32 + "-2"},
      {"databricks_token", "token = \"dapi" + hex32 + "\""},
      {"databricks_token", "DATABRICKS_TOKEN=dapi" + hex32},
      {"databricks_token", "(dapi" + hex32 + ")"},
      {"databricks_token", "token:dapi" + hex32 + "-12 "},

      {"datadog_key", "DD_API_KEY=" + hex32},
      {"datadog_key", "dd-api-key: " + hex32},
      {"datadog_key", "datadog app key " + hex40},
      {"datadog_key", "DATADOG_APP_KEY=\"" + hex40 + "\""},
      {"datadog_key", "{\"datadog\": {\"api_key\": \"" + hex32 + "\"}}"},
      {"datadog_key", "DD_APP_KEY='" + hex40 + "'"},
  });
}

TEST_CASE("what looks like a cloud's key and is none is not found", "[sensitivity][detectors]") {
  expect_not_found({
      {"aws_access_key", "B" + aws_id},
      {"aws_access_key", aws_id + "X"},
      {"aws_access_key", aws_id.substr(0, 19)},
      {"aws_access_key", "AKIA but not a key, AKIA12"},
      {"aws_access_key", "AKIAXXXXXXXXXXXXXXXX"},
      {"aws_access_key", "akiaiosfodnn7example"},
      {"aws_access_key", "ASIAN MARKETS ROSE TODAY"},

      {"aws_secret_key", hex40 + " secret"},
      {"aws_secret_key", "secret " + hex40},
      {"aws_secret_key", aws_secret},
      {"aws_secret_key", "secret=" + aws_secret + "A"},
      {"aws_secret_key", "secret=" + aws_secret.substr(1)},
      {"aws_secret_key", "aws image " + sample_of(standard64, 400)},
      {"aws_secret_key", "aws /usr/local/share/doc/examples/index/html/x1"},

      {"gcp_service_account", "create a service_account first"},
      {"gcp_service_account", R"({"type": "service_account", "project_id": "p"})"},
      {"gcp_service_account", R"({"type": "service_account", "private_key_id": "1"})"},
      {"gcp_service_account", R"({"type":"service_account","private_key":"..."})"},
      {"gcp_service_account", "client_email: a@p.iam.gserviceaccount.com"},
      {"gcp_service_account", "a@p.iam.gserviceaccount.com has no private_key"},

      {"google_api_key", "AIza" + sample_of(url64, 34)},
      {"google_api_key", "AIza" + sample_of(url64, 36)},
      {"google_api_key", "xAIza" + sample_of(url64, 35)},
      {"google_api_key", "AIza" + std::string(35, 'x')},
      {"google_api_key", "ya29.short"},
      {"google_api_key", "GOCSPX-your-secret"},

      {"azure_storage_key", "AccountKey=..."},
      {"azure_storage_key", "AccountKey=" + bus},
      {"azure_storage_key", "account_key: " + std::string(86, 'A') + "=="},
      {"azure_storage_key", "the storage key is rotated"},
      {"azure_storage_key", storage},
      {"azure_storage_key", "AccountKey=" + sample_of(standard64, 88) + "=="},

      {"azure_connection_string", "DefaultEndpointsProtocol=https;AccountName=acme"},
      {"azure_connection_string", "DefaultEndpointsProtocol=https;AccountKey=<key>"},
      {"azure_connection_string", "SharedAccessKey=" + bus},
      {"azure_connection_string", "Endpoint=sb://a/;SharedAccessKey=${KEY}"},
      {"azure_connection_string", "Endpoint=sb://a/;SharedAccessKey=" + std::string(43, 'A') + "="},
      {"azure_connection_string", "Endpoint=sb://a/;SharedAccessKeyName=root"},

      {"azure_sas", "sig=" + sample_of(alnum, 43) + "%3D"},
      {"azure_sas", "sv=1&sig=abc"},
      {"azure_sas", "sv=1&design=" + sample_of(alnum, 43) + "%3D"},
      {"azure_sas", "sv=1&sig=" + sample_of(alnum, 60)},
      {"azure_sas", "sv=1&sig=<signature>"},
      {"azure_sas", "sv=1&sig=" + std::string(43, 'x') + "%3D"},

      {"digitalocean_token", "dop_v1_"},
      {"digitalocean_token", "dop_v1_" + sample_of(lower_hex, 63)},
      {"digitalocean_token", "dop_v1_" + hex64 + "0"},
      {"digitalocean_token", "dop_v1_" + std::string(64, '0')},
      {"digitalocean_token", "xdop_v1_" + hex64},
      {"digitalocean_token", "dop_v1_" + hex64.substr(1) + "g"},

      {"cloudflare_token", "cfut_short"},
      {"cloudflare_token", "cloudflare workers are fast"},
      {"cloudflare_token", "cloudflare zone " + hex32},
      {"cloudflare_token", "v1.0-rc1"},
      {"cloudflare_token", "cfk_" + std::string(48, 'x')},
      {"cloudflare_token", "xcfut_" + word40 + "0123abcd"},

      {"databricks_token", "dapi"},
      {"databricks_token", "dapi" + hex32.substr(1)},
      {"databricks_token", "dapi" + hex32 + "ab"},
      {"databricks_token", "xdapi" + hex32},
      {"databricks_token", "dapi" + std::string(32, '0')},
      {"databricks_token", "the dapi client"},

      {"datadog_key", hex32},
      {"datadog_key", "datadog is a monitoring service"},
      {"datadog_key", "datadog " + hex64},
      {"datadog_key", "DD_API_KEY=${DD_API_KEY}"},
      {"datadog_key", "DD_API_KEY=" + std::string(32, '0')},
      {"datadog_key", "datadog " + std::string(100, ' ') + hex32},
  });
}
