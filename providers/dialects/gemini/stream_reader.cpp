#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/answer.hpp"

namespace naru::dialects::gemini {
namespace {

/// Frames are whole GenerateContentResponse objects without names and without an end marker: the end is a finish reason, after which a
/// frame with usage alone may follow, and the end of the connection.
class reader final : public stream_reader {
 public:
  void read(std::string_view, std::string_view data, std::vector<event>& out) override {
    if (response_.failed()) return;
    const std::size_t before = out.size();
    read_frame(data, out);
    if (out.size() == before) out.emplace_back(keep_alive{});
  }
  void end(std::vector<event>&) override {}  // every event is told as it comes; a cut shows in complete()
  [[nodiscard]] bool complete() const noexcept override { return response_.complete(); }

 private:
  void read_frame(std::string_view data, std::vector<event>& out) {
    if (trim_blank(data).empty()) return;
    const auto doc = json::document::parse(data, json::limits::of_answers());
    if (!doc) return response_.fail_with(unreadable("a frame is not JSON: " + doc.error().message).failure, out);
    // Failures may come wrapped in an array, as in the body of an HTTP error.
    if (const auto error = error_object(*doc)) return response_.fail_with(read_error_in_band(*error), out);
    if (!doc->root().is_object()) return response_.fail_with(unreadable("want an object in a frame").failure, out);
    response_.read(doc->root().get_object().value_unsafe(), out);
  }

  response_reader response_;
};

}  // namespace

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::gemini
