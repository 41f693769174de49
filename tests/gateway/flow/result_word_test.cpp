#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "gateway/flow/one_call.hpp"

using namespace naru;

namespace {

failure of(failure_class cls, int status, std::string code = {}) {
  failure f;
  f.cls = cls;
  f.status = status;
  f.code = std::move(code);
  return f;
}

std::string_view word_of(std::string reason, error_code code = error_code::upstream_failed) {
  return flow::result_word(flow::as_failure(error{code, "m", {}, std::move(reason), {}}));
}

}  // namespace

TEST_CASE("what became of a call is one of few words", "[flow]") {
  CHECK(flow::result_word(of(failure_class::transient, 503)) == "5xx");
  CHECK(flow::result_word(of(failure_class::limited, 429)) == "429");
  CHECK(flow::result_word(of(failure_class::account, 401)) == "4xx");
  CHECK(flow::result_word(of(failure_class::broken_stream, 0, "reset")) == "stream_broken");
  CHECK(flow::result_word(of(failure_class::broken_stream, 529)) == "stream_broken");
  CHECK(flow::result_word(of(failure_class::canceled, 0)) == "canceled");
  CHECK(flow::result_word(of(failure_class::busy, 503)) == "busy");
  CHECK(flow::result_word(of(failure_class::transient, 0, "timeout")) == "timeout");
  CHECK(flow::result_word(of(failure_class::transient, 0, "unreadable")) == "5xx");
  CHECK(flow::result_word(of(failure_class::transient, 0, "dns")) == "connect");
}

TEST_CASE("each reason of the transport is a failure that the table knows", "[flow]") {
  for (const char* reason : {"connect_timeout", "first_byte_timeout", "idle_timeout", "deadline"}) {
    CAPTURE(reason);
    CHECK(word_of(reason) == "timeout");
  }
  for (const char* reason : {"dns", "connect", "tls", "proxy", "reset", "cut"}) {
    CAPTURE(reason);
    CHECK(word_of(reason) == "connect");
  }
  CHECK(word_of("bad_head") == "5xx");
  CHECK(word_of("canceled") == "canceled");
  CHECK(word_of("client_gone", error_code::canceled) == "canceled");
}
