#include "providers/dialects/openai_responses/output.hpp"
#include "providers/dialects/reasoning_marks.hpp"

#include <fmt/format.h>

#include "core/json/document.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {

void output::set_answer_id(std::string_view id) {
  if (id.starts_with("resp_")) id.remove_prefix(5);
  base_ = id.substr(0, 48);
}

void output::take(const event& e) {
  std::visit([this](const auto& what) { on(what); }, e);
}

void output::close() {
  close_reasoning();
  close_message();
  for (const std::size_t call : calls_) close_call(call);
}

output_item& output::open_item(output_item::kind what, std::string_view prefix) {
  output_item& item = items_.emplace_back();
  item.what = what;
  item.id = fmt::format("{}{}_{}", prefix, base_, items_.size() - 1);
  return item;
}

void output::say(std::string_view piece, std::uint32_t choice, bool refusal) {
  if (choice != 0 || piece.empty()) return;
  output_part& part = part_of(refusal);
  part.text += piece;
  if (watcher_ != nullptr) watcher_->part_grew(message_, items_[message_].parts.size() - 1, piece);
}

/// The part that is open, or a new one where it is of the other kind.
output_part& output::part_of(bool refusal) {
  close_reasoning();
  if (message_ == none) {
    open_item(output_item::kind::message, "msg_");
    message_ = items_.size() - 1;
    if (watcher_ != nullptr) watcher_->item_added(message_);
  }
  auto& parts = items_[message_].parts;
  if (!parts.empty() && parts.back().refusal == refusal) return parts.back();
  if (!parts.empty() && watcher_ != nullptr) watcher_->part_done(message_, parts.size() - 1);
  parts.push_back({.refusal = refusal, .text = {}});
  if (watcher_ != nullptr) watcher_->part_added(message_, parts.size() - 1);
  return parts.back();
}

void output::close_message() {
  const auto index = std::exchange(message_, none);
  if (index == none) return;
  if (watcher_ != nullptr) watcher_->part_done(index, items_[index].parts.size() - 1);
  finish_item(index);
}

void output::on(const reasoning_delta& e) {
  if (e.choice != 0 || (e.text.empty() && e.signature.empty())) return;
  close_message();
  if (reasoning_ == none) {
    open_item(output_item::kind::reasoning, "rs_");
    reasoning_ = items_.size() - 1;
    if (watcher_ != nullptr) watcher_->item_added(reasoning_);
  }
  output_item& item = items_[reasoning_];
  if (!e.text.empty()) {
    if (item.text.empty() && watcher_ != nullptr) watcher_->summary_added(reasoning_);
    item.text += e.text;
    if (watcher_ != nullptr) watcher_->summary_grew(reasoning_, e.text);
  }
  if (e.signature.empty()) return;
  item.encrypted = std::string{foreign_reasoning_mark}.append(
      travelling_signature(e.signature, e.redacted));  // the signature proves what stands before it
  close_reasoning();
}

void output::close_reasoning() {
  const auto index = std::exchange(reasoning_, none);
  if (index == none) return;
  if (!items_[index].text.empty() && watcher_ != nullptr) watcher_->summary_done(index);
  finish_item(index);
}

void output::on(const tool_call_start& e) {
  if (e.choice != 0) return;
  close_reasoning();
  close_message();
  // A function_call has no place for a signature: an item of reasoning in front of it holds it, which clients send back unread.
  if (!e.signature.empty()) give_signature(e.signature);
  output_item& item = open_item(output_item::kind::call, "fc_");
  item.call_id = openai_chat::call_id(e.id, base_, 0, e.index);
  item.name = e.name;
  if (calls_.size() <= e.index) calls_.resize(std::size_t{e.index} + 1, none);
  calls_[e.index] = items_.size() - 1;
  if (watcher_ != nullptr) watcher_->item_added(calls_[e.index]);
}

void output::give_signature(std::string_view signature) {
  output_item& item = open_item(output_item::kind::reasoning, "rs_");
  if (watcher_ != nullptr) watcher_->item_added(items_.size() - 1);
  item.encrypted = std::string{call_signature_mark}.append(signature);
  finish_item(items_.size() - 1);
}

void output::on(const tool_arguments_delta& e) {
  if (e.choice != 0 || e.piece.empty()) return;
  if (e.index >= calls_.size() || calls_[e.index] == none) on(tool_call_start{0, e.index, {}, {}, {}});
  const auto index = calls_[e.index];
  items_[index].text += e.piece;
  if (watcher_ != nullptr) watcher_->arguments_grew(index, e.piece);
}

void output::close_call(std::size_t index) {
  if (index == none || !items_[index].open) return;
  if (items_[index].text.empty()) {  // a call without arguments: still the text of an object
    items_[index].text = "{}";
    if (watcher_ != nullptr) watcher_->arguments_grew(index, "{}");
  }
  if (watcher_ != nullptr) watcher_->arguments_done(index);
  finish_item(index);
}

void output::finish_item(std::size_t index) {
  items_[index].open = false;
  if (watcher_ != nullptr) watcher_->item_done(index);
}

/// The tokens of the chat form's list are those of this one's.
void output::on(const logprobs_piece& e) {
  const auto doc = json::document::parse(e.json, json::limits::of_answers());
  json::object o;
  if (e.choice != 0 || !doc || doc->root().get(o) != simdjson::SUCCESS) return;
  const auto tokens = json::get_array(o, "content");
  if (!tokens || tokens->size() == 0) return;
  auto& list = part_of(false).logprobs;
  for (const json::value token : *tokens) list.push_back(json::to_text(token));
}

/// The form knows web pages; a document of the request's own would need the id of a stored file.
void output::on(const citation& e) {
  if (e.choice != 0 || e.url.empty()) return;
  std::string text;
  json::writer w{text};
  w.begin_object().field("type", "url_citation").field("start_index", e.begin).field("end_index", e.end);
  w.field("url", e.url).field("title", e.title).end_object();
  output_part& part = part_of(false);
  part.annotations.push_back(std::move(text));
  if (watcher_ != nullptr) watcher_->annotated(message_, items_[message_].parts.size() - 1);
}

/// A picture by address has no place here: its address is told in the text.
void output::on(const image_made& e) {
  if (e.choice != 0) return;
  if (e.data.empty()) return say(e.url, 0, false);
  close_reasoning();
  close_message();
  open_item(output_item::kind::image, "ig_");
  const auto index = items_.size() - 1;
  if (watcher_ != nullptr) watcher_->item_added(index);
  items_[index].text = e.data;
  finish_item(index);
}

void write_summary(json::writer& w, std::string_view text) {
  w.begin_object().field("type", "summary_text").field("text", text).end_object();
}

namespace {

void write_list(json::writer& w, std::string_view key, const std::vector<std::string>& texts) {
  w.key(key).begin_array();
  for (const auto& text : texts) w.raw(text);
  w.end_array();
}

void write_call(json::writer& w, const output_item& item, std::string_view status) {
  w.field("type", "function_call").field("status", status);
  w.field("call_id", item.call_id).field("name", item.name).field("arguments", item.text);
}

void write_message(json::writer& w, const output_item& item, std::string_view status) {
  w.field("type", "message").field("status", status).field("role", "assistant").key("content").begin_array();
  for (const auto& part : item.parts) write_part(w, part);
  w.end_array();
}

void write_reasoning(json::writer& w, const output_item& item) {
  w.field("type", "reasoning").key("summary").begin_array();
  if (!item.text.empty()) write_summary(w, item.text);
  w.end_array();
  w.key("encrypted_content");
  if (item.encrypted.empty())
    w.null();
  else
    w.string(item.encrypted);
}

void write_image(json::writer& w, const output_item& item, std::string_view status) {
  w.field("type", "image_generation_call").field("status", status).key("result");
  if (item.text.empty())
    w.null();
  else
    w.string(item.text);
}

}  // namespace

void write_part(json::writer& w, const output_part& part) {
  w.begin_object();
  if (part.refusal) {
    w.field("type", "refusal").field("refusal", part.text);
  } else {
    w.field("type", "output_text").field("text", part.text);
    write_list(w, "annotations", part.annotations);
    write_list(w, "logprobs", part.logprobs);
  }
  w.end_object();
}

void write_item(json::writer& w, const output_item& item, std::string_view status) {
  w.begin_object().field("id", item.id);
  switch (item.what) {
    case output_item::kind::reasoning: write_reasoning(w, item); break;
    case output_item::kind::message: write_message(w, item, status); break;
    case output_item::kind::call: write_call(w, item, status); break;
    case output_item::kind::image: write_image(w, item, status); break;
  }
  w.end_object();
}

}  // namespace naru::dialects::openai_responses
