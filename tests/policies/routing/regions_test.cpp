#include "policies/routing/regions.hpp"

#include <catch2/catch.hpp>

using namespace naru::routing;

TEST_CASE("vendors' region names are mapped to countries", "[routing]") {
  CHECK(country_of("koreacentral") == "kr");
  CHECK(country_of("Korea Central") == "kr");
  CHECK(country_of("ap-northeast-2") == "kr");
  CHECK(country_of("asia-northeast3") == "kr");
  CHECK(country_of("ap-northeast-1") == "jp");
  CHECK(country_of("eu-west-2") == "gb");
  CHECK(country_of("us-east5") == "us");
  CHECK(country_of("KR") == "kr");
  CHECK(country_of("uk") == "gb");
}

TEST_CASE("what is not known has no country", "[routing]") {
  CHECK(country_of("").empty());
  CHECK(country_of("global").empty());
  CHECK(country_of("moon-1").empty());
  CHECK(country_of("k1").empty());
  CHECK(country_of(std::string(500, 'a')).empty());
}

TEST_CASE("a country is satisfied by both spellings, a vendor's region only by itself", "[routing]") {
  CHECK(in_region("kr", "koreacentral"));
  CHECK(in_region("KR", "ap-northeast-2"));
  CHECK(in_region("kr", "kr"));
  CHECK(in_region("koreacentral", "Korea Central"));
  CHECK_FALSE(in_region("koreacentral", "kr"));
  CHECK_FALSE(in_region("koreacentral", "koreasouth"));
  CHECK_FALSE(in_region("kr", "japaneast"));
  CHECK_FALSE(in_region("kr", "global"));
  CHECK_FALSE(in_region("kr", ""));
  CHECK_FALSE(in_region("", ""));
  CHECK_FALSE(in_region("", "kr"));
  CHECK(in_region("global", "global"));
}

TEST_CASE("the union contains its members and no one else", "[routing]") {
  CHECK(in_region("eu", "westeurope"));
  CHECK(in_region("EU", "eu-north-1"));
  CHECK(in_region("eu", "europe"));
  CHECK_FALSE(in_region("eu", "uksouth"));
  CHECK_FALSE(in_region("eu", "switzerlandnorth"));
  CHECK_FALSE(in_region("de", "eu"));
}
