#include "gateway/flow/steps.hpp"

namespace naru::flow {

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
  x.judged = judge(*x.settings, x.caller.get(), *x.model, x.request->find("x-naru-label"), x.document.root());
  x.record.label = x.settings->labels.name(x.judged.label);
  x.record.label_set_by = x.judged.set_by;
  x.reply->set_header("x-naru-label", x.record.label);
}

}  // namespace naru::flow
