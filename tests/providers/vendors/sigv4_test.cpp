#include "providers/vendors/bedrock/sigv4.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace naru::vendors;

namespace {

// 2015-08-30T12:36:00Z is the time of AWS's published test suite (aws-sig-v4-test-suite), whose cases these are; the others were made with
// two of AWS's SDKs (sigv4_vectors.py makes all of them anew).
constexpr std::int64_t suite = 1440938160;
constexpr std::int64_t now = 1795435200;  // 2026-11-23T12:00:00Z
constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view runtime = "bedrock-runtime.us-east-1.amazonaws.com";

aws_credentials key(std::string_view token = {}) { return {"AKIDEXAMPLE", std::string{secret}, std::string{token}, std::nullopt}; }

std::string header(const std::vector<std::pair<std::string, std::string>>& all, std::string_view name) {
  for (const auto& [key, value] : all) {
    if (key == name) return value;
  }
  return "(none)";
}

struct made {
  std::string signed_headers, signature;
  bool operator==(const made&) const = default;
};
std::ostream& operator<<(std::ostream& os, const made& m) { return os << m.signed_headers << ' ' << m.signature; }

made parts(const std::string& authorization) {
  const auto field = [&](std::string_view name) {
    const auto at = authorization.find(std::string{name} + "=") + name.size() + 1;
    return authorization.substr(at, authorization.find(',', at) - at);
  };
  return {field("SignedHeaders"), field("Signature")};
}

struct vector_case {
  std::string_view method = "GET", host = "example.amazonaws.com", path = "/", query{};
  std::vector<aws_header> headers{};
  std::string_view body{};
};

made suite_case(const vector_case& c) {
  const std::vector<std::string_view> body{c.body};
  const aws_call call{c.method, c.host, c.path, c.query, c.headers, body, "us-east-1", "service", false};
  return parts(header(sign_aws_call(call, key(), suite), "authorization"));
}

aws_call converse(std::span<const aws_header> headers, std::span<const std::string_view> body) {
  aws_call call;
  call.host = runtime;
  call.path = "/model/amazon.nova-lite-v1%3A0/converse";
  call.headers = headers;
  call.body = body;
  call.region = "us-east-1";
  return call;
}

const std::vector<aws_header> json{{"content-type", "application/json"}};

}  // namespace

TEST_CASE("AWS's own test suite is signed as it says", "[sigv4]") {
  CHECK(suite_case({}) == made{"host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"});
  CHECK(suite_case({.method = "POST"}) == made{"host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"});
  CHECK(suite_case({.query = "Param2=value2&Param1=value1"}) ==
        made{"host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"});
  CHECK(suite_case({.path = "/\u1234"}) == made{"host;x-amz-date", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"});
  CHECK(suite_case({.headers = {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}}}) ==
        made{"host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"});
  CHECK(suite_case({.method = "POST", .headers = {{"content-type", "application/x-www-form-urlencoded"}}, .body = "Param1=value1"}) ==
        made{"content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"});
}

TEST_CASE("a call of Converse is signed as AWS's SDKs sign it, in any pieces of its body", "[sigv4]") {
  const std::string_view body = R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})";
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const std::vector<std::string_view> pieces{body.substr(0, cut), body.substr(cut)};
    const auto added = sign_aws_call(converse(json, pieces), key(), now);
    REQUIRE(header(added, "x-amz-date") == "20261123T120000Z");
    REQUIRE(header(added, "x-amz-content-sha256") == "45e583fed2564dc00e823303d7609f8587af7f685b993cb0f998afc0d480b01d");
    REQUIRE(header(added, "x-amz-security-token") == "(none)");
    REQUIRE(header(added, "authorization") ==
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/bedrock/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "
            "Signature=590121ad02c6cd1f54510d2dc15be856cfda2b3c81d6f0f4976d0fa8f7ef51c5");
  }
}

TEST_CASE("a passing key's token is sent and signed", "[sigv4]") {
  const std::vector<aws_header> headers{{"content-type", "application/json"}, {"accept", "application/json"}};
  const std::vector<std::string_view> body{R"({"inputText":"Hi"})"};
  aws_call call = converse(headers, body);
  call.path = "/model/amazon.titan-embed-text-v2%3A0/invoke";
  const auto added = sign_aws_call(call, key("EXAMPLETOKEN=="), now);
  CHECK(header(added, "x-amz-security-token") == "EXAMPLETOKEN==");
  CHECK(parts(header(added, "authorization")) == made{"accept;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
                                                      "d1f148a8eb5ac1a92e2d6e2a79400f0cfe8f225ced48ba563f0fcc0a7b4b5e4b"});
}

TEST_CASE("an ARN, a port and a query are signed as AWS's SDKs sign them", "[sigv4]") {
  const std::vector<std::string_view> body{"{}"};
  aws_call call = converse(json, body);
  call.host = "bedrock-runtime.ap-northeast-2.amazonaws.com";
  call.path = "/model/arn%3Aaws%3Abedrock%3Aap-northeast-2%3A123456789012%3Aapplication-inference-profile%2Fabc123/converse-stream";
  call.region = "ap-northeast-2";
  CHECK(parts(header(sign_aws_call(call, key(), now), "authorization")).signature ==
        "c7c0e03bd0cad9a867ef5b33301c45ffdde6f6a8d783423364b531d4045b43a2");
  call = converse(json, body);
  call.host = "localhost:8443";
  call.path = "/model/m/converse";
  call.query = "b=2&a=%20x&a=1";
  CHECK(parts(header(sign_aws_call(call, key(), now), "authorization")).signature ==
        "bdf24782f80beac51571f6543f4d59dda82e7cf5a42040f061ee591c7e6a7c7b");
}

TEST_CASE("the canonical request is the one that the service makes", "[sigv4]") {
  const std::vector<aws_header> headers{{"b", " two \t words "}, {"a", "1"}, {"b", "again"}};
  aws_call call = converse(headers, {});
  call.query = "&x=%2f&flag&&a=~";
  const std::vector<std::pair<std::string, std::string>> added{{"x-amz-date", "20261123T120000Z"}};
  CHECK(canonical_aws_request(call, added, "HASH") ==
        "POST\n/model/amazon.nova-lite-v1%253A0/converse\na=~&flag=&x=%2F\n"
        "a:1\nb:two words,again\nhost:bedrock-runtime.us-east-1.amazonaws.com\nx-amz-date:20261123T120000Z\n\n"
        "a;b;host;x-amz-date\nHASH");
  call.path = "";
  CHECK(canonical_aws_request(call, added, "HASH").starts_with("POST\n/\n"));
}

TEST_CASE("whatever is signed changes the signature", "[sigv4]") {
  const std::vector<std::string_view> body{"{}"}, other{"{} "};
  const auto signature = [](const aws_call& call, const aws_credentials& c, std::int64_t at) {
    return parts(header(sign_aws_call(call, c, at), "authorization")).signature;
  };
  const aws_call call = converse(json, body);
  const std::string base = signature(call, key(), now);
  const auto changed = [&](auto&& change) {
    aws_call one = call;
    change(one);
    return signature(one, key(), now) != base;
  };
  CHECK(changed([](aws_call& c) { c.method = "PUT"; }));
  CHECK(changed([](aws_call& c) { c.host = "example.com"; }));
  CHECK(changed([](aws_call& c) { c.path = "/model/other/converse"; }));
  CHECK(changed([](aws_call& c) { c.query = "a"; }));
  CHECK(changed([](aws_call& c) { c.headers = {}; }));
  CHECK(changed([&](aws_call& c) { c.body = other; }));
  CHECK(changed([](aws_call& c) { c.region = "eu-west-1"; }));
  CHECK(changed([](aws_call& c) { c.service = "sts"; }));
  CHECK(signature(call, key(), now + 1) != base);
  CHECK(signature(call, key("t"), now) != base);
  CHECK(signature(call, {"AKIDEXAMPLE", "another", "", std::nullopt}, now) != base);
  CHECK(signature(call, key(), now) == base);
}
