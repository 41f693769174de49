#include "core/event.hpp"

namespace naru {
namespace {

struct content_test {
  bool operator()(const text_delta& d) const noexcept { return !d.text.empty(); }
  bool operator()(const refusal_delta& d) const noexcept { return !d.text.empty(); }
  bool operator()(const reasoning_delta& d) const noexcept { return !d.text.empty() || !d.signature.empty(); }
  bool operator()(const tool_call_start&) const noexcept { return true; }
  bool operator()(const tool_arguments_delta& d) const noexcept { return !d.piece.empty(); }
  bool operator()(const logprobs_piece&) const noexcept { return true; }
  // An answer may be empty and still be one: its end commits it.
  bool operator()(const finished&) const noexcept { return true; }
  bool operator()(const answer_start&) const noexcept { return false; }
  bool operator()(const usage_report&) const noexcept { return false; }
  bool operator()(const keep_alive&) const noexcept { return false; }
  bool operator()(const answer_failed&) const noexcept { return false; }
  bool operator()(const citation&) const noexcept { return true; }
  bool operator()(const audio_delta& d) const noexcept { return !d.data.empty() || !d.transcript.empty(); }
  bool operator()(const image_made&) const noexcept { return true; }
  bool operator()(const embedding_made&) const noexcept { return true; }
};

}  // namespace

bool bears_content(const event& e) noexcept { return std::visit(content_test{}, e); }

}  // namespace naru
