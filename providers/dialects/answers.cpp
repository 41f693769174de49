#include "providers/dialects/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/json/writer.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects {
namespace {

class no_stream_reader final : public object_reader {
  void read_object(std::string_view, json::object, std::vector<event>& out) override { garbled("this form has no stream", out); }
};

class whole_answer_writer final : public stream_writer {
 public:
  whole_answer_writer(const client_dialect& form, const chat_request& asked, std::string_view fallback_id, std::uint64_t created)
      : form_(form), asked_(asked), id_(fallback_id), created_(created) {}
  void write(const event& e, std::string&) override { events_.push_back(e); }
  void finish(std::string& out) override { out += form_.write_answer(asked_, events_, id_, created_); }
  void fail(const error& e, std::string_view request_id, std::string& out) override { out += form_.write_error(e, request_id); }
  [[nodiscard]] std::string_view content_type() const noexcept override { return "application/json"; }
  [[nodiscard]] std::string_view ping() const noexcept override { return {}; }
  void remark(std::string_view, std::string&) const override {}

 private:
  const client_dialect& form_;
  chat_request asked_;
  std::string id_;
  std::uint64_t created_;
  std::vector<event> events_;
};

}  // namespace

std::unexpected<error> garbled_answer(std::string_view why) {
  return fail(error_code::upstream_failed, fmt::format("the vendor's answer cannot be read: {}", why));
}

result<json::document> parse_answer(std::string_view body) {
  auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled_answer(doc.error().message);
  if (!doc->root().is_object()) return garbled_answer(fmt::format("want an object, got {}", json::type_name(doc->root())));
  return doc;
}

json::object root_object(const json::document& doc) noexcept { return doc.root().get_object().value_unsafe(); }

failure with_words(failure f) {
  if (f.message.empty()) f.message = fmt::format("HTTP {} without a readable error", f.status);
  return f;
}

std::string text_at(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

void object_reader::read(std::string_view event_name, std::string_view data, std::vector<event>& out) {
  if (failed_ || ended_) return;
  const std::size_t before = out.size();
  if (!trim_blank(data).empty() && !read_other(event_name, trim_blank(data))) {
    const auto doc = json::document::parse(data, json::limits::of_answers());
    if (!doc) {
      garbled("a frame is not JSON: " + doc.error().message, out);
    } else if (!doc->root().is_object()) {
      garbled(fmt::format("want an object, got {}", json::type_name(doc->root())), out);
    } else {
      read_object(event_name, root_object(*doc), out);
    }
  }
  if (out.size() == before) out.emplace_back(keep_alive{});
}

void object_reader::start(answer_start who, std::vector<event>& out) {
  if (!std::exchange(started_, true)) out.emplace_back(std::move(who));
}

void object_reader::fail_with(failure f, std::vector<event>& out) {
  failed_ = true;
  out.emplace_back(answer_failed{std::move(f)});
}

void object_reader::garbled(std::string_view why, std::vector<event>& out) { fail_with(unreadable(std::string{why}).failure, out); }

std::unique_ptr<stream_reader> make_no_stream_reader() { return std::make_unique<no_stream_reader>(); }

std::unique_ptr<stream_writer> make_whole_answer_writer(const client_dialect& form, const chat_request& asked, std::string_view fallback_id,
                                                        std::uint64_t created) {
  return std::make_unique<whole_answer_writer>(form, asked, fallback_id, created);
}

std::optional<json::pieces> splice_model(std::string_view body, std::string_view model) {
  const json::field_list fields = json::list_fields(body);
  if (std::ranges::any_of(fields, [](const json::field& f) { return f.key.find('\\') != std::string_view::npos; })) return std::nullopt;
  json::pieces out;
  out.own.push_back(json::quoted(model));
  const std::array<std::pair<std::string_view, std::string_view>, 1> set{{{"model", out.own.front()}}};
  out.views = json::splice_views(body, {fields.data(), fields.size()}, set, {});
  return out;
}

}  // namespace naru::dialects
