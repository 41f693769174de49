#include "tests/support/mock_upstream.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/program.hpp"

namespace naru::test {
namespace {

spawn_options arguments(const mock_upstream::options& o) {
  spawn_options out;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.arguments.insert(out.arguments.end(), {name, value});
  };
  add("--key", o.key);
  add("--record-dir", o.record_dir);
  if (!o.certificate.empty()) out.arguments.insert(out.arguments.end(), {"--tls", o.certificate, o.private_key});
  out.arguments.insert(out.arguments.end(), o.more.begin(), o.more.end());
  return out;
}

json::document parsed(const std::string& text) {
  auto doc = json::document::parse(text);
  if (!doc) throw std::runtime_error("no JSON: " + doc.error().message + ": " + text);
  return std::move(*doc);
}

std::string text_of(json::object o, std::string_view key) { return std::string(json::get_string(o, key).value_or(std::string_view{})); }

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

mock_request request_of(json::object o) {
  mock_request r;
  r.id = json::get_uint(o, "id").value_or(0);
  r.connection = json::get_uint(o, "connection").value_or(0);
  r.at_unix_ms = static_cast<std::int64_t>(json::get_uint(o, "at_unix_ms").value_or(0));
  r.method = text_of(o, "method");
  r.target = text_of(o, "target");
  r.model = text_of(o, "model");
  r.directive = text_of(o, "directive");
  r.problem = text_of(o, "problem");
  r.head = text_of(o, "head");
  r.body = text_of(o, "body");
  r.status = static_cast<int>(json::get_uint(o, "status").value_or(0));
  r.finished = json::get_uint(o, "finished_after_ms").has_value();
  if (const auto ms = json::get_uint(o, "closed_after_ms")) r.closed_after_ms = static_cast<std::int64_t>(*ms);
  return r;
}

}  // namespace

std::string mock_request::header(std::string_view name) const {
  const std::string all = lower(head);
  const std::string mark = "\r\n" + lower(std::string(name)) + ":";
  const auto at = all.find(mark);
  if (at == std::string::npos) return {};
  const auto from = head.find_first_not_of(' ', at + mark.size());
  return head.substr(from, head.find("\r\n", from) - from);
}

mock_upstream::mock_upstream(const options& o)
    : tls_(!o.certificate.empty()), ca_(o.certificate), process_(built_program("naru-mock"), arguments(o)) {
  const json::document line = parsed(process_.wait_for_line("\"listening\""));
  port_ = static_cast<unsigned short>(json::get_uint(line.root().get_object().value_unsafe(), "port").value_or(0));
}

std::string mock_upstream::url(std::string_view path) const {
  return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_) + std::string(path);
}

std::string mock_upstream::control(std::string_view method, std::string_view target, std::string_view body) {
  http_client client = tls_ ? http_client(port_, ca_) : http_client(port_);
  const http_answer a = client.ask(method, target, {}, body);
  if (a.status != 200) throw std::runtime_error("the mock refused: " + a.body);
  return a.body;
}

void mock_upstream::script(std::string_view model, const std::vector<std::string>& answers) {
  std::string body;
  json::writer w(body);
  w.begin_object().field("model", model).key("answers").begin_array();
  for (const auto& answer : answers) answer.starts_with('{') ? w.raw(answer) : w.string(answer);
  w.end_array().end_object();
  control("POST", "/__mock/script", body);
}

void mock_upstream::reset() { control("POST", "/__mock/reset"); }

std::vector<mock_request> mock_upstream::log(std::uint64_t after) {
  const json::document doc = parsed(control("GET", "/__mock/log?after=" + std::to_string(after)));
  std::vector<mock_request> out;
  const auto requests = json::get_array(doc.root().get_object().value_unsafe(), "requests");
  if (!requests) throw std::runtime_error("the mock's log has no requests");
  for (const json::value v : *requests) out.push_back(request_of(v.get_object().value_unsafe()));
  return out;
}

std::vector<mock_request> mock_upstream::log_when(const std::function<bool(const std::vector<mock_request>&)>& enough,
                                                  std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    auto requests = log();
    if (enough(requests)) return requests;
    if (std::chrono::steady_clock::now() >= until) throw client_timeout("the mock's log did not come to what was wanted");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

std::uint64_t mock_upstream::stat(std::string_view name) {
  const json::document doc = parsed(control("GET", "/__mock/stats"));
  const auto n = json::get_uint(doc.root().get_object().value_unsafe(), name);
  if (!n) throw std::runtime_error("the mock counts no '" + std::string(name) + "'");
  return *n;
}

}  // namespace naru::test
