#include "providers/vendors/bedrock/credentials.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>

using namespace naru;
using namespace naru::vendors;

namespace {

std::string told(const result<aws_credentials>& c) {
  if (!c) return std::string{to_string(c.error().code)} + " " + c.error().field + ": " + c.error().message;
  return c->access_key + "/" + c->secret_key + "/" + c->session_token + "/" + (c->expires ? std::to_string(*c->expires) : "-");
}

std::string from(const std::map<std::string, std::string, std::less<>>& variables) {
  const auto c = read_aws_environment([&](std::string_view name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::optional<std::string>{} : std::optional{at->second};
  });
  if (!c) return c.error().field + ": " + c.error().message;
  return *c ? told(**c) : "none";
}

const std::string file = R"(# made by hand
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key=de/fault+secret=
; a comment

[prod]
  aws_access_key_id=AKIAOLD
  aws_access_key_id=AKIAPROD
aws_secret_access_key = prodsecret
aws_session_token = prodtoken==
region = eu-west-1
[profile named one]
aws_access_key_id = AKIANAMED
aws_secret_access_key = namedsecret
[half]
aws_access_key_id = AKIAHALF
[empty])";

}  // namespace

TEST_CASE("a profile of the credentials file is read alone", "[aws_credentials]") {
  CHECK(told(read_aws_profile(file, "default")) == "AKIADEFAULT/de/fault+secret=//-");
  CHECK(told(read_aws_profile(file, "prod")) == "AKIAPROD/prodsecret/prodtoken==/-");
  CHECK(told(read_aws_profile(file, "named one")) == "AKIANAMED/namedsecret//-");
  std::string windows;
  for (const char c : file) windows += c == '\n' ? std::string{"\r\n"} : std::string{c};
  CHECK(told(read_aws_profile(windows, "prod")) == "AKIAPROD/prodsecret/prodtoken==/-");
}

TEST_CASE("what is missing in the credentials file is said", "[aws_credentials]") {
  CHECK(told(read_aws_profile(file, "pro")) == "bad_request pro: want a profile [pro] in the AWS credentials file");
  CHECK(told(read_aws_profile("", "default")) == "bad_request default: want a profile [default] in the AWS credentials file");
  CHECK(told(read_aws_profile(file, "half")) ==
        "bad_request half.aws_secret_access_key: want aws_secret_access_key in [half] of the AWS credentials file");
  CHECK(told(read_aws_profile(file, "empty")) ==
        "bad_request empty.aws_access_key_id: want aws_access_key_id in [empty] of the AWS credentials file");
}

TEST_CASE("keys from the environment are whole, absent, or told what is missing", "[aws_credentials]") {
  CHECK(from({}) == "none");
  CHECK(from({{"AWS_ACCESS_KEY_ID", " "}, {"AWS_SESSION_TOKEN", "t"}}) == "none");
  CHECK(from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "s\n"}}) == "A/s//-");
  CHECK(from({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}}) == "A/s/t/-");
  CHECK(from({{"AWS_ACCESS_KEY_ID", "A"}}) == "AWS_SECRET_ACCESS_KEY: want AWS_SECRET_ACCESS_KEY beside AWS_ACCESS_KEY_ID");
  CHECK(from({{"AWS_SECRET_ACCESS_KEY", "s"}}) == "AWS_ACCESS_KEY_ID: want AWS_ACCESS_KEY_ID beside AWS_SECRET_ACCESS_KEY");
}

TEST_CASE("a role's answer is read as XML and as JSON", "[aws_credentials]") {
  CHECK(told(read_aws_role_answer(R"(<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>system:serviceaccount:naru:naru</SubjectFromWebIdentityToken>
    <Credentials>
      <SessionToken>token/+==</SessionToken><SecretAccessKey>se/cret</SecretAccessKey>
      <Expiration>2026-11-23T13:00:00Z</Expiration><AccessKeyId>ASIAROLE</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>)")) == "ASIAROLE/se/cret/token/+==/1795438800");
  const std::string inner = R"({"AccessKeyId":"ASIAROLE","SecretAccessKey":"s","SessionToken":"t","Expiration":1.7954388E9})";
  CHECK(told(read_aws_role_answer(R"({"AssumeRoleWithWebIdentityResponse":{"AssumeRoleWithWebIdentityResult":{"Credentials":)" + inner +
                                  "}}}")) == "ASIAROLE/s/t/1795438800");
  CHECK(told(read_aws_role_answer("\n {\"Credentials\":" + inner + "}")) == "ASIAROLE/s/t/1795438800");
}

TEST_CASE("an endpoint's answer is read", "[aws_credentials]") {
  CHECK(told(read_aws_endpoint_answer(R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIA1","SecretAccessKey":"s","Token":"t",
      "Expiration":"2026-11-23T13:00:00.250Z"})")) == "ASIA1/s/t/1795438800");
}

TEST_CASE("an answer without credentials says what was wanted and quotes nothing", "[aws_credentials]") {
  const std::string whole =
      "<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>hush</SecretAccessKey><SessionToken>hush</SessionToken>"
      "<Expiration>2026-11-23T13:00:00Z</Expiration></Credentials>";
  REQUIRE(read_aws_role_answer(whole));
  const std::vector<std::pair<std::string, std::string>> faults{{"AccessKeyId>ASIA<", "AccessKeyId> <"},
                                                                {"<SecretAccessKey>", "<Secret>"},
                                                                {"<SessionToken>hush", "<SessionToken>"},
                                                                {"2026-11-23T13", "2026-13-23T13"},
                                                                {"13:00:00Z", "13:00:00"},
                                                                {"13:00:00Z", "25:00:00Z"},
                                                                {"2026-11-23", "2026-02-30"},
                                                                {"</Credentials>", ""},
                                                                {"hush", "hu&lt;sh"},
                                                                {"2026-11-23T13:00:00Z", "+026-11-23T13:00:00Z"}};
  for (const auto& [out, in] : faults) {
    std::string bad = whole;
    bad.replace(bad.find(out), out.size(), in);
    const auto c = read_aws_role_answer(bad);
    CAPTURE(out, in);
    REQUIRE_FALSE(c);
    CHECK(c.error().code == error_code::upstream_failed);
    CHECK(c.error().message.starts_with("AWS's answer with credentials cannot be read: want "));
    CHECK(c.error().message.find("hush") == std::string::npos);
  }
  for (const std::string body : {"", "<html>", "[]", "{", "{}", R"({"Credentials":{"AccessKeyId":"A"}})",
                                 R"({"Credentials":{"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":-1}})"}) {
    CAPTURE(body);
    CHECK_FALSE(read_aws_role_answer(body));
    CHECK_FALSE(read_aws_endpoint_answer(body));
  }
}

TEST_CASE("the question for a role's keys is a form with every value encoded", "[aws_credentials]") {
  CHECK(aws_role_request("arn:aws:iam::1:role/naru", "naru-1", "a.b-c_d+=\n") ==
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fnaru&RoleSessionName=naru-1"
        "&WebIdentityToken=a.b-c_d%2B%3D");
}
