#include <catch2/catch.hpp>
#include <string>

#include "gateway/flow/steps.hpp"

using namespace naru;

namespace {

routing::demand demand_of(std::vector<part> parts) {
  chat_request chat;
  chat.messages.emplace_back().parts = std::move(parts);
  return flow::make_demand(chat, flow::model{}, label{0});
}

}  // namespace

TEST_CASE("images, audio and files count beside the text, each by its prior", "[flow][plan]") {
  const auto text = demand_of({text_part{"What is this?"}});
  const auto more = [&](part p) {
    const auto d = demand_of({text_part{"What is this?"}, p});
    CHECK(d.input_upper.value - text.input_upper.value >= d.input.value - text.input.value);
    return d.input.value - text.input.value;
  };
  CHECK(more(image_part{{}, "image/png", "AAAA", {}}) == 1100);
  CHECK(more(image_part{{}, "image/png", "AAAA", "high"}) == 1100);
  CHECK(more(image_part{{}, "image/png", "AAAA", "low"}) == 85);
  const std::string data(64'000, 'A');
  CHECK(more(audio_part{data, "wav"}) == 20);
  CHECK(more(file_part{{}, "a.pdf", "application/pdf", data}) == 1920);
  CHECK(more(file_part{{}, "a.txt", "text/plain", data}) == 12'000);
  CHECK(more(file_part{"file-1", {}, {}, {}}) == 5000);
  const auto two = demand_of({image_part{{}, "image/png", "AAAA", {}}, image_part{"https://a/b.png", {}, {}, {}}});
  const auto one = demand_of({image_part{{}, "image/png", "AAAA", {}}});
  CHECK(two.input.value - one.input.value == 1100);
}
