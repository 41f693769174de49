#include "load_tests/mock_upstream/anthropic_check.hpp"

#include <algorithm>
#include <set>

#include "load_tests/mock_upstream/look.hpp"

namespace naru::mock {
namespace {

constexpr words known_fields = {
    "model",        "messages", "max_tokens",    "system",      "stop_sequences",     "stream",        "temperature",
    "top_p",        "top_k",    "tools",         "tool_choice", "thinking",           "output_config", "metadata",
    "service_tier", "speed",    "cache_control", "container",   "context_management", "mcp_servers",   "inference_geo"};

[[noreturn]] void refuse(std::string message) { throw vendor_error{400, std::move(message), "", ""}; }

std::string want_string(json::object o, std::string_view key, const std::string& path) {
  const auto v = json::find(o, key);
  if (!v) refuse(path + "." + std::string(key) + ": Field required");
  if (!v->is_string()) refuse(path + "." + std::string(key) + ": Input should be a valid string");
  return std::string(v->get_string().value_unsafe());
}

json::object want_object(json::object o, std::string_view key, const std::string& path) {
  const auto v = json::find(o, key);
  if (!v) refuse(path + "." + std::string(key) + ": Field required");
  if (!v->is_object()) refuse(path + "." + std::string(key) + ": Input should be a valid dictionary");
  return v->get_object().value_unsafe();
}

void want_only(json::object o, words known, const std::string& path, const behaviour& b) {
  const auto odd = stranger(o, known);
  if (!odd.empty() && !b.lenient) refuse(path + (path.empty() ? "" : ".") + std::string(odd) + ": Extra inputs are not permitted");
}

/// Walks the messages: blocks by type, and the rule that each tool_use is answered at the start of the next user turn.
class message_reader {
 public:
  message_reader(facts& f, const behaviour& b, std::string_view version) : facts_(f), behaviour_(b), version_(version) {}

  void read(json::object body) {
    const auto messages = json::get_array(body, "messages");
    if (!messages) refuse("messages: Field required");
    std::size_t i = 0;
    std::string role;
    for (const json::value v : *messages) {
      const std::string path = "messages." + std::to_string(i);
      if (!v.is_object()) refuse(path + ": Input should be a valid dictionary");
      const json::object message = v.get_object().value_unsafe();
      want_only(message, {"role", "content"}, path, behaviour_);
      role = want_string(message, "role", path);
      if (!among(role, {"user", "assistant"})) refuse(path + ".role: Input should be 'user' or 'assistant'");
      if (i++ == 0 && role != "user") refuse("messages: first message must use the \"user\" role");
      read_message(message, role, path);
    }
    if (i == 0) refuse("messages: at least one message is required");
    // Source: models from 4.6 on take no prefill.
    if (role == "assistant")
      refuse("This model does not support assistant message prefill. The conversation must end with a user message.");
  }

  void read_text(std::string_view text, std::string_view role, const std::string& path) {
    if (text.empty()) refuse(path + ": text content blocks must be non-empty");
    facts_.text_bytes += text.size();
    if (role == "user") facts_.last_user_text += text;
  }

 private:
  void read_message(json::object message, const std::string& role, const std::string& path) {
    const auto content = json::find(message, "content");
    if (!content) refuse(path + ".content: Field required");
    std::set<std::string> asked = std::exchange(open_, {});
    bool other_block_seen = false;
    facts_.ends_with_tool_result = false;
    if (role == "user") facts_.last_user_text.clear();
    if (content->is_string()) {
      read_text(std::string_view(content->get_string().value_unsafe()), role, path);
    } else if (content->is_array()) {
      std::size_t i = 0;
      for (const json::value v : content->get_array().value_unsafe()) {
        const std::string at = path + ".content." + std::to_string(i++);
        if (!v.is_object()) refuse(at + ": Input should be a valid dictionary");
        const json::object block = v.get_object().value_unsafe();
        if (string_of(block, "type") != "tool_result") {
          other_block_seen = true;
          read_block(block, role, at);
        } else {
          read_result(block, role, at, asked, other_block_seen);
        }
      }
      if (i == 0) refuse(path + ": all messages must have non-empty content");
    } else {
      refuse(path + ".content: Input should be a valid list");
    }
    if (!asked.empty()) {
      refuse(path + ": `tool_use` ids were found without `tool_result` blocks immediately after: " + *asked.begin() +
             ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
    }
  }

  void read_result(json::object block, std::string_view role, const std::string& at, std::set<std::string>& asked, bool other_block_seen) {
    if (role != "user") refuse(at + ": `tool_result` blocks can only be in `user` messages");
    if (other_block_seen) refuse(at + ": `tool_result` blocks must come before any other content");
    want_only(block, {"type", "tool_use_id", "content", "is_error", "cache_control"}, at, behaviour_);
    const std::string id = want_string(block, "tool_use_id", at + ".tool_result");
    if (asked.erase(id) == 0) {
      refuse(at + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id +
             ". Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
    }
    facts_.ends_with_tool_result = true;
    facts_.last_tool_text.clear();
    if (const auto text = json::get_string(block, "content")) {
      facts_.last_tool_text = *text;
    } else if (const auto parts = json::get_array(block, "content")) {
      for (const json::value part : *parts) {
        if (part.is_object()) facts_.last_tool_text += string_of(part.get_object().value_unsafe(), "text");
      }
    }
    facts_.text_bytes += facts_.last_tool_text.size();
  }

  void read_block(json::object block, std::string_view role, const std::string& at) {
    const std::string type = want_string(block, "type", at);
    if (type == "text") {
      want_only(block, {"type", "text", "citations", "cache_control"}, at + ".text", behaviour_);
      if (version_ == "2026-10-21" && role == "user" && present(block, "citations"))
        refuse(at + ".citations: not permitted on user text blocks");
      read_text(want_string(block, "text", at + ".text"), role, at);
    } else if (type == "image" && role == "user") {
      read_image(want_object(block, "source", at + ".image"), at + ".image.source");
    } else if (type == "document") {
      if (version_ == "2026-10-21" && role == "assistant") refuse(at + ": document blocks are not permitted in assistant messages");
      want_object(block, "source", at + ".document");
    } else if (type == "tool_use" && role == "assistant") {
      want_only(block, {"type", "id", "name", "input", "cache_control", "caller"}, at + ".tool_use", behaviour_);
      const std::string id = want_string(block, "id", at + ".tool_use");
      if (!is_name(id, id.size())) refuse(at + ".tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
      if (!is_name(want_string(block, "name", at + ".tool_use"), 128))
        refuse(at + ".tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
      want_object(block, "input", at + ".tool_use");
      if (!open_.insert(id).second) refuse("messages: `tool_use` ids must be unique");
    } else if (type == "thinking" && role == "assistant") {
      if (want_string(block, "signature", at + ".thinking") != "c2lnbmVkLWJ5LW1vY2s=")
        refuse(at + ": Invalid `signature` in `thinking` block");
      want_string(block, "thinking", at + ".thinking");
    } else if (!(type == "redacted_thinking" && role == "assistant")) {
      refuse(at + ": Input tag '" + type + "' found using 'type' does not match any of the expected tags");
    }
  }

  void read_image(json::object source, const std::string& path) {
    const std::string type = want_string(source, "type", path);
    if (type == "url") {
      facts_.images.push_back(want_string(source, "url", path));
      return;
    }
    if (type == "file") return;
    if (type != "base64") refuse(path + ": Input tag '" + type + "' does not match any of the expected tags: 'base64', 'url', 'file'");
    want_only(source, {"type", "media_type", "data"}, path, behaviour_);
    const std::string media = want_string(source, "media_type", path + ".base64");
    if (!among(media, {"image/jpeg", "image/png", "image/gif", "image/webp"})) {
      refuse(path + ".base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
    }
    const std::string word = image_word(media, want_string(source, "data", path + ".base64"));
    if (word.empty()) refuse(path + ".base64.data: Invalid base64");
    facts_.images.push_back(word);
  }

  facts& facts_;
  const behaviour& behaviour_;
  std::string_view version_;
  std::set<std::string> open_;  ///< tool_use ids of the last assistant turn
};

void read_system(message_reader& reader, json::object body) {
  const auto system = json::find(body, "system");
  if (!system) return;
  if (system->is_string()) {
    reader.read_text(std::string_view(system->get_string().value_unsafe()), "system", "system");
    return;
  }
  if (!system->is_array()) refuse("system: Input should be a valid list");
  std::size_t i = 0;
  for (const json::value v : system->get_array().value_unsafe()) {
    const std::string path = "system." + std::to_string(i++);
    if (!v.is_object()) refuse(path + ": Input should be a valid dictionary");
    const json::object block = v.get_object().value_unsafe();
    if (string_of(block, "type") != "text") refuse(path + ".type: Input should be 'text'");
    reader.read_text(want_string(block, "text", path), "system", path);
  }
}

void read_tools(facts& f, json::object body, const behaviour& b) {
  if (const auto tools = json::get_array(body, "tools")) {
    std::size_t i = 0;
    for (const json::value v : *tools) {
      const std::string path = "tools." + std::to_string(i++);
      if (!v.is_object()) refuse(path + ": Input should be a valid dictionary");
      const json::object tool = v.get_object().value_unsafe();
      want_only(tool, {"type", "name", "description", "input_schema", "strict", "cache_control"}, path + ".custom", b);
      const std::string name = want_string(tool, "name", path + ".custom");
      if (!is_name(name, 128)) refuse(path + ".custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
      if (string_of(want_object(tool, "input_schema", path + ".custom"), "type") != "object") {
        refuse(path + ".custom.input_schema.type: Input should be 'object'");
      }
      f.tools.push_back(name);
    }
  }
  const auto choice = json::get_object(body, "tool_choice");
  if (!choice) {
    if (present(body, "tool_choice")) refuse("tool_choice: Input should be a valid dictionary");
    return;
  }
  const std::string type = want_string(*choice, "type", "tool_choice");
  if (!among(type, {"auto", "any", "tool", "none"})) {
    refuse("tool_choice: Input tag '" + type + "' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'");
  }
  if (f.tools.empty()) refuse("tool_choice: may only be specified while providing tools");
  want_only(*choice, {"type", "name", "disable_parallel_tool_use"}, "tool_choice", b);
  f.tools_off = type == "none";
  f.one_call = flag(*choice, "disable_parallel_tool_use");
  if (type != "tool") return;
  f.forced_tool = want_string(*choice, "name", "tool_choice.tool");
  if (std::find(f.tools.begin(), f.tools.end(), f.forced_tool) == f.tools.end()) {
    refuse("tool_choice.tool.name: Tool '" + f.forced_tool + "' not found in provided tools");
  }
}

/// Source: sampling fields are gone in version 2026-10-21; before it, newer models ("strict" here) take only their neutral values.
void check_sampling(json::object body, std::string_view version, const behaviour& b) {
  for (const std::string_view key : {"temperature", "top_p", "top_k"}) {
    const auto v = json::find(body, key);
    if (!v) continue;
    const std::string name(key);
    if (version == "2026-10-21") refuse(name + ": Extra inputs are not permitted");
    if (!v->is_number()) refuse(name + ": Input should be a valid number");
    const double n = number_of(*v);
    if (key != "top_k" && (n < 0 || n > 1)) refuse(name + ": Input should be between 0 and 1");
    const bool neutral = (key == "temperature" && n == 1) || (key == "top_p" && n >= 0.99);
    if (b.strict && !neutral) refuse("`" + name + "` is deprecated for this model.");
  }
}

void read_rest(facts& f, json::object body, const behaviour& b) {
  if (const auto stops = json::get_array(body, "stop_sequences")) {
    for (const json::value v : *stops) {
      if (!v.is_string()) refuse("stop_sequences: Input should be a valid string");
      const std::string_view stop = v.get_string().value_unsafe();
      if (stop.find_first_not_of(" \t\r\n") == std::string_view::npos)
        refuse("stop_sequences: each stop sequence must contain non-whitespace");
      f.stops.emplace_back(stop);
    }
  } else if (present(body, "stop_sequences")) {
    refuse("stop_sequences: Input should be a valid list");
  }
  if (const auto thinking = json::get_object(body, "thinking")) {
    const std::string type = want_string(*thinking, "type", "thinking");
    if (!among(type, {"enabled", "adaptive", "disabled"}))
      refuse("thinking: Input tag '" + type + "' does not match any of the expected tags");
    if (type == "enabled" && b.strict) refuse("thinking.type.enabled: not supported by this model, use 'adaptive'");
    if (type == "enabled" && json::get_uint(*thinking, "budget_tokens").value_or(0) < 1024) {
      refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
    }
  }
  if (const auto output = json::get_object(body, "output_config")) {
    want_only(*output, {"effort", "format", "task_budget"}, "output_config", b);
    if (const auto effort = json::get_string(*output, "effort"); effort && !among(*effort, {"low", "medium", "high", "xhigh", "max"})) {
      refuse("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    }
    if (const auto format = json::get_object(*output, "format")) {
      if (string_of(*format, "type") != "json_schema") refuse("output_config.format.type: Input should be 'json_schema'");
      want_only(*format, {"type", "schema"}, "output_config.format", b);
      want_object(*format, "schema", "output_config.format");
      f.schema = json::to_text(*json::find(*format, "schema"));
    }
  }
  if (const auto metadata = json::get_object(body, "metadata")) want_only(*metadata, {"user_id"}, "metadata", b);
}

}  // namespace

facts read_anthropic_messages(json::object body, std::string_view version, bool counting, const behaviour& b) {
  facts f;
  f.model = string_of(body, "model");
  if (f.model.empty()) refuse("model: Field required");
  want_only(body, known_fields, "", b);
  if (const auto v = json::find(body, "max_tokens")) {
    f.max_tokens = json::get_uint(body, "max_tokens");
    if (!f.max_tokens)
      refuse(is_whole(*v) ? "max_tokens: Input should be greater than or equal to 0" : "max_tokens: Input should be a valid integer");
  } else if (!counting) {
    refuse("max_tokens: Field required");
  }
  f.stream = flag(body, "stream");
  f.include_usage = true;
  message_reader reader(f, b, version);
  read_system(reader, body);
  reader.read(body);
  read_tools(f, body, b);
  check_sampling(body, version, b);
  read_rest(f, body, b);
  return f;
}

}  // namespace naru::mock
