#include <string>

#include "gateway/flow/steps.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::flow {
namespace {

constexpr std::string_view label_line = "x-naru-label";

/// What the client says of its label. Several lines are one list to HTTP (RFC 9110 5.3), and a list names no label: what is unknown is the
/// highest, so that a proxy's line never hides the client's own.
std::string said_label(const net::request& r) {
  std::string said;
  for (const net::header& h : r.headers) {
    if (!net::http::same_text(h.name, label_line)) continue;
    if (!said.empty()) said += ", ";
    said += h.value;
  }
  return said;
}

}  // namespace

sensitivity::judgement judge(const snapshot& s, const caller* who, const model& m, std::string_view header, json::value body) {
  sensitivity::evidence e;
  if (who != nullptr && who->base) {
    e.base = *who->base;
    e.base_source = "key";
  } else if (m.base) {
    e.base = *m.base;
    e.base_source = "model";
  } else {
    e.base = s.labels.default_label();
    e.base_source = "default";
  }
  e.header = header;
  e.trust_header = s.trust_label_header;
  e.body = body;
  return s.labeller->judge(e);
}

void label(exchange& x) {
  x.judged = judge(*x.settings, x.caller.get(), *x.model, said_label(*x.request), x.document.root());
  x.record.label = x.settings->labels.name(x.judged.label);
  x.record.label_set_by = x.judged.set_by;
  x.reply->set_header("x-naru-label", x.record.label);
}

}  // namespace naru::flow
