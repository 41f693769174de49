#include "policies/routing/pace.hpp"

#include <catch2/catch.hpp>

using namespace naru;
using namespace naru::routing;
using namespace std::chrono_literals;

namespace {

const steady_time start{1h};
const pace_prior prior;

answer_time streamed(float first, float each, std::uint64_t output = 100) {
  return {first, first + each * static_cast<float>(output - 1), tokens{output}};
}
pace after(std::initializer_list<float> firsts) {
  pace p;
  steady_time t = start;
  for (const float f : firsts) p = learn(p, streamed(f, 0.01F), prior, t += 1s);
  return p;
}

}  // namespace

TEST_CASE("without measurements the prior is predicted, and nothing stands behind it", "[pace]") {
  const expected_pace e = predict(pace{}, prior, start);
  CHECK(e.first_token == prior.first_token);
  CHECK(e.per_token == prior.per_token);
  CHECK(e.evidence == 0);
  CHECK(e.total(tokens{400}) == Approx(7.0));
}

TEST_CASE("two measurements outweigh the prior", "[pace]") {
  const expected_pace e = predict(after({0.2F, 0.2F}), prior, start + 2s);
  CHECK(e.first_token < 0.3F);
  CHECK(e.first_token > 0.2F);
  CHECK(e.per_token == Approx(0.01).margin(0.001));
}

TEST_CASE("one answer that is far off moves little, a second one replaces what was known", "[pace]") {
  const pace steady = after({0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F});
  const pace once = learn(steady, streamed(60, 0.01F), prior, start + 10s);
  CHECK(once.first_token.value < 0.56F);
  CHECK(learn(once, streamed(0.5F, 0.01F), prior, start + 11s).first_token.value < 0.56F);
  const pace twice = learn(once, streamed(1.5F, 0.01F), prior, start + 11s);
  CHECK(twice.first_token.value == Approx((60 + 1.5) / 2));
  // To the other side it is no confirmation.
  CHECK(learn(once, streamed(0.1F, 0.01F), prior, start + 11s).first_token.value < 0.56F);
}

TEST_CASE("figures fade: the older they are, the nearer to the prior", "[pace]") {
  const pace p = after({4, 4, 4, 4, 4, 4, 4, 4, 4});
  float last = predict(p, prior, start + 9s).first_token;
  CHECK(last > 3.8F);
  for (const auto age : {5min, 10min, 20min, 40min, 80min}) {
    const expected_pace e = predict(p, prior, start + 9s + age);
    CHECK(e.first_token < last);
    last = e.first_token;
  }
  CHECK(last == Approx(1).margin(0.01));
  CHECK(predict(p, prior, start + 9s + half_life).evidence == Approx(4.5).margin(0.1));
  // And a new answer then counts for more than the old ones.
  CHECK(learn(p, streamed(2.5F, 0.01F), prior, start + 1h).first_token.value == Approx(2.5).margin(0.01));
}

TEST_CASE("a whole answer is shared out in the known proportion", "[pace]") {
  // 0.2 s and 99 times 0.01 s are 1.19 s; it took twice that but a little.
  const pace known = after({0.2F, 0.2F, 0.2F, 0.2F, 0.2F, 0.2F});
  const expected_pace before = predict(known, prior, start + 6s);
  const pace p = learn(known, {std::nullopt, 1.9F * (before.first_token + 99 * before.per_token), tokens{100}}, prior, start + 6s);
  CHECK(p.first_token.value > known.first_token.value);
  CHECK(p.per_token.value > known.per_token.value);
  CHECK(p.first_token.value / p.per_token.value == Approx(known.first_token.value / known.per_token.value).epsilon(0.2));
  // The first one ever: by the prior's proportion.
  const pace first = learn(pace{}, {std::nullopt, 0.5F * (1.0F + 99 * 0.015F), tokens{100}}, prior, start);
  CHECK(first.first_token.value == Approx(0.5));
  CHECK(first.per_token.value == Approx(0.0075));
}

TEST_CASE("an answer of few tokens says nothing about the time between them", "[pace]") {
  const pace p = learn(pace{}, streamed(0.3F, 9, 3), prior, start);
  CHECK(p.first_token.evidence == 1);
  CHECK(p.per_token.evidence == 0);
  CHECK(learn(pace{}, {0.3F, 0.1F, tokens{100}}, prior, start).per_token.value > 0);  // clocks that disagree make no negative time
  CHECK(learn(pace{}, {std::nullopt, 0.1F, tokens{0}}, prior, start).first_token.value > 0);
}

TEST_CASE("a call given up counts as at least that slow", "[pace]") {
  const pace known = after({0.5F, 0.5F, 0.5F});
  CHECK(learn_at_least(known, 30, prior, start + 4s).first_token.value > known.first_token.value);
  CHECK(learn_at_least(known, 0.1F, prior, start + 4s).first_token.value >= known.first_token.value * 0.99F);
  CHECK(learn_at_least(pace{}, 30, prior, start).first_token.value == 30);
}

TEST_CASE("size classes", "[pace]") {
  CHECK(size_class_of({0}) == size_class::small);
  CHECK(size_class_of({999}) == size_class::small);
  CHECK(size_class_of({1000}) == size_class::medium);
  CHECK(size_class_of({8000}) == size_class::large);
  CHECK(size_class_of({32'000}) == size_class::huge);
}
