#include <algorithm>
#include <string>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_anthropic/envelope.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_anthropic {
namespace {

class reader final : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override {
    if (failed_ || inner_->complete()) return;
    if (bedrock::is_failure(event_name)) return fail_with(bedrock::read_exception(event_name, data), out);
    if (event_name != "chunk") {  // a kind yet unknown, or none
      out.emplace_back(keep_alive{});
      return;
    }
    const auto doc = json::document::parse(data, json::limits::of_answers());
    const auto frame = doc && doc->root().is_object() ? std::optional{doc->root().get_object().value_unsafe()} : std::nullopt;
    const auto encoded = frame ? json::get_string(*frame, "bytes") : std::nullopt;
    const auto inside = encoded ? decode_base64(*encoded) : std::nullopt;
    if (!inside) return fail_with(unreadable("want a chunk with bytes in base64").failure, out);
    read_inside(*inside, out);
  }
  void end(std::vector<event>& out) override { inner_->end(out); }
  [[nodiscard]] bool complete() const noexcept override { return !failed_ && inner_->complete(); }

 private:
  /// The name of Anthropic's event stands in it too.
  void read_inside(std::string_view json, std::vector<event>& out) {
    const auto doc = json::document::parse(json, json::limits::of_answers());
    std::string type;
    if (doc && doc->root().is_object()) type = json::get_string(doc->root().get_object().value_unsafe(), "type").value_or("");
    const std::size_t before = out.size();
    inner_->read(type, json, out);
    failed_ = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                          [](const event& e) { return std::holds_alternative<answer_failed>(e); });
  }

  void fail_with(failure f, std::vector<event>& out) {
    failed_ = true;
    out.emplace_back(answer_failed{std::move(f)});
  }

  std::unique_ptr<stream_reader> inner_ = anthropic_messages::upstream().make_stream_reader();
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<stream_reader> make_chunk_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::bedrock_anthropic
