#include "providers/dialects/openai_chat/request_writer.hpp"

namespace naru::dialects::openai_chat {
namespace {

void rename_output_limit(body_edits& e, const target& t) {
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
void rename_others(body_edits& e, const target& t) {
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

void drop_neutral_sampling(body_edits& e, const chat_request& r, const target& t) {
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

// The relay hides the chunk from a client that did not ask.
void ask_for_usage(body_edits& e, const chat_request& r, const target& t) {
  if (!r.stream) return;
  const auto given = e.raw("stream_options");
  if (!t.usage_in_stream) {
    if (given) e.remove("stream_options");  // the server refuses the field, whatever is in it
  } else if (!given || *given == "null" ||
             given->find('\\') != std::string_view::npos) {  // an escaped key: see `body_edits::has_escaped_key`
    e.set("stream_options", R"({"include_usage":true})");
  } else if (!r.include_usage) {
    e.set("stream_options", json::splice(*given, {{"include_usage", "true"}}));
  }
}

std::optional<json::pieces> splice_body(std::string_view body, const chat_request& r, const target& t) {
  if (wants_other_roles(r, t) || has_other_ids(r, t)) return std::nullopt;
  body_edits e{body};
  // A body of the Responses form was read by that form's reader, and is written anew.
  if (e.has_escaped_key() || !e.raw("messages")) return std::nullopt;
  e.set("model", json::quoted(t.model));
  ask_for_usage(e, r, t);
  rename_output_limit(e, t);
  rename_others(e, t);
  drop_neutral_sampling(e, r, t);
  return std::move(e).apply();
}

}  // namespace naru::dialects::openai_chat
