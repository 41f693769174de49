#include "policies/sensitivity/finder.hpp"

#include <algorithm>
#include <tuple>

#include "policies/sensitivity/disguise/base64.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/opaque.hpp"

namespace naru::sensitivity {
namespace {

constexpr std::size_t most_hits = 64;
/// How deep texts inside texts are followed: an escaped tool argument that carries base64 of a percent-encoded one is three.
constexpr int deepest = 4;
/// A value so short is looked at with its key, whose word ("password") may be what tells it.
constexpr std::size_t short_value = 256;
/// Of two parts that are shown side by side, so much on either side of the seam is looked at again.
constexpr std::size_t seam = 512;

/// Of breaks those that are looked at together with another: what stands around the rest is the same without their neighbours.
std::vector<std::uint32_t> with_neighbours(const std::vector<std::uint32_t>& breaks) {
  constexpr std::uint32_t near = 2 * disguise::kept_around + 2;  // a break is at most three bytes: "=\r\n"
  std::vector<std::uint32_t> close;
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const bool left = i > 0 && breaks[i] - breaks[i - 1] <= near;
    const bool right = i + 1 < breaks.size() && breaks[i + 1] - breaks[i] <= near;
    if (left || right) close.push_back(breaks[i]);
  }
  return close;
}

}  // namespace

void finder::object(json::object o, const place& at) {
  if (what_.opaque && is_opaque(o)) add("opaque", at.text(), *what_.opaque);
}

void finder::key(std::string_view text, const place& at) {
  // "role", "content": a plain word is no finding of any detector, but may be one of a company's own.
  if (what_.patterns.empty() && text.size() < 20 && is_identifier(text)) return;
  findings found;
  look(text, found, deepest);
  if (!found.empty()) report(found, at, true);
}

void finder::value(std::string_view text, const place& at) {
  findings found;
  if (text.size() <= short_value && at.up != nullptr && !at.is_index && is_identifier(at.key)) {
    if (text.size() + at.key.size() < what_.shortest) return;
    composed_.assign(at.key).append(": \"").append(text).append("\"");
    look(composed_, found, deepest);
  } else {
    look(text, found, deepest);
  }
  if (!found.empty()) report(found, at, false);
}

void finder::joined(const entered& mark, const place& at) {
  if (parts_.size() >= mark.parts + 2) look_at_seams(mark.parts, at);
  parts_.resize(mark.parts);
  inside_.add(mark.around);
}

void finder::look_at_seams(std::size_t first, const place& at) {
  std::string together;
  for (std::size_t i = first; i < parts_.size(); ++i) {
    const std::string_view part = parts_[i];
    if (part.size() <= 2 * seam) {
      together.append(part);
    } else {
      together.append(part.substr(0, seam)).append("\n\n").append(part.substr(part.size() - seam));
    }
  }
  findings found;
  look(together, found, deepest);
  // What one part holds alone has been told of at its own place.
  found.detectors &= ~inside_.detectors;
  found.patterns &= ~inside_.patterns;
  if (!found.empty()) report(found, at, false);
}

void finder::look(std::string_view text, findings& found, int deeper) {
  if (text.size() < what_.shortest) return;
  scan::sighting& seen = seen_[static_cast<std::size_t>(deeper)];
  what_.scanner.run(text, ~found.detectors, work_, seen);
  found.detectors |= seen.found;
  if (!what_.patterns.empty() && work_.spend(text.size())) found.patterns |= what_.patterns.matches(text);
  if (deeper == 0) return;
  for (std::size_t i = 0; i < seen.encoded.size() && !work_.spent(); ++i) {
    const auto [begin, end] = seen.encoded[i];
    look(disguise::decode_base64(text.substr(begin, end - begin)), found, deeper - 1);
  }
  if (!seen.disguises.empty() && !work_.spent()) look(disguise::undo_all(text, seen.disguises), found, deeper - 1);
  if (!seen.breaks.empty()) join_lines(text, seen.breaks, found, deeper - 1);
}

void finder::join_lines(std::string_view text, const std::vector<std::uint32_t>& breaks, findings& found, int deeper) {
  if (!work_.spent()) look(disguise::undo_all(text, breaks), found, deeper);
  // What is broken once may be followed by a line that only looks as if it went on ("KEY=AKIA...\n...\nmake"): each break also without
  // its neighbours.
  const std::vector<std::uint32_t> close = with_neighbours(breaks);
  for (std::size_t first = 0; first < 2 && !close.empty(); ++first) {
    std::vector<std::uint32_t> every_other;
    for (std::size_t i = first; i < close.size(); i += 2) every_other.push_back(close[i]);
    if (!work_.spent()) look(disguise::undo_all(text, every_other), found, 0);
  }
}

void finder::report(const findings& found, const place& at, bool is_key) {
  inside_.add(found);
  const std::string where = is_key ? at.parent_text() + " (key)" : at.text();
  for (std::size_t d = 0; d < all_detectors().size(); ++d) {
    if ((found.detectors >> d & 1) != 0) add(all_detectors()[d].name, where, what_.raises_to[d]);
  }
  for (std::size_t p = 0; p < what_.custom.size(); ++p) {
    if ((found.patterns >> p & 1) != 0) add(what_.custom[p].name, where, what_.custom[p].raises_to);
  }
}

void finder::add(std::string_view name, const std::string& where, label raises_to) {
  // Enough is kept to sort from; of what is dropped, the highest label is not: a later hit that is higher takes a lower one's place.
  const auto same = [&](const hit& h) { return h.detector == name && h.place == where; };
  if (std::ranges::any_of(hits_, same)) return;
  if (hits_.size() < 4 * most_hits) {
    hits_.push_back({name, where, raises_to});
    return;
  }
  const auto lowest = std::ranges::min_element(hits_, {}, &hit::raises_to);
  if (lowest->raises_to < raises_to) *lowest = {name, where, raises_to};
}

std::vector<hit> finder::take() {
  std::ranges::sort(hits_, [](const hit& a, const hit& b) {
    return std::tie(b.raises_to, a.place, a.detector) < std::tie(a.raises_to, b.place, b.detector);
  });
  if (hits_.size() > most_hits) hits_.resize(most_hits);
  return std::move(hits_);
}

}  // namespace naru::sensitivity
