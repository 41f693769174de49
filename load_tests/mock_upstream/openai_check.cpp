#include "load_tests/mock_upstream/openai_check.hpp"

#include <algorithm>
#include <set>

#include "load_tests/mock_upstream/look.hpp"

namespace naru::mock {
namespace {

constexpr words known_fields = {"model",
                                "messages",
                                "max_completion_tokens",
                                "max_tokens",
                                "temperature",
                                "top_p",
                                "frequency_penalty",
                                "presence_penalty",
                                "n",
                                "stop",
                                "seed",
                                "logprobs",
                                "top_logprobs",
                                "logit_bias",
                                "stream",
                                "stream_options",
                                "tools",
                                "tool_choice",
                                "parallel_tool_calls",
                                "response_format",
                                "reasoning_effort",
                                "verbosity",
                                "modalities",
                                "audio",
                                "prediction",
                                "web_search_options",
                                "service_tier",
                                "prompt_cache_key",
                                "prompt_cache_options",
                                "prompt_cache_retention",
                                "safety_identifier",
                                "user",
                                "metadata",
                                "store",
                                "moderation",
                                "functions",
                                "function_call"};

[[noreturn]] void refuse(std::string message, std::string param, std::string code) {
  throw vendor_error{400, std::move(message), std::move(param), std::move(code)};
}

[[noreturn]] void wrong_type(const std::string& param, std::string_view wanted, json::value got) {
  refuse(
      "Invalid type for '" + param + "': expected " + std::string(wanted) + ", but got " + std::string(json::type_name(got)) + " instead.",
      param, "invalid_type");
}

std::string want_string(json::object o, std::string_view key, const std::string& path) {
  const auto v = json::find(o, key);
  const std::string param = path + "." + std::string(key);
  if (!v) refuse("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
  if (!v->is_string()) wrong_type(param, "a string", *v);
  return std::string(v->get_string().value_unsafe());
}

json::object want_object(json::object o, std::string_view key, const std::string& path) {
  const auto v = json::find(o, key);
  const std::string param = path + "." + std::string(key);
  if (!v) refuse("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
  if (!v->is_object()) wrong_type(param, "an object", *v);
  return v->get_object().value_unsafe();
}

void check_range(json::object body, std::string_view key, double low, double high, bool whole) {
  const auto v = json::find(body, key);
  if (!v || json::is_null(*v)) return;
  const std::string param(key);
  if (whole ? !is_whole(*v) : !v->is_number()) wrong_type(param, whole ? "an integer" : "a decimal", *v);
  const double n = number_of(*v);
  if (n >= low && n <= high) return;
  const std::string kind = whole ? "integer" : "decimal";
  refuse("Invalid '" + param + "': " + kind + (n < low ? " below minimum" : " above maximum") + " value.", param,
         kind + (n < low ? "_below_min_value" : "_above_max_value"));
}

void read_part(facts& f, json::object part, std::string_view role, const std::string& path) {
  const std::string type = want_string(part, "type", path);
  if (type == "text" || (type == "refusal" && role == "assistant")) {
    const std::string text = want_string(part, type, path);
    f.text_bytes += text.size();
    if (role == "user") f.last_user_text += text;
    if (role == "tool") f.last_tool_text += text;
  } else if (type == "image_url" && role == "user") {
    const std::string url = want_string(want_object(part, "image_url", path), "url", path + ".image_url");
    const auto comma = url.find(";base64,");
    if (url.starts_with("data:") && comma != std::string::npos) {
      const std::string word = image_word(std::string_view(url).substr(5, comma - 5), std::string_view(url).substr(comma + 8));
      if (word.empty()) refuse("Invalid base64 image_url.", path + ".image_url.url", "invalid_base64");
      f.images.push_back(word);
    } else if (url.starts_with("https://") || url.starts_with("http://")) {
      f.images.push_back(url);
    } else {
      refuse("Invalid '" + path + ".image_url.url'. Expected a valid URL, but got a value with an invalid format.", path + ".image_url.url",
             "invalid_value");
    }
  } else if (!(role == "user" && among(type, {"input_audio", "file"}))) {
    refuse("Invalid value: '" + type + "'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.",
           path + ".type", "invalid_value");
  }
}

void read_content(facts& f, json::object message, std::string_view role, const std::string& path) {
  const auto v = json::find(message, "content");
  const std::string param = path + ".content";
  if (!v || json::is_null(*v)) {
    if (role == "assistant" && (present(message, "tool_calls") || present(message, "refusal"))) return;
    if (!v) refuse("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
    refuse("Invalid value for 'content': expected a string, got null.", param, "invalid_type");
  }
  if (role == "user") f.last_user_text.clear();
  if (role == "tool") f.last_tool_text.clear();
  if (v->is_string()) {
    const std::string_view text = v->get_string().value_unsafe();
    f.text_bytes += text.size();
    if (role == "user") f.last_user_text = text;
    if (role == "tool") f.last_tool_text = text;
    return;
  }
  if (!v->is_array()) wrong_type(param, "a string or an array of objects", *v);
  std::size_t i = 0;
  for (const json::value part : v->get_array().value_unsafe()) {
    const std::string at = param + "[" + std::to_string(i++) + "]";
    if (!part.is_object()) wrong_type(at, "an object", part);
    read_part(f, part.get_object().value_unsafe(), role, at);
  }
  if (i == 0) refuse("Invalid '" + param + "': empty array. Expected an array with minimum length 1.", param, "empty_array");
}

/// @return the ids that the next messages must answer
std::set<std::string> read_calls(json::object message, const std::string& path) {
  std::set<std::string> ids;
  const auto calls = json::get_array(message, "tool_calls");
  if (!calls) return ids;
  std::size_t i = 0;
  for (const json::value v : *calls) {
    const std::string at = path + ".tool_calls[" + std::to_string(i++) + "]";
    if (!v.is_object()) wrong_type(at, "an object", v);
    const json::object call = v.get_object().value_unsafe();
    if (string_of(call, "type") != "function") want_string(call, "type", at);
    const json::object function = want_object(call, "function", at);
    if (!is_name(want_string(function, "name", at + ".function"), 64)) {
      refuse("Invalid '" + at + ".function.name': string does not match pattern.", at + ".function.name", "invalid_value");
    }
    want_string(function, "arguments", at + ".function");
    ids.insert(want_string(call, "id", at));
  }
  if (i == 0)
    refuse("Invalid '" + path + ".tool_calls': empty array. Expected an array with minimum length 1.", path + ".tool_calls", "empty_array");
  return ids;
}

void read_messages(facts& f, json::object body) {
  const auto v = json::find(body, "messages");
  if (!v) refuse("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
  if (!v->is_array()) wrong_type("messages", "an array of objects", *v);
  std::set<std::string> open;
  std::size_t i = 0;
  const auto unanswered = [&] {
    refuse(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following "
        "tool_call_ids did not have response messages: " +
            *open.begin(),
        "messages.[" + std::to_string(i) + "].role", "");
  };
  for (const json::value m : v->get_array().value_unsafe()) {
    const std::string path = "messages[" + std::to_string(i) + "]";
    if (!m.is_object()) wrong_type(path, "an object", m);
    const json::object message = m.get_object().value_unsafe();
    const std::string role = want_string(message, "role", path);
    if (!among(role, {"system", "developer", "user", "assistant", "tool", "function"})) {
      refuse("Invalid value: '" + role + "'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
             path + ".role", "invalid_value");
    }
    read_content(f, message, role, path);
    if (role == "tool") {
      if (open.erase(want_string(message, "tool_call_id", path)) == 0) {
        refuse("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
               "messages.[" + std::to_string(i) + "].role", "");
      }
    } else {
      if (!open.empty()) unanswered();
      if (role == "assistant") open = read_calls(message, path);
    }
    f.ends_with_tool_result = role == "tool";
    ++i;
  }
  if (i == 0) refuse("Invalid 'messages': empty array. Expected an array with minimum length 1.", "messages", "empty_array");
  if (!open.empty()) unanswered();
}

void read_tools(facts& f, json::object body) {
  if (const auto tools = json::get_array(body, "tools")) {
    std::size_t i = 0;
    for (const json::value v : *tools) {
      const std::string path = "tools[" + std::to_string(i++) + "]";
      if (!v.is_object()) wrong_type(path, "an object", v);
      const json::object tool = v.get_object().value_unsafe();
      const std::string type = want_string(tool, "type", path);
      if (type == "custom") {
        f.tools.push_back(want_string(want_object(tool, "custom", path), "name", path + ".custom"));
        continue;
      }
      if (type != "function")
        refuse("Invalid value: '" + type + "'. Supported values are: 'function' and 'custom'.", path + ".type", "invalid_value");
      const json::object function = want_object(tool, "function", path);
      const std::string name = want_string(function, "name", path + ".function");
      if (!is_name(name, 64)) {
        refuse("Invalid '" + path +
                   ".function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
               path + ".function.name", "invalid_value");
      }
      f.tools.push_back(name);
    }
    if (i == 0) refuse("Invalid 'tools': empty array. Expected an array with minimum length 1.", "tools", "empty_array");
  }
  const auto choice = json::find(body, "tool_choice");
  if (choice && f.tools.empty())
    refuse("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice", "");
  if (json::find(body, "parallel_tool_calls") && f.tools.empty()) {
    refuse("Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
           "parallel_tool_calls", "");
  }
  f.one_call = json::find(body, "parallel_tool_calls") && !flag(body, "parallel_tool_calls");
  if (!choice) return;
  if (choice->is_object()) {
    const json::object named = choice->get_object().value_unsafe();
    if (string_of(named, "type") == "function")
      f.forced_tool = want_string(want_object(named, "function", "tool_choice"), "name", "tool_choice.function");
    if (!f.forced_tool.empty() && std::find(f.tools.begin(), f.tools.end(), f.forced_tool) == f.tools.end()) {
      refuse("Tool choice 'function' '" + f.forced_tool + "' not found in 'tools' parameter.", "tool_choice", "invalid_value");
    }
  } else if (const std::string_view word = string_of(body, "tool_choice"); !among(word, {"none", "auto", "required"})) {
    refuse("Invalid value: '" + std::string(word) + "'. Supported values are: 'none', 'auto', and 'required'.", "tool_choice",
           "invalid_value");
  } else {
    f.tools_off = word == "none";
  }
}

void read_format(facts& f, json::object body) {
  const auto format = json::get_object(body, "response_format");
  if (!format) return;
  const std::string type = want_string(*format, "type", "response_format");
  if (!among(type, {"text", "json_object", "json_schema"})) {
    refuse("Invalid value: '" + type + "'. Supported values are: 'json_object', 'json_schema', and 'text'.", "response_format.type",
           "invalid_value");
  }
  if (type != "json_schema") return;
  const json::object wrapped = want_object(*format, "json_schema", "response_format");
  want_string(wrapped, "name", "response_format.json_schema");
  want_object(wrapped, "schema", "response_format.json_schema");
  f.schema = json::to_text(*json::find(wrapped, "schema"));
}

void read_stops(facts& f, json::object body) {
  const auto stop = json::find(body, "stop");
  if (!stop || json::is_null(*stop)) return;
  if (stop->is_string()) {
    f.stops.emplace_back(stop->get_string().value_unsafe());
  } else if (stop->is_array()) {
    for (const json::value v : stop->get_array().value_unsafe()) {
      if (!v.is_string()) wrong_type("stop", "a string", v);
      f.stops.emplace_back(v.get_string().value_unsafe());
    }
  } else {
    wrong_type("stop", "a string or an array of strings", *stop);
  }
  if (f.stops.size() > 4)
    refuse("Invalid 'stop': array too long. Expected an array with maximum length 4.", "stop", "array_above_max_length");
}

/// What a reasoning model refuses. Source: the "latest model" guide (2026-10).
void check_strict(json::object body) {
  for (const std::string_view key : {"temperature", "top_p", "logprobs", "top_logprobs", "stop", "frequency_penalty", "presence_penalty"}) {
    if (present(body, key)) {
      refuse("Unsupported parameter: '" + std::string(key) + "' is not supported with this model.", std::string(key),
             "unsupported_parameter");
    }
  }
  if (present(body, "max_tokens")) {
    refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens",
           "unsupported_parameter");
  }
}

void read_numbers(facts& f, json::object body) {
  check_range(body, "temperature", 0, 2, false);
  check_range(body, "top_p", 0, 1, false);
  check_range(body, "frequency_penalty", -2, 2, false);
  check_range(body, "presence_penalty", -2, 2, false);
  check_range(body, "n", 1, 128, true);
  check_range(body, "seed", -9.3e18, 9.3e18, true);
  check_range(body, "top_logprobs", 0, 20, true);
  check_range(body, "max_tokens", 1, 1e9, true);
  check_range(body, "max_completion_tokens", 1, 1e9, true);
  f.max_tokens = json::get_uint(body, "max_completion_tokens");
  if (!f.max_tokens)
    f.max_tokens = json::get_uint(body, "max_tokens");
  else if (present(body, "max_tokens"))
    refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "");
  f.choices = json::get_uint(body, "n").value_or(1);
  f.logprobs = flag(body, "logprobs");
  f.top_logprobs = json::get_uint(body, "top_logprobs").value_or(0);
  if (f.top_logprobs > 0 && !f.logprobs) {
    refuse("'top_logprobs' is only allowed when 'logprobs' is enabled.", "top_logprobs", "");
  }
}

void read_stream(facts& f, json::object body, const behaviour& b) {
  if (const auto v = json::find(body, "stream"); v && !json::is_null(*v) && !v->is_bool()) wrong_type("stream", "a boolean", *v);
  f.stream = flag(body, "stream");
  const auto options = json::get_object(body, "stream_options");
  if (!options) return;
  if (b.no_stream_options) refuse("Unrecognized request argument supplied: stream_options", "", "");
  if (!f.stream) refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", "");
  if (const auto odd = stranger(*options, {"include_usage", "include_obfuscation"}); !odd.empty() && !b.lenient) {
    refuse("Unknown parameter: 'stream_options." + std::string(odd) + "'.", "stream_options." + std::string(odd), "unknown_parameter");
  }
  f.include_usage = flag(*options, "include_usage");
}

}  // namespace

facts read_openai_chat(json::object body, const behaviour& b) {
  facts f;
  f.model = string_of(body, "model");
  if (f.model.empty()) refuse("you must provide a model parameter", "", "");
  if (const auto odd = stranger(body, known_fields); !odd.empty() && !b.lenient) {
    refuse("Unrecognized request argument supplied: " + std::string(odd), "", "");
  }
  read_messages(f, body);
  read_numbers(f, body);
  read_stops(f, body);
  read_tools(f, body);
  read_format(f, body);
  read_stream(f, body, b);
  if (b.strict) check_strict(body);
  return f;
}

}  // namespace naru::mock
