#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gateway/net/http/aws_event_encoder.hpp"
#include "gateway/net/http/aws_event_framer.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru::net::http;
using namespace naru::test;

namespace {

std::string wire(const std::vector<sse_frame>& frames) {
  std::string out;
  for (const auto& f : frames) {
    out += f.event.ends_with("Exception") ? encode_aws_exception(f.event, f.data) : encode_aws_event(f.event, f.data);
  }
  return out;
}

std::string told(const std::vector<std::string_view>& pieces) {
  aws_event_framer framer;
  std::string out;
  for (const auto piece : pieces) {
    const std::string own{piece};
    REQUIRE(framer.feed(own, [&](const aws_frame& f) { out.append(f.event).append("|").append(f.data).append("\n"); }));
  }
  CHECK_FALSE(framer.inside_frame());
  return out;
}

}  // namespace

TEST_CASE("Bedrock's transcripts come out of their frames as they went in, split at every byte", "[aws_events][contract]") {
  for (const auto& file : files_in(contract_folder("bedrock/2023-09-30_2026-11-23"), ".sse")) {
    const auto frames = frames_of(read_file(file));
    CAPTURE(file.stem().string());
    std::string want;
    for (const auto& f : frames) want.append(f.event).append("|").append(f.data).append("\n");
    const std::string bytes = wire(frames);
    const std::string_view all = bytes;
    CHECK(told({all}) == want);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) REQUIRE(told({all.substr(0, cut), all.substr(cut)}) == want);
  }
}
