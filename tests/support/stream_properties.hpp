#pragma once
#include <catch2/catch.hpp>

#include <string>

#include "tests/support/answer_fold.hpp"
#include "tests/support/transcripts.hpp"

/// What every dialect's stream reader must keep, whatever the vendor sends. Called inside a TEST_CASE.
namespace naru::test {

/// The same bytes in any two pieces, and one by one, are the same answer.
inline void check_every_split(const dialects::upstream_dialect& form, const std::string& bytes) {
  const reading whole = read_pieces(form, {bytes});
  const std::string expected = to_text(fold(whole.events));
  const std::string_view all = bytes;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const reading split = read_pieces(form, {all.substr(0, cut), all.substr(cut)});
    if (to_text(fold(split.events)) != expected || split.complete != whole.complete) {
      CAPTURE(cut);
      REQUIRE(to_text(fold(split.events)) == expected);
      REQUIRE(split.complete == whole.complete);
    }
  }
  std::vector<std::string_view> single;
  for (std::size_t i = 0; i < all.size(); ++i) single.push_back(all.substr(i, 1));
  REQUIRE(to_text(fold(read_pieces(form, single).events)) == expected);
}

/// A stream that ends after `n` frames is complete only when it says so itself, and what it has said is a beginning of the whole.
/// @param end_at  the number of frames after which the transcript is complete; more than there are: never
inline void check_every_cut(const dialects::upstream_dialect& form, const std::vector<sse_frame>& frames, std::size_t end_at) {
  const folded_answer whole = fold(read_frames(form, frames).events);
  for (std::size_t n = 0; n <= frames.size(); ++n) {
    CAPTURE(n);
    const reading cut = read_frames(form, {frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(n)});
    const folded_answer part = fold(cut.events);
    CHECK(cut.complete == (n >= end_at));
    CHECK(part.broken.empty());
    CHECK(whole.text.starts_with(part.text));
    CHECK(whole.reasoning.starts_with(part.reasoning));
    if (!cut.complete && !part.failure) CHECK(n < frames.size());
  }
}

/// Garbage never breaks a rule of events, and is complete only with an end that was told.
inline void check_damage(const dialects::upstream_dialect& form, const reading& r, const std::string& input) {
  const folded_answer a = fold(r.events);
  bool ended = false;
  for (const event& e : r.events) ended = ended || std::holds_alternative<finished>(e);
  if (!a.broken.empty() || (r.complete && (!ended || a.failure))) {
    CAPTURE(input, form.name(), to_text(a));
    FAIL("a damaged transcript broke a rule");
  }
}

inline void check_mutations(const dialects::upstream_dialect& form, const std::string& bytes, std::uint32_t seed, int rounds) {
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto frames = form.frames() == dialects::framing::ndjson ? lines_of(bytes) : frames_of(bytes);
  for (int i = 0; i < rounds; ++i) {
    const std::string bad = damaged(bytes, random);
    check_damage(form, read_pieces(form, {bad}), bad);
    check_damage(form, read_frames(form, shuffled(frames, random)), bytes);
  }
  SUCCEED("no rule broken");
}

}  // namespace naru::test
