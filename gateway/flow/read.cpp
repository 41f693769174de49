#include <fmt/format.h>

#include <algorithm>

#include "gateway/flow/steps.hpp"

namespace naru::flow {
namespace {

bool may_ask(const caller* who, std::string_view asked, std::string_view canonical) {
  if (who == nullptr || who->models.empty()) return true;
  return std::any_of(who->models.begin(), who->models.end(),
                     [&](const std::string& allowed) { return allowed == asked || allowed == canonical; });
}

}  // namespace

result<std::shared_ptr<const model>> find_allowed_model(const snapshot& s, const caller* who, std::string_view name) {
  auto found = s.find_model(name);
  if (!found) {
    return fail(error_code::not_found,
                fmt::format("The model `{}` does not exist here; GET /v1/models lists those that do", name.substr(0, 100)), "model",
                "model_not_found");
  }
  if (!may_ask(who, name, found->name))
    return fail(error_code::forbidden, "this key may not ask for this model", "model", "model_not_allowed");
  return found;
}

namespace {

std::string lower(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// The client's headers that belong to its dialect.
std::vector<dialect_header> headers_for(exchange& x) {
  std::vector<dialect_header> out;
  const std::string_view wanted = x.dialect.header_prefix();
  if (wanted.empty()) return out;
  x.header_names.reserve(x.request->headers.size());  // views into them: none may move
  for (const net::header& h : x.request->headers) {
    std::string name = lower(h.name);
    if (!name.starts_with(wanted)) continue;
    out.push_back({x.header_names.emplace_back(std::move(name)), h.value});
  }
  return out;
}

/// 400 when the model is for something else.
result<void> check_kind(const model& m, const chat_request& r) {
  const auto serves = [&](const auto& d) { return d->form_for(r.kind) != nullptr; };
  if (m.deployments.empty() || std::ranges::any_of(m.deployments, serves)) return {};
  return fail(error_code::bad_request,
              fmt::format("the model `{}` is not for this path: no deployment of it does {}", m.name, to_string(r.kind)), "model",
              "wrong_kind");
}

/// What names state that a vendor keeps (an earlier answer, a conversation, an item) is refused: all callers share the account, so whose it
/// is and how it was labelled is known to nobody here.
result<void> check_state(const chat_request& r) {
  const auto refuse = [](std::string field) {
    return fail(error_code::unsupported_field, field + ": answers are not kept here yet: send the whole conversation", field,
                "unsupported_field");
  };
  if (!r.previous_response.empty()) return refuse("previous_response_id");
  for (const extra_field& e : r.extra) {
    if (e.name == "conversation" && !e.value.is_null()) return refuse("conversation");
    json::object item;
    if (e.value.get(item) == simdjson::SUCCESS && json::get_string(item, "type") == "item_reference") return refuse(std::string(e.name));
  }
  return {};
}

}  // namespace

result<void> read(exchange& x) {
  auto document = json::document::parse(x.request->body, {}, x.request->body_padded);
  if (!document) return fail(std::move(document.error()));
  x.document = std::move(*document);
  const auto headers = headers_for(x);
  auto chat = x.dialect.read_request(x.document,
                                     {.model = x.came.model, .stream = x.came.stream, .as_events = x.came.as_events, .headers = headers});
  if (!chat) return fail(std::move(chat.error()));
  x.chat = std::move(*chat);
  x.chat.form = x.dialect.name();
  if (auto ours = check_state(x.chat); !ours) return ours;
  x.record.stream = x.chat.stream;
  auto found = find_allowed_model(*x.settings, x.caller.get(), x.chat.model);
  if (!found) return fail(std::move(found.error()));
  x.model = std::move(*found);
  if (auto fits = check_kind(*x.model, x.chat); !fits) return fits;
  // Invented provider/model names must not become label values of a metric.
  const bool known = x.settings->models.contains(x.model->name) || x.settings->deployments.contains(x.model->name);
  x.record.model = known ? x.model->name : "other";
  x.reply->set_header("x-naru-model", std::string(x.model->name));
  return {};
}

}  // namespace naru::flow
