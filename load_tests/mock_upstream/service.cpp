#include "load_tests/mock_upstream/service.hpp"

#include <charconv>

#include "core/json/writer.hpp"
#include "load_tests/mock_upstream/assemble.hpp"
#include "load_tests/mock_upstream/look.hpp"

namespace naru::mock {
namespace {

plan json_plan(int status, std::string body) { return plain_plan({status, {}, std::move(body)}); }

plan control_error(std::string_view message) {
  std::string body;
  json::writer w(body);
  w.begin_object().key("error").begin_object().field("message", message).end_object().end_object();
  return json_plan(400, std::move(body));
}

/// {"raw": "HTTP/1.1 ...", "then": "close" | "reset" | "stall" | "keep"}
std::expected<plan, std::string> raw_plan(json::object o) {
  const auto raw = json::get_string(o, "raw");
  if (!raw) return std::unexpected("an answer wants \"raw\", a string");
  const std::string_view then = json::get_string(o, "then").value_or("close");
  if (!among(then, {"close", "reset", "stall", "keep"})) return std::unexpected("\"then\" wants close, reset, stall or keep");
  plan p;
  p.steps.push_back({step::kind::send, std::string(*raw), {}});
  if (then == "close") p.steps.push_back({step::kind::close, {}, {}});
  if (then == "reset") {
    p.steps.push_back({step::kind::wait, {}, std::chrono::milliseconds(20)});
    p.steps.push_back({step::kind::reset, {}, {}});
  }
  if (then == "stall") p.steps.push_back({step::kind::stall, {}, {}});
  return p;
}

std::uint64_t number_or_zero(std::string_view text) {
  std::uint64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/// The string behind `"key":` in a body that nobody has checked; empty when it is not there.
std::string_view quick_string(std::string_view body, std::string_view key) {
  auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  at = body.find('"', at + key.size());
  if (at == std::string_view::npos) return {};
  return body.substr(at + 1, body.find('"', at + 1) - at - 1);
}

/// Whether `"key":` in a body that nobody has checked is followed by true.
bool quick_flag(std::string_view body, std::string_view key) {
  auto at = body.find(key);
  if (at == std::string_view::npos) return false;
  at = body.find_first_not_of(" \t\r\n", at + key.size());
  return at != std::string_view::npos && body.substr(at).starts_with("true");
}

/// The same answer in fewer writes: up to `most` sends that follow one another become one.
plan coalesced(const plan& whole, unsigned most) {
  plan out;
  out.status = whole.status;
  unsigned in_last = 0;
  for (const step& s : whole.steps) {
    const bool joins = s.what == step::kind::send && in_last > 0 && in_last < most;
    if (joins)
      out.steps.back().bytes += s.bytes;
    else
      out.steps.push_back(s);
    in_last = s.what != step::kind::send ? 0 : joins ? in_last + 1 : 1;
  }
  return out;
}

}  // namespace

service::service(options o) : log(o.lean ? 0 : o.keep, o.record_dir), options_(std::move(o)) {}

std::shared_ptr<const plan> service::answer(const http_request& r, std::uint64_t connection, std::uint64_t& entry) {
  entry = 0;
  if (r.path.starts_with("/__mock/")) return std::make_shared<const plan>(control(r));
  ++stats.requests;
  entry = log.add(connection, r);
  plan p;
  if (!r.malformed.empty()) {
    ++stats.malformed;
    p = control_error("malformed request: " + r.malformed);
    p.steps.push_back({step::kind::close, {}, {}});
  } else if (const auto to = find_route(r)) {
    p = vendor_answer(r, *to, entry);
  } else {
    p = plain_plan(openai_dialect().error({404, "Invalid URL (" + r.method + " " + r.path + ")", "", ""}, {}, entry));
  }
  if (auto* e = log.find(entry)) e->status = p.status;
  ++stats.answers[p.status];
  return std::make_shared<const plan>(std::move(p));
}

plan service::vendor_answer(const http_request& r, const route& to, std::uint64_t entry) {
  try {
    to.to->check_key(r, options_.key);
    if (to.asks == question::models) return plain_plan(to.to->models(to.model));
    if (!r.header("content-type").starts_with("application/json")) {
      throw vendor_error{400, "want Content-Type: application/json, got '" + std::string(r.header("content-type")) + "'", "", ""};
    }
    const auto body = json::document::parse(r.body);
    if (!body || !body->root().is_object()) {
      throw vendor_error{400, "We could not parse the JSON body of your request: " + (body ? "want an object" : body.error().message), "",
                         ""};
    }
    return chat_answer(r, to, body->root().get_object().value_unsafe(), entry);
  } catch (const vendor_error& e) {
    if (auto* logged = log.find(entry)) logged->problem = e.message;
    return plain_plan(to.to->error(e, {}, ++sequence_));
  }
}

plan service::chat_answer(const http_request& r, const route& to, json::object body, std::uint64_t entry) {
  const std::string model = to.to->model_of(r, body);
  auto* const logged = log.find(entry);
  if (logged) logged->model = model;
  // The request is checked by what the model's own name says ("strict", "lenient"), before a script has its turn.
  const behaviour own = read_behaviour(model);
  const facts f = to.to->read(r, body, own);
  const std::uint64_t sequence = ++sequence_;
  if (to.asks == question::count) {
    if (auto counted = to.to->count(f, make_content(own, f, sequence))) return plain_plan(*counted);
  }
  auto script = next_scripted(model);
  if (script && std::holds_alternative<plan>(*script)) return std::get<plan>(std::move(*script));
  if (logged) logged->directive = script ? std::get<std::string>(*script) : model;
  return assemble(*to.to, f, script ? read_behaviour(std::get<std::string>(*script)) : own, sequence);
}

std::optional<service::scripted> service::next_scripted(const std::string& model) {
  for (const std::string& name : {model, std::string("*")}) {
    const auto found = scripts_.find(name);
    if (found == scripts_.end() || found->second.empty()) continue;
    scripted next = std::move(found->second.front());
    found->second.pop_front();
    return next;
  }
  return std::nullopt;
}

std::shared_ptr<const plan> service::lean_answer(std::string_view request) {
  const auto head_end = request.find("\r\n\r\n");
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const std::string_view body = request.substr(head_end + 4);
  ++stats.requests;
  // Models of the dialect with the model in its path stand in the line; every kind of answer is made once.
  std::string which(line);
  which.append(1, '\n').append(quick_string(body, "\"model\":"));
  const bool stream = quick_flag(body, "\"stream\":");
  const bool usage = quick_flag(body, "\"include_usage\":");
  which.append(stream ? "\ns" : "\n").append(usage ? "u" : "");
  auto& made = lean_plans_[which];
  if (!made) {
    http_request r;
    std::uint64_t unused = 0;
    if (auto taken = take_request(request)) r = std::move(taken->first);
    made = std::make_shared<const plan>(coalesced(*answer(r, 0, unused), options_.coalesce));
    --stats.requests;
  } else {
    ++stats.answers[made->status];
  }
  return made;
}

plan service::control(const http_request& r) {
  if (r.method == "POST" && r.path == "/__mock/script") return add_script(r);
  if (r.method == "POST" && r.path == "/__mock/reset") {
    scripts_.clear();
    log.clear();
    const auto open = stats.open;
    stats = {};
    stats.open = stats.most_open = open;
    return json_plan(200, "{}");
  }
  if (r.method == "GET" && r.path == "/__mock/stats") return json_plan(200, stats_json());
  if (r.method == "GET" && r.path == "/__mock/log") {
    return json_plan(200, log.to_json(number_or_zero(r.query_value("after").value_or("")), r.query_value("model")));
  }
  return control_error("want POST /__mock/script, POST /__mock/reset, GET /__mock/log or GET /__mock/stats");
}

plan service::add_script(const http_request& r) {
  const auto body = json::document::parse(r.body);
  if (!body || !body->root().is_object()) return control_error("want {\"model\": ..., \"answers\": [...]}");
  const json::object o = body->root().get_object().value_unsafe();
  const auto model = json::get_string(o, "model");
  const auto answers = json::get_array(o, "answers");
  if (!model || !answers) return control_error("want {\"model\": ..., \"answers\": [...]}");
  std::deque<scripted> read;
  for (const json::value v : *answers) {
    if (v.is_object()) {
      auto p = raw_plan(v.get_object().value_unsafe());
      if (!p) return control_error(p.error());
      read.emplace_back(std::move(*p));
      continue;
    }
    if (!v.is_string()) return control_error("an answer is a directive or an object with \"raw\"");
    const std::string directive(std::string_view(v.get_string().value_unsafe()));
    const behaviour b = read_behaviour(directive);
    if (!b.unknown.empty()) return control_error("'" + b.unknown.front() + "' in '" + directive + "' is no directive");
    read.emplace_back(directive);
  }
  auto& queue = scripts_[std::string(*model)];
  for (auto& one : read) queue.push_back(std::move(one));
  return json_plan(200, "{\"queued\":" + std::to_string(queue.size()) + "}");
}

std::string service::stats_json() const {
  std::string out;
  json::writer w(out);
  w.begin_object().field("connections", stats.connections).field("open", stats.open).field("most_open", stats.most_open);
  w.field("requests", stats.requests).field("aborted", stats.aborted).field("malformed", stats.malformed).field("bytes_in", stats.bytes_in);
  w.key("answers").begin_object();
  for (const auto& [status, n] : stats.answers) w.field(std::to_string(status), n);
  w.end_object().end_object();
  return out;
}

}  // namespace naru::mock
