#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/openai_chat/frame_template.hpp"

namespace naru::dialects::openai_chat {

/// Reads chunks. Shard-local. Keeps: which choices there are and whether they have ended, each choice's calls, the service tier, and the
/// template of a plain content frame (at most 4 KiB).
class chunk_reader final : public stream_reader {
 public:
  enum class speed : std::uint8_t { fast, full };
  explicit chunk_reader(speed how) noexcept : fast_(how == speed::fast) {}

  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override;
  void end(std::vector<event>& out) override;
  [[nodiscard]] bool complete() const noexcept override;
  [[nodiscard]] bool last_frame_is_usage_only() const noexcept override { return usage_only_; }

 private:
  /// A call of one choice as it grows.
  struct call {
    std::uint64_t vendor_index = 0;
    std::string id;
    std::string signature;
    bool started = false;  ///< tool_call_start was given out
  };
  struct choice {
    std::uint32_t index = 0;
    bool ended = false;
    std::vector<call> calls;
  };

  void read_frame(json::object root, std::vector<event>& out);
  void read_start(json::object root, std::vector<event>& out);
  void read_choices(json::array choices, std::vector<event>& out);
  void read_choice(json::object o, std::uint32_t position, std::vector<event>& out);
  void read_calls(json::object delta, choice& c, std::vector<event>& out);
  void read_call(json::object piece, std::uint64_t vendor_index, choice& c, std::vector<event>& out);
  void read_finish_reason(json::object o, choice& c, std::vector<event>& out);
  void read_usage_report(json::object root, std::vector<event>& out);
  [[nodiscard]] choice& choice_at(std::uint32_t index);
  void fail(failure f, std::vector<event>& out);
  [[nodiscard]] bool read_by_template(std::string_view data, std::vector<event>& out);
  void learn(json::object root, std::string_view data, const event& only);

  const bool fast_;
  bool started_ = false;
  bool failed_ = false;
  bool done_ = false;  ///< [DONE] was seen
  bool usage_only_ = false;
  bool plain_content_ = false;         ///< this frame's last choice has a string for its delta.content
  std::uint32_t template_choice_ = 0;  ///< whose text `template_` gives
  std::optional<std::string> template_tier_;
  std::string tier_;
  std::vector<choice> choices_;
  frame_template template_;
};

}  // namespace naru::dialects::openai_chat
