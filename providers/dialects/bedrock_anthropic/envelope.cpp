#include "providers/dialects/bedrock_anthropic/envelope.hpp"

#include <string>

#include "core/json/writer.hpp"
#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_anthropic {
namespace {

constexpr std::string_view beta_header = "anthropic-beta";

/// Adds the names of one header value: "a,b".
void add_betas(std::string_view list, json::writer& w) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (!trim_blank(one).empty()) w.string(trim_blank(one));
  }
}

/// The betas as a JSON array: those that Anthropic's form has written as headers, else the client's own; "[]" when there are none.
std::string betas(const wire_request& written, const chat_request& r) {
  std::string out;
  json::writer w(out);
  w.begin_array();
  if (const auto own = find_header(written.headers, beta_header); !own.empty()) {
    add_betas(own, w);
  } else {
    for (const auto& h : r.headers) {
      if (h.name == beta_header) add_betas(h.value, w);
    }
  }
  w.end_array();
  return out;
}

}  // namespace

wire_request into_envelope(wire_request written, const chat_request& r, const target& t) {
  std::vector<std::pair<std::string_view, std::string_view>> set{{"anthropic_version", R"("bedrock-2023-05-31")"}};
  const std::string beta = betas(written, r);
  if (beta != "[]") set.emplace_back("anthropic_beta", beta);
  wire_request out;
  out.path = bedrock::model_path(t.model, r.stream ? "invoke-with-response-stream" : "invoke");
  out.body = json::splice(written.text(), set, {"model", "stream"});
  return out;
}

}  // namespace naru::dialects::bedrock_anthropic
