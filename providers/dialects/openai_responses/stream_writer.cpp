#include <fmt/format.h>

#include <memory>

#include "providers/dialects/openai_responses/response.hpp"

namespace naru::dialects::openai_responses {
namespace {

using json::append_string;

/// Named events with a running number, as the official SDKs fold them into a response: every item, part and summary is added before it
/// grows and done before its item is. Keeps the whole answer, which the form repeats in its last event. Shard-local.
class event_writer final : public stream_writer, private output_watcher {
 public:
  event_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created)
      : head_(asked, fallback_id, created), items_(this) {
    items_.set_answer_id(head_.id());
  }

  void relaying() noexcept override { begun_ = relaying_ = true; }
  void write(const event& e, std::string& out) override {
    if (failed_) return;
    out_ = &out;
    if (const auto* start = std::get_if<answer_start>(&e)) {
      if (begun_) return;
      head_.take(*start);
      items_.set_answer_id(head_.id());
      begin();
    } else if (const auto* end = std::get_if<finished>(&e)) {
      if (end->choice == 0) how_ = ending_of(end->reason);
    } else if (const auto* report = std::get_if<usage_report>(&e)) {
      used_ = report->usage;
    } else if (!std::holds_alternative<keep_alive>(e) && !std::holds_alternative<answer_failed>(e)) {
      begin();
      items_.take(e);
    }
  }

  void finish(std::string& out) override {
    if (relaying_) return;  // the vendor's last event was the end
    out_ = &out;
    begin();
    items_.close();
    lifecycle(how_.status == "incomplete" ? "response.incomplete" : "response.completed", how_, &used_);
  }

  void fail(const error& e, std::string_view request_id, std::string& out) override {
    out_ = &out;
    begin();  // the SDKs want a response before they are told that it failed
    failed_ = true;
    std::string message = e.message;
    // Codex reads the wait from these words.
    if (e.retry_after) message += fmt::format(" Please try again in {:.3f}s.", static_cast<double>(e.retry_after->count()) / 1000);
    if (!request_id.empty()) message += fmt::format(" (request {})", request_id);
    lifecycle("response.failed", {.status = "failed", .error_code = failure_code(e), .error_message = message}, nullptr);
  }

 private:
  void begin() {
    if (begun_) return;
    begun_ = true;
    lifecycle("response.created", {.status = "in_progress"}, nullptr);
    lifecycle("response.in_progress", {.status = "in_progress"}, nullptr);
  }

  /// "event: x\ndata: {"type":"x","sequence_number":n"
  std::string& open(std::string_view type) {
    std::string& out = *out_;
    out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type).append("\",\"sequence_number\":");
    out.append(std::to_string(sequence_++));
    return out;
  }
  /// The same, up to the item's place.
  std::string& open(std::string_view type, std::size_t item) {
    std::string& out = open(type);
    out.append(",\"item_id\":");
    append_string(out, items_.items()[item].id);
    out.append(",\"output_index\":").append(std::to_string(item));
    return out;
  }
  std::string& open(std::string_view type, std::size_t item, std::string_view part_name, std::size_t part) {
    std::string& out = open(type, item);
    out.append(",\"").append(part_name).append("\":").append(std::to_string(part));
    return out;
  }
  void text(std::string_view key, std::string_view value) {
    out_->append(",\"").append(key).append("\":");
    append_string(*out_, value);
  }
  void shut() { out_->append("}\n\n"); }

  void lifecycle(std::string_view type, const ending& how, const usage* used) {
    open(type).append(",\"response\":");
    head_.write(*out_, how, items_.items(), used);
    shut();
  }

  void whole_item(std::string_view type, std::size_t item, std::string_view status) {
    std::string& out = open(type);
    out.append(",\"output_index\":").append(std::to_string(item)).append(",\"item\":");
    json::writer w{out};
    write_item(w, items_.items()[item], status);
    shut();
  }
  void item_added(std::size_t item) override { whole_item("response.output_item.added", item, "in_progress"); }
  void item_done(std::size_t item) override { whole_item("response.output_item.done", item, item_status(items_.items(), item, how_)); }

  [[nodiscard]] const output_part& part_at(std::size_t item, std::size_t part) const { return items_.items()[item].parts[part]; }
  void whole_part(std::string_view type, std::size_t item, std::size_t part) {
    json::writer w{open(type, item, "content_index", part).append(",\"part\":")};
    write_part(w, part_at(item, part));
    shut();
  }
  void part_added(std::size_t item, std::size_t part) override { whole_part("response.content_part.added", item, part); }
  void part_grew(std::size_t item, std::size_t part, std::string_view piece) override {
    const bool refusal = part_at(item, part).refusal;
    open(refusal ? "response.refusal.delta" : "response.output_text.delta", item, "content_index", part);
    text("delta", piece);
    if (!refusal) out_->append(",\"logprobs\":[]");
    shut();
  }
  void annotated(std::size_t item, std::size_t part) override {
    const auto& all = part_at(item, part).annotations;
    open("response.output_text.annotation.added", item, "content_index", part);
    out_->append(",\"annotation_index\":").append(std::to_string(all.size() - 1)).append(",\"annotation\":").append(all.back());
    shut();
  }
  void part_done(std::size_t item, std::size_t part) override {
    const output_part& p = part_at(item, part);
    open(p.refusal ? "response.refusal.done" : "response.output_text.done", item, "content_index", part);
    text(p.refusal ? "refusal" : "text", p.text);
    if (!p.refusal) {
      out_->append(",\"logprobs\":[");
      for (std::size_t i = 0; i < p.logprobs.size(); ++i) out_->append(i == 0 ? "" : ",").append(p.logprobs[i]);
      out_->append("]");
    }
    shut();
    whole_part("response.content_part.done", item, part);
  }

  void whole_summary(std::string_view type, std::size_t item, std::string_view words) {
    json::writer w{open(type, item, "summary_index", 0).append(",\"part\":")};
    write_summary(w, words);
    shut();
  }
  void summary_added(std::size_t item) override { whole_summary("response.reasoning_summary_part.added", item, {}); }
  void summary_grew(std::size_t item, std::string_view piece) override {
    open("response.reasoning_summary_text.delta", item, "summary_index", 0);
    text("delta", piece);
    shut();
  }
  void summary_done(std::size_t item) override {
    const std::string& words = items_.items()[item].text;
    open("response.reasoning_summary_text.done", item, "summary_index", 0);
    text("text", words);
    shut();
    whole_summary("response.reasoning_summary_part.done", item, words);
  }

  void arguments_grew(std::size_t item, std::string_view piece) override {
    open("response.function_call_arguments.delta", item);
    text("delta", piece);
    shut();
  }
  void arguments_done(std::size_t item) override {
    open("response.function_call_arguments.done", item);
    text("name", items_.items()[item].name);
    text("arguments", items_.items()[item].text);
    shut();
  }

  response_head head_;
  output items_;
  ending how_;
  usage used_;                  ///< zeros where the vendor gave none: clients of this form read the counts unasked
  std::string* out_ = nullptr;  ///< where the call that runs writes to
  std::uint64_t sequence_ = 0;
  bool begun_ = false;
  bool relaying_ = false;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id, std::uint64_t created) {
  return std::make_unique<event_writer>(asked, fallback_id, created);
}

}  // namespace naru::dialects::openai_responses
