#include <algorithm>

#include "providers/dialects/openai_chat/request_writer.hpp"

namespace naru::dialects::openai_chat {
namespace {

/// The edits to one body. Texts that were made here live in `made`, as the edits are views.
class edits {
 public:
  explicit edits(std::string_view body) : body_(body), fields_(json::list_fields(body)) { made_.reserve(4); }

  /// A key spelled with an escape is not found by its bytes: `"mod\u0065l"` would stand beside the model that is spliced in, and which of
  /// the two counts would be the vendor's parser's choice.
  [[nodiscard]] bool has_escaped_key() const noexcept {
    return std::ranges::any_of(fields_, [](const json::field& f) { return f.key.find('\\') != std::string_view::npos; });
  }
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view key) const noexcept {
    const auto f = std::ranges::find(fields_, key, &json::field::key);
    if (f == fields_.end()) return std::nullopt;
    return body_.substr(f->at.value_begin, f->at.value_end - f->at.value_begin);
  }
  void set(std::string_view key, std::string value) { set_.emplace_back(key, made_.emplace_back(std::move(value))); }
  void set_view(std::string_view key, std::string_view raw) { set_.emplace_back(key, raw); }
  void remove(std::string_view key) { remove_.push_back(key); }
  [[nodiscard]] json::pieces apply() && {
    json::pieces out;
    out.views = json::splice_views(body_, {fields_.data(), fields_.size()}, set_, remove_);
    out.own = std::move(made_);
    return out;
  }

 private:
  std::string_view body_;
  json::field_list fields_;
  std::vector<std::string> made_;  // never grows past what is reserved: the views into it stay
  std::vector<std::pair<std::string_view, std::string_view>> set_;
  std::vector<std::string_view> remove_;
};

/// A usage chunk is always asked for: bills are made from it. The relay hides it from a client that did not ask.
void ask_for_usage(edits& e, const chat_request& r, const target& t) {
  if (!r.stream) return;
  const auto given = e.raw("stream_options");
  if (!t.usage_in_stream) {
    if (given) e.remove("stream_options");  // the server refuses the field, whatever is in it
  } else if (!given || *given == "null" || given->find('\\') != std::string_view::npos) {  // an escaped key: see `edits::has_escaped_key`
    e.set("stream_options", R"({"include_usage":true})");
  } else if (!r.include_usage) {
    e.set("stream_options", json::splice(*given, {{"include_usage", "true"}}));
  }
}

void rename_output_limit(edits& e, const target& t) {
  const bool newer_only = has(t, "max_completion_tokens_only");
  const bool older_only = t.max_tokens_field_only || has(t, "max_tokens_only");
  if (newer_only == older_only) return;
  const std::string_view from = newer_only ? "max_tokens" : "max_completion_tokens";
  const std::string_view to = newer_only ? "max_completion_tokens" : "max_tokens";
  const auto given = e.raw(from);
  if (!given) return;
  e.remove(from);
  // Where both were given, max_completion_tokens is the one that counts.
  if (const auto other = e.raw(to); (other && *other != "null" && newer_only) || *given == "null") return;
  e.set_view(to, *given);
}

/// Names that a vendor with a closed schema knows otherwise, or not at all. What it does not know and what says something was refused.
void rename_others(edits& e, const target& t) {
  if (const auto seed = e.raw("seed"); seed && seed_field(t) != "seed") {
    e.remove("seed");
    e.set_view(seed_field(t), *seed);
  }
  if (has(t, "no_user")) {
    e.remove("user");
    e.remove("safety_identifier");
  }
  if (has(t, "no_verbosity")) e.remove("verbosity");
}

void drop_neutral_sampling(edits& e, const chat_request& r, const target& t) {
  if (!omits_neutral_sampling(r, t)) return;
  if (r.temperature == 1) e.remove("temperature");
  if (r.top_p == 1) e.remove("top_p");
}

bool wants_other_roles(const chat_request& r, const target& t) noexcept {
  if (!has(t, "developer_as_system")) return false;
  for (const auto& m : r.messages) {
    if (m.role == role::developer) return true;
  }
  return false;
}

}  // namespace

std::optional<json::pieces> splice_body(std::string_view body, const chat_request& r, const target& t) {
  if (wants_other_roles(r, t) || has_other_ids(r, t)) return std::nullopt;
  edits e{body};
  if (e.has_escaped_key()) return std::nullopt;
  e.set("model", json::quoted(t.model));
  ask_for_usage(e, r, t);
  rename_output_limit(e, t);
  rename_others(e, t);
  drop_neutral_sampling(e, r, t);
  return std::move(e).apply();
}

}  // namespace naru::dialects::openai_chat
