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

result<void> read(exchange& x) {
  auto document = json::document::parse(x.request->body, {}, x.request->body_padded);
  if (!document) return fail(std::move(document.error()));
  x.document = std::move(*document);
  auto chat = x.dialect.read_request(x.document);
  if (!chat) return fail(std::move(chat.error()));
  x.chat = std::move(*chat);
  x.record.stream = x.chat.stream;
  auto found = find_allowed_model(*x.settings, x.caller.get(), x.chat.model);
  if (!found) return fail(std::move(found.error()));
  x.model = std::move(*found);
  // Invented provider/model names must not become label values of a metric.
  const bool known = x.settings->models.contains(x.model->name) || x.settings->deployments.contains(x.model->name);
  x.record.model = known ? x.model->name : "other";
  x.reply->set_header("x-naru-model", std::string(x.model->name));
  return {};
}

}  // namespace naru::flow
