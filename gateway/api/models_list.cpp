#include "gateway/api/models_list.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/json/writer.hpp"

namespace naru::api {
namespace {

bool may_ask(const flow::caller* who, std::string_view name, std::string_view canonical) {
  if (who == nullptr || who->models.empty()) return true;
  const auto is = [&](const std::string& allowed) { return allowed == name || allowed == canonical; };
  return std::any_of(who->models.begin(), who->models.end(), is);
}

void write_model(json::writer& w, std::string_view id, std::string_view owner, std::uint64_t created) {
  const auto at = std::chrono::sys_seconds(std::chrono::seconds(created));
  w.begin_object()
      .field("id", id)
      .field("object", "model")
      .field("created", created)
      .field("owned_by", owner)
      .field("type", "model")
      .field("display_name", id)
      .field("created_at", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(at))))
      .end_object();
}

/// What Google's SDK reads of a model. Limits that nobody knows are left out.
void write_gemini_model(json::writer& w, std::string_view id, const flow::model* m) {
  w.begin_object().field("name", fmt::format("models/{}", id)).field("displayName", id).field("version", "1");
  if (m != nullptr && !m->deployments.empty()) {
    const routing::capabilities& can = m->deployments.front()->facts.can;
    if (can.context) w.field("inputTokenLimit", can.context->value);
    if (can.max_output) w.field("outputTokenLimit", can.max_output->value);
  }
  w.key("supportedGenerationMethods").begin_array().string("generateContent").string("countTokens").end_array();
  w.end_object();
}

std::string_view owner_of(const upstream::deployment& d) {
  return d.provider ? std::string_view(d.provider->name) : std::string_view("naru");
}

/// Every name that the caller may ask for, with its owner.
template <class Add>
void for_each_name(const flow::snapshot& s, const flow::caller* who, Add add) {
  for (const auto& [name, m] : s.models) {
    if (may_ask(who, name, m->name)) add(std::string_view(name), std::string_view("naru"), m.get());
  }
  for (const auto& [id, d] : s.deployments) {
    if (!d->off && !s.models.contains(id) && may_ask(who, id, id)) add(std::string_view(id), owner_of(*d), nullptr);
  }
}

std::string list_for_gemini(const flow::snapshot& s, const flow::caller* who) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("models").begin_array();
  for_each_name(s, who, [&](std::string_view id, std::string_view, const flow::model* m) { write_gemini_model(w, id, m); });
  w.end_array().end_object();
  return out;
}

}  // namespace

std::string list_models(const flow::snapshot& s, const flow::caller* who, std::uint64_t created, reader_of_models reader) {
  if (reader == reader_of_models::gemini) return list_for_gemini(s, who);
  std::string out, first, last;
  json::writer w(out);
  w.begin_object().field("object", "list").key("data").begin_array();
  for_each_name(s, who, [&](std::string_view id, std::string_view owner, const flow::model*) {
    write_model(w, id, owner, created);
    if (first.empty()) first = id;
    last = id;
  });
  w.end_array().field("has_more", false);
  if (first.empty())
    w.key("first_id").null().key("last_id").null();
  else
    w.field("first_id", first).field("last_id", last);
  if (reader == reader_of_models::codex) w.key("models").begin_array().end_array();
  w.end_object();
  return out;
}

std::optional<std::string> show_model(const flow::snapshot& s, const flow::caller* who, std::string_view id, std::uint64_t created,
                                      reader_of_models reader) {
  const auto m = s.models.find(id);
  const auto d = s.deployments.find(id);
  const bool is_model = m != s.models.end();
  if (!is_model && (d == s.deployments.end() || d->second->off)) return std::nullopt;
  if (!may_ask(who, id, is_model ? std::string_view(m->second->name) : id)) return std::nullopt;
  std::string out;
  json::writer w(out);
  if (reader == reader_of_models::gemini)
    write_gemini_model(w, id, is_model ? m->second.get() : nullptr);
  else
    write_model(w, id, is_model ? "naru" : owner_of(*d->second), created);
  return out;
}

}  // namespace naru::api
