#include "tests/integration/support.hpp"

#include <atomic>
#include <cctype>
#include <cstdlib>
#include <thread>

#include "core/json/document.hpp"

namespace naru::test {
namespace {

std::optional<json::value> step(json::value from, std::string_view word) {
  if (from.is_object()) return json::find(from.get_object().value_unsafe(), word);
  if (!from.is_array() || word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) == 0) return std::nullopt;
  const auto items = from.get_array().value_unsafe();
  const auto index = std::stoul(std::string(word));
  if (index >= items.size()) return std::nullopt;
  return items.at(index).value();
}

/// A path of words and indexes, one below the other.
std::optional<json::value> walk(json::value from, std::string_view path) {
  std::optional<json::value> here = from;
  while (here && !path.empty()) {
    const auto dot = path.find('.');
    here = step(*here, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return here;
}

std::string body_of(std::string_view model, std::string_view more, std::string_view text, bool stream) {
  std::string out = R"({"model":")";
  out.append(model).append(R"(","messages":[{"role":"user","content":")").append(text).append("\"}]");
  if (stream) out += ",\"stream\":true";
  return out.append(more).append("}");
}

}  // namespace

std::string at(std::string_view text, std::string_view path) {
  const auto doc = json::document::parse(text);
  if (!doc) return "-";
  const auto found = walk(doc->root(), path);
  if (!found) return "-";
  return found->is_string() ? std::string(std::string_view(found->get_string().value_unsafe())) : json::to_text(*found);
}

std::size_t size_at(std::string_view text, std::string_view path) {
  const auto doc = json::document::parse(text);
  if (!doc) return 0;
  const auto found = walk(doc->root(), path);
  if (!found) return 0;
  if (found->is_array()) return found->get_array().value_unsafe().size();
  return found->is_object() ? found->get_object().value_unsafe().size() : 0;
}

std::string chat(std::string_view model, std::string_view more, std::string_view text) { return body_of(model, more, text, false); }
std::string chat_stream(std::string_view model, std::string_view more, std::string_view text) { return body_of(model, more, text, true); }

std::string provider_line(std::string_view name, std::string_view type, const mock_upstream& mock, std::string_view more) {
  const bool below_v1 = type == "openai" || type == "compatible";
  std::string out = "  ";
  out.append(name).append(": {type: ").append(type).append(", base_url: \"").append(mock.url(below_v1 ? "/v1" : ""));
  out.append("\", api_key: ").append(mock_upstream::default_key).append(more).append("}\n");
  return out;
}

std::string settings_at(const mock_upstream& mock, std::string_view more) {
  std::string out = listening_anywhere() + "providers:\n";
  out += provider_line("oa", "openai", mock, ", price: {input: 2, output: 10}");
  out += provider_line("an", "anthropic", mock, ", price: {input: 3, output: 15}");
  out += provider_line("go", "google", mock, ", price: {input: 1, output: 4}");
  return out.append("  local: off\n").append(more);
}

naru_process::options lean() {
  naru_process::options o;
  const char* given = std::getenv("ASAN_OPTIONS");
  o.environment["ASAN_OPTIONS"] = std::string(given != nullptr ? given : "") + ":quarantine_size_mb=1";
  return o;
}

http_answer post(unsigned short port, std::string_view body, const header_lines& headers, std::string_view path) {
  return ask(port, "POST", path, headers, body);
}

std::string streamed::text() const {
  std::string out;
  for (const auto& f : frames) {
    if (const auto piece = at(f.data, "choices.0.delta.content"); piece != "-" && piece != "null") out += piece;
  }
  return out;
}

std::string streamed::error() const {
  for (auto f = frames.rbegin(); f != frames.rend(); ++f) {
    if (at(f->data, "error.message") != "-") return f->data;
  }
  return {};
}

streamed post_stream(unsigned short port, std::string_view body, const header_lines& headers) {
  http_client client(port);
  client.send_request("POST", completions, headers, body);
  streamed out;
  out.head = client.read_head();
  if (out.head.header("content-type").starts_with("text/event-stream")) {
    out.frames = client.read_frames();
  } else {
    out.head.body = client.read_rest();
  }
  out.complete = client.body_complete();
  return out;
}

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

std::size_t calls_of(mock_upstream& mock, std::string_view model) {
  std::size_t n = 0;
  for (const auto& r : mock.log()) n += r.model == model ? 1 : 0;
  return n;
}

std::optional<double> metric(unsigned short admin_port, std::string_view series) {
  const auto a = ask(admin_port, "GET", "/metrics");
  const std::string line = "\n" + std::string(series) + " ";
  const auto found = ("\n" + a.body).find(line);
  if (found == std::string::npos) return std::nullopt;
  return std::strtod(a.body.c_str() + found + line.size() - 1, nullptr);
}

std::string deployment_field(unsigned short admin_port, std::string_view id, std::string_view path, const header_lines& headers) {
  const auto a = ask(admin_port, "GET", "/admin/deployments", headers);
  for (std::size_t i = 0; i < size_at(a.body, "items"); ++i) {
    const std::string item = "items." + std::to_string(i) + ".";
    if (at(a.body, item + "id") == id) return at(a.body, item + std::string(path));
  }
  return "-";
}

void in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> running;
  for (std::size_t t = 0; t < threads; ++t) {
    running.push_back(std::async(std::launch::async, [&] {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    }));
  }
  for (auto& r : running) r.get();
}

}  // namespace naru::test
