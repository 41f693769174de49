#include "tests/integration/canary/request.hpp"

#include <fmt/format.h>

#include <vector>

namespace naru::test::canary {
namespace {

constexpr std::string_view call_id = "call_abcdefgh0123";

class body_writer {
 public:
  body_writer(const shape& s, const std::function<std::string(const slot&)>& fill) : shape_(s), fill_(fill) {}

  std::string write(std::string_view model) {
    std::string out = "{\"model\":" + quoted(model) + ",\"messages\":[" + messages() + "]";
    const auto add = [&](bool wanted, const auto& part) {
      if (wanted) out += "," + part();
    };
    add(shape_.tools, [&] { return tools(); });
    add(shape_.format, [&] { return format(); });
    add(shape_.metadata, [&] { return "\"metadata\":{" + text("metadata key", room::word) + ":" + text("metadata value") + "}"; });
    add(shape_.stop, [&] { return "\"stop\":[" + text("stop") + ",\"END\"]"; });
    add(shape_.user, [&] { return "\"user\":" + text("user field"); });
    add(shape_.safety, [&] { return "\"safety_identifier\":" + text("safety_identifier"); });
    add(shape_.cache_key, [&] { return "\"prompt_cache_key\":" + text("prompt_cache_key"); });
    add(shape_.unknown, [&] { return text("unknown key", room::word) + ":{\"deep\":[1," + text("unknown value") + "]}"; });
    add(shape_.prediction, [&] { return "\"prediction\":{\"type\":\"content\",\"content\":" + text("prediction") + "}"; });
    add(shape_.number, [&] { return "\"metadata_number\":" + text("number", room::number); });
    if (shape_.stream) out += ",\"stream\":true";
    if (shape_.stream && shape_.include_usage) out += ",\"stream_options\":{\"include_usage\":true}";
    return out + "}";
  }

 private:
  std::string text(std::string_view name, room holds = room::text) { return fill_({name, holds, false}); }

  std::string messages() {
    std::vector<std::string> all;
    if (shape_.system) all.push_back("{\"role\":\"system\",\"content\":" + text("system") + "}");
    if (shape_.developer)
      all.push_back("{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":" + text("developer part") + "}]}");
    if (shape_.history) {
      all.push_back("{\"role\":\"user\",\"content\":" + text("earlier user text") + "}");
      all.push_back("{\"role\":\"assistant\",\"content\":" + text("assistant text") + "}");
    }
    if (shape_.calls) add_calls(all);
    all.push_back(last_message());
    return fmt::format("{}", fmt::join(all, ","));
  }

  void add_calls(std::vector<std::string>& all) {
    all.push_back("{\"role\":\"user\",\"content\":\"And the weather?\"}");
    const std::string key = fill_({"argument key", room::word, true});
    const std::string inner = "{" + key + ":" + fill_({"argument value", room::text, true}) + "}";
    all.push_back(fmt::format(
        R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"{}","type":"function","function":{{"name":{},"arguments":{}}}}}]}})",
        call_id, text("called name", room::word), quoted(inner, shape_.escaped_arguments)));
    all.push_back(fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":{}}})", call_id, text("tool result")));
  }

  /// Its text is always there: every dialect has a place for it, so that a call can be told by it.
  std::string last_message() {
    std::string out = "{\"role\":\"user\"";
    if (shape_.name) out += ",\"name\":" + text("message name", room::word);
    if (!shape_.parts) return out + ",\"content\":" + text("user text") + "}";
    out += ",\"content\":[{\"type\":\"text\",\"text\":" + text("user text") + "},{\"type\":\"text\",\"text\":" + text("user part") + "}";
    if (shape_.base64_part) out += ",{\"type\":\"text\",\"text\":" + text("base64 part") + "}";
    if (shape_.image) out += ",{\"type\":\"image_url\",\"image_url\":{\"url\":" + text("image url") + "}}";
    return out + "]}";
  }

  std::string tools() {
    return fmt::format(R"("tools":[{{"type":"function","function":{{"name":{},"description":{},"parameters":{{"type":"object",)"
                       R"("properties":{{{}:{{"type":"string","description":{},"enum":[{},"other"]}}}}}}}}}}])",
                       text("tool name", room::word), text("tool description"), text("schema key", room::word), text("schema description"),
                       text("schema enum"));
  }

  std::string format() {
    return fmt::format(R"("response_format":{{"type":"json_schema","json_schema":{{"name":{},"schema":{{"type":"object",)"
                       R"("properties":{{{}:{{"type":"string","description":{}}}}},"required":[],"additionalProperties":false}}}}}})",
                       text("format name", room::word), text("format key", room::word), text("format description"));
  }

  const shape& shape_;
  const std::function<std::string(const slot&)>& fill_;
};

}  // namespace

shape draw_shape(generator& random) {
  shape s{};
  s.system = chance(random, 40);
  s.developer = chance(random, 8);
  s.history = chance(random, 25);
  s.parts = chance(random, 30);
  s.base64_part = chance(random, 40);
  s.image = chance(random, 12);
  s.tools = chance(random, 25);
  s.calls = chance(random, 20);
  s.format = chance(random, 10);
  s.name = chance(random, 5);
  s.metadata = chance(random, 6);
  s.stop = chance(random, 12);
  s.user = chance(random, 8);
  s.safety = chance(random, 3);
  s.cache_key = chance(random, 3);
  s.unknown = chance(random, 5);
  s.prediction = chance(random, 2);
  s.number = chance(random, 2);
  s.stream = chance(random, 50);
  s.include_usage = chance(random, 30);
  s.escaped_arguments = chance(random, 25);
  return s;
}

std::string write_body(const shape& s, std::string_view model, const std::function<std::string(const slot&)>& fill) {
  return body_writer(s, fill).write(model);
}

}  // namespace naru::test::canary
