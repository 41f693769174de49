#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

// Credentials that are no plain key.
using namespace naru::config;

namespace {

const std::string bedrock = "providers: {aws: {type: bedrock, region: ap-northeast-2}}\n";
const std::string profile = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret1\n";

}  // namespace

TEST_CASE("AWS keys are found as AWS's own tools find them", "[credentials]") {
  world w;
  w.variables["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  w.variables["AWS_SECRET_ACCESS_KEY"] = "secret2";
  const loaded from_environment = w.load(bedrock);
  CHECK(to_lines(from_environment.errors).empty());
  REQUIRE(from_environment.ok());
  const provider& p = *from_environment.value->find_provider("aws");
  CHECK_FALSE(p.off);
  CHECK(p.base_url == "https://bedrock-runtime.ap-northeast-2.amazonaws.com");
  REQUIRE(p.cloud.aws);
  CHECK(p.cloud.aws->access_key == "AKIDENV");

  world home;
  home.variables["HOME"] = "/home/ann";
  home.files->texts["/home/ann/.aws/credentials"] = profile;
  const loaded from_profile = home.load(bedrock);
  REQUIRE(from_profile.ok());
  CHECK(from_profile.value->find_provider("aws")->cloud.aws->access_key == "AKIDEXAMPLE");

  world role;
  role.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/naru";
  role.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/run/token";
  const loaded from_role = role.load(bedrock);
  REQUIRE(from_role.ok());
  CHECK(from_role.value->find_provider("aws")->cloud.role->token_file == "/var/run/token");

  world bearer;
  bearer.variables["AWS_BEARER_TOKEN_BEDROCK"] = "key";
  const loaded from_key = bearer.load(bedrock);
  REQUIRE(from_key.ok());
  CHECK(from_key.value->find_provider("aws")->bearer);
  CHECK_FALSE(from_key.value->find_provider("aws")->cloud.aws);
}

TEST_CASE("an account without credentials is off, and says why", "[credentials]") {
  world w;
  const loaded l = w.load(bedrock);
  REQUIRE(l.ok());
  CHECK(l.value->find_provider("aws")->off);
  CHECK(l.value->find_provider("aws")->off_reason.find("AWS_ACCESS_KEY_ID") != std::string::npos);
}

TEST_CASE("half a key, and a file that is not there, are errors", "[credentials]") {
  world half;
  half.variables["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  CHECK(to_lines(half.load(bedrock).errors).find("AWS_SECRET_ACCESS_KEY") != std::string::npos);
  world w;
  const auto lines = to_lines(w.load("providers:\n  aws: {type: bedrock, region: us-east-1, credentials: /etc/keys}\n").errors);
  CHECK(lines == "providers.aws.credentials (naru.yaml:2:56): /etc/keys cannot be read: No such file or directory\n");
}

TEST_CASE("an Entra token by file travels as a bearer key and is read again when it changes", "[credentials]") {
  world w;
  w.files->texts["/run/entra"] = "token-1\n";
  const std::string text = "providers: {az: {type: azure, resource: acme, credentials: /run/entra}}\n";
  const loaded first = w.load(text);
  CHECK(to_lines(first.errors).empty());
  REQUIRE(first.ok());
  const provider& p = *first.value->find_provider("az");
  CHECK(p.bearer);
  REQUIRE(p.api_keys.size() == 1);
  CHECK(p.api_keys[0].reveal() == "token-1");
  CHECK(std::ranges::find(first.files, "/run/entra") != first.files.end());
  w.files->texts["/run/entra"] = "token-2\n";
  CHECK(w.load(text).hash != first.hash);
}

TEST_CASE("credentials mean nothing for a vendor that takes a key", "[credentials]") {
  world w;
  const auto lines = to_lines(w.load("providers: {openai: {api_key: x, credentials: /k}}\n").errors);
  CHECK(lines.find("means nothing for type: openai") != std::string::npos);
}
