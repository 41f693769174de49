#include <catch2/catch.hpp>
#include <initializer_list>

#include "gateway/flow/steps.hpp"

using namespace naru;

namespace {

std::string_view key_of(std::initializer_list<net::header> headers) {
  static net::request r;  // the view points into the test's own text
  r.headers.assign(headers);
  return flow::credential(r);
}

}  // namespace

TEST_CASE("a key comes in any header that clients use", "[flow][callers]") {
  CHECK(key_of({{"Authorization", "Bearer k"}}) == "k");
  CHECK(key_of({{"authorization", "bearer   k"}}) == "k");
  CHECK(key_of({{"X-Api-Key", "k"}}) == "k");
  CHECK(key_of({{"api-key", "k"}}) == "k");
  CHECK(key_of({{"x-goog-api-key", "k"}}) == "k");
}

TEST_CASE("what is no bearer token is no key", "[flow][callers]") {
  CHECK(key_of({}).empty());
  CHECK(key_of({{"authorization", "k"}}).empty());
  CHECK(key_of({{"authorization", "Basic azpr"}}).empty());
  CHECK(key_of({{"authorization", "Bearer"}}).empty());
  CHECK(key_of({{"authorization", "Bearerk"}}).empty());
  CHECK(key_of({{"cookie", "Bearer k"}}).empty());
}

TEST_CASE("a token goes before the other headers, an empty one leaves them their turn", "[flow][callers]") {
  CHECK(key_of({{"x-api-key", "second"}, {"authorization", "Bearer first"}}) == "first");
  CHECK(key_of({{"authorization", "Bearer "}, {"x-api-key", "second"}}) == "second");
  CHECK(key_of({{"authorization", "Basic azpr"}, {"x-api-key", "second"}}) == "second");
}
