#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "providers/dialects/dialect.hpp"
#include "tests/support/sse_frames.hpp"

/// Vendor transcripts of tests/contract, and the ways to feed them to a stream reader.
namespace naru::test {

inline std::filesystem::path contract_folder(std::string_view below) {
  return std::filesystem::path{NARU_SOURCE_DIR} / "tests" / "contract" / below;
}

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// All files of a folder with this extension, sorted. Throws when there is none, so that a moved folder is no green test.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, std::string_view extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  if (files.empty()) throw std::runtime_error("no " + std::string{extension} + " in " + folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

inline std::vector<sse_frame> frames_of(std::string_view bytes) { return sse_frames{}.feed(bytes); }
inline std::vector<sse_frame> lines_of(std::string_view bytes) { return sse_frames{true}.feed(bytes); }

struct reading {
  std::vector<event> events;
  bool complete = false;
};

inline reading read_frames(const dialects::upstream_dialect& form, const std::vector<sse_frame>& frames) {
  reading r;
  const auto reader = form.make_stream_reader();
  for (const auto& f : frames) reader->read(f.event, f.data, r.events);
  reader->end(r.events);
  r.complete = reader->complete();
  return r;
}

inline reading read_pieces(const dialects::upstream_dialect& form, const std::vector<std::string_view>& pieces) {
  reading r;
  const auto reader = form.make_stream_reader();
  sse_frames framer{form.frames() == dialects::framing::ndjson};
  for (const auto piece : pieces) {
    for (const auto& f : framer.feed(piece)) reader->read(f.event, f.data, r.events);
  }
  reader->end(r.events);
  r.complete = reader->complete();
  return r;
}

/// One to six small damages: a byte changed, a span lost, doubled, or swapped with another.
inline std::string damaged(std::string bytes, std::mt19937& random) {
  const auto at = [&] { return std::uniform_int_distribution<std::size_t>(0, bytes.empty() ? 0 : bytes.size() - 1)(random); };
  const auto below = [&](unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random); };
  for (unsigned n = 1 + below(6); n > 0 && !bytes.empty(); --n) {
    const std::size_t from = at();
    const std::size_t length = std::min<std::size_t>(1 + below(60), bytes.size() - from);
    switch (below(5)) {
      case 0: bytes[from] = static_cast<char>(below(256)); break;
      case 1: bytes.erase(from, length); break;
      case 2: bytes.insert(at(), bytes.substr(from, length)); break;
      case 3: bytes[from] = "{}[]\":,-0e\n"[below(11)]; break;
      default: bytes.insert(from, below(2) == 0 ? "-" : "99999999999999"); break;
    }
  }
  return bytes;
}

/// Whole frames lost, doubled or moved: JSON that is well formed and a conversation that is not.
inline std::vector<sse_frame> shuffled(std::vector<sse_frame> frames, std::mt19937& random) {
  const auto at = [&] { return std::uniform_int_distribution<std::size_t>(0, frames.size() - 1)(random); };
  for (unsigned n = 1 + random() % 4; n > 0 && frames.size() > 1; --n) {
    const std::size_t one = at(), other = at();
    switch (random() % 3) {
      case 0: frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(one)); break;
      case 1: frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(other), sse_frame{frames[one]}); break;
      default: std::swap(frames[one], frames[other]); break;
    }
  }
  return frames;
}

}  // namespace naru::test
