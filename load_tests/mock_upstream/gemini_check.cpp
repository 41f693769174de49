#include "load_tests/mock_upstream/gemini_check.hpp"

#include <algorithm>

#include "load_tests/mock_upstream/look.hpp"

namespace naru::mock {
namespace {

[[noreturn]] void refuse(std::string message) { throw vendor_error{400, std::move(message), "", "INVALID_ARGUMENT"}; }

/// Google's JSON is a protobuf: a name that is not in the message is an error, unless the server is an imitator.
void want_only(json::object o, words known, const std::string& path, const behaviour& b) {
  const auto odd = stranger(o, known);
  if (odd.empty() || b.lenient) return;
  refuse("Invalid JSON payload received. Unknown name \"" + std::string(odd) + "\"" + (path.empty() ? "" : " at '" + path + "'") +
         ": Cannot find field.");
}

json::object want_object(json::value v, const std::string& path) {
  if (!v.is_object()) refuse("Invalid value at '" + path + "': want an object");
  return v.get_object().value_unsafe();
}

/// Walks the turns. Roles alternate, and the answers to function calls come in the very next turn, as many as there were calls.
class turn_reader {
 public:
  turn_reader(facts& f, const behaviour& b) : facts_(f), behaviour_(b) {}

  void read(json::object body) {
    const auto contents = json::get_array(body, "contents");
    if (!contents || contents->size() == 0) refuse("* GenerateContentRequest.contents: contents is not specified");
    std::size_t i = 0;
    std::string last_role;
    for (const json::value v : *contents) {
      const std::string path = "contents[" + std::to_string(i++) + "]";
      const json::object turn = want_object(v, path);
      want_only(turn, {"role", "parts"}, path, behaviour_);
      const std::string role(json::get_string(turn, "role").value_or("user"));
      if (!among(role, {"user", "model"})) refuse("Please use a valid role: user, model.");
      if (role == last_role) refuse("Please ensure that multiturn requests alternate between user and model.");
      last_role = role;
      read_turn(turn, role, path);
    }
    if (last_role == "model") refuse("Requests ending with a model turn are not supported.");
  }

  void read_system(json::object body) {
    const auto system = json::find(body, "systemInstruction");
    if (!system) return;
    const json::object instruction = want_object(*system, "system_instruction");
    const auto parts = json::get_array(instruction, "parts");
    if (!parts) refuse("* GenerateContentRequest.system_instruction.parts: must not be empty");
    for (const json::value part : *parts) facts_.text_bytes += string_of(want_object(part, "system_instruction.parts"), "text").size();
  }

 private:
  void read_turn(json::object turn, std::string_view role, const std::string& path) {
    const auto parts = json::get_array(turn, "parts");
    if (!parts || parts->size() == 0) refuse("* GenerateContentRequest." + path + ".parts: must include at least one parts field");
    const std::size_t open = std::exchange(open_calls_, 0);
    std::size_t answers = 0;
    if (role == "user") facts_.last_user_text.clear();
    facts_.ends_with_tool_result = false;
    std::size_t i = 0;
    for (const json::value v : *parts) {
      const std::string at = path + ".parts[" + std::to_string(i++) + "]";
      answers += read_part(want_object(v, at), role, at) ? 1 : 0;
    }
    if (answers != open) {
      refuse(
          "Please ensure that the number of function response parts is equal to the number of function call parts of the function call "
          "turn.");
    }
  }

  /// @return whether the part answers a function call
  bool read_part(json::object part, std::string_view role, const std::string& path) {
    want_only(part,
              {"text", "inlineData", "fileData", "functionCall", "functionResponse", "thought", "thoughtSignature", "executableCode",
               "codeExecutionResult", "videoMetadata", "mediaResolution"},
              path, behaviour_);
    if (const auto text = json::get_string(part, "text")) {
      facts_.text_bytes += text->size();
      if (role == "user") facts_.last_user_text += *text;
    } else if (const auto data = json::get_object(part, "inlineData")) {
      want_only(*data, {"mimeType", "data", "displayName"}, path + ".inline_data", behaviour_);
      const std::string word = image_word(string_of(*data, "mimeType"), string_of(*data, "data"));
      if (word.empty() || string_of(*data, "mimeType").empty())
        refuse("Invalid value at '" + path + ".inline_data.data' (TYPE_BYTES), Base64 decoding failed");
      facts_.images.push_back(word);
    } else if (const auto file = json::get_object(part, "fileData")) {
      facts_.images.emplace_back(string_of(*file, "fileUri"));
    } else if (const auto call = json::get_object(part, "functionCall")) {
      if (role != "model")
        refuse("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
      read_call(part, *call, path);
    } else if (const auto response = json::get_object(part, "functionResponse")) {
      read_response(*response, role, path);
      return true;
    } else {
      refuse("* GenerateContentRequest." + path + ": required oneof field 'data' must have one initialized field");
    }
    return false;
  }

  void read_call(json::object part, json::object call, const std::string& path) {
    want_only(call, {"id", "name", "args"}, path + ".function_call", behaviour_);
    if (string_of(call, "name").empty()) refuse("* GenerateContentRequest." + path + ".function_call.name: Name cannot be empty.");
    if (const auto args = json::find(call, "args")) want_object(*args, path + ".function_call.args");
    // Source: Gemini 3 wants the signature back; in parallel calls it stands on the first.
    if (behaviour_.needs_signature && open_calls_ == 0) {
      const std::string_view given = string_of(part, "thoughtSignature");
      if (!among(given, {"c2lnbmVkLWJ5LW1vY2s=", "skip_thought_signature_validator"})) {
        refuse("Function call is missing a thought_signature in functionCall parts.");
      }
    }
    ++open_calls_;
  }

  void read_response(json::object response, std::string_view role, const std::string& path) {
    if (role != "user") refuse("Please ensure that function response turn comes immediately after a function call turn.");
    want_only(response, {"id", "name", "response", "willContinue", "scheduling", "parts"}, path + ".function_response", behaviour_);
    if (string_of(response, "name").empty()) refuse("* GenerateContentRequest." + path + ".function_response.name: Name cannot be empty.");
    const auto body = json::find(response, "response");
    if (!body) refuse("* GenerateContentRequest." + path + ".function_response.response: must not be empty");
    const json::object said = want_object(*body, path + ".function_response.response");
    const auto output = json::find(said, "output");
    facts_.last_tool_text = !output               ? json::to_text(*body)
                            : output->is_string() ? std::string(std::string_view(output->get_string().value_unsafe()))
                                                  : json::to_text(*output);
    facts_.text_bytes += facts_.last_tool_text.size();
    facts_.ends_with_tool_result = true;
  }

  facts& facts_;
  const behaviour& behaviour_;
  std::size_t open_calls_ = 0;
};

bool is_function_name(std::string_view name) {
  return is_name(name, 128, "_.:-") && !(name[0] >= '0' && name[0] <= '9') && !among(name.substr(0, 1), {".", ":", "-"});
}

void read_tools(facts& f, json::object body, const behaviour& b) {
  if (const auto tools = json::get_array(body, "tools")) {
    for (const json::value v : *tools) {
      const json::object tool = want_object(v, "tools");
      want_only(
          tool,
          {"functionDeclarations", "googleSearch", "codeExecution", "urlContext", "googleSearchRetrieval", "googleMaps", "fileSearch"},
          "tools[0]", b);
      const auto functions = json::get_array(tool, "functionDeclarations");
      if (!functions) continue;
      for (const json::value d : *functions) {
        const json::object declared = want_object(d, "tools[0].function_declarations");
        want_only(declared, {"name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior"},
                  "tools[0].function_declarations[0]", b);
        const std::string_view name = string_of(declared, "name");
        if (!is_function_name(name)) {
          refuse(
              "* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name. Must start with a letter or an "
              "underscore.");
        }
        if (present(declared, "parameters") && present(declared, "parametersJsonSchema")) {
          refuse("Only one of parameters and parameters_json_schema may be set.");
        }
        f.tools.emplace_back(name);
      }
    }
  }
  const auto config = json::get_object(body, "toolConfig");
  if (!config) return;
  want_only(*config, {"functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations"}, "tool_config", b);
  const auto calling = json::get_object(*config, "functionCallingConfig");
  if (!calling) return;
  want_only(*calling, {"mode", "allowedFunctionNames"}, "tool_config.function_calling_config", b);
  const std::string_view mode = string_of(*calling, "mode");
  if (!among(mode, {"AUTO", "ANY", "NONE", "VALIDATED"})) {
    refuse("Invalid value at 'tool_config.function_calling_config.mode': \"" + std::string(mode) + "\"");
  }
  f.tools_off = mode == "NONE";
  if (const auto allowed = json::get_array(*calling, "allowedFunctionNames"); allowed && allowed->size() > 0) {
    if (!among(mode, {"ANY", "VALIDATED"})) refuse("Allowed function names should be only set when function calling mode is ANY.");
    f.forced_tool = std::string_view((*allowed->begin()).get_string().value_unsafe());
    if (std::find(f.tools.begin(), f.tools.end(), f.forced_tool) == f.tools.end()) {
      refuse("tool_config.function_calling_config.allowed_function_names: " + f.forced_tool + " is not declared.");
    }
  }
}

void read_generation(facts& f, json::object body, const behaviour& b) {
  const auto config = json::get_object(body, "generationConfig");
  if (!config) return;
  want_only(*config,
            {"stopSequences",
             "responseMimeType",
             "responseSchema",
             "responseJsonSchema",
             "responseModalities",
             "candidateCount",
             "maxOutputTokens",
             "temperature",
             "topP",
             "topK",
             "seed",
             "presencePenalty",
             "frequencyPenalty",
             "responseLogprobs",
             "logprobs",
             "enableEnhancedCivicAnswers",
             "speechConfig",
             "thinkingConfig",
             "imageConfig",
             "mediaResolution"},
            "generation_config", b);
  for (const std::string_view key : {"temperature", "topP", "topK", "candidateCount", "presencePenalty", "frequencyPenalty"}) {
    if (b.strict && present(*config, key))
      refuse("Unable to submit request because " + std::string(key) + " is not supported by this model.");
  }
  if (const auto v = json::find(*config, "temperature"); v && (number_of(*v) < 0 || number_of(*v) > 2)) {
    refuse("* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].");
  }
  if (const auto stops = json::get_array(*config, "stopSequences")) {
    for (const json::value v : *stops) {
      if (v.is_string()) f.stops.emplace_back(v.get_string().value_unsafe());
    }
    if (f.stops.size() > 5) refuse("* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are allowed.");
  }
  f.max_tokens = json::get_uint(*config, "maxOutputTokens");
  f.choices = json::get_uint(*config, "candidateCount").value_or(1);
  f.logprobs = flag(*config, "responseLogprobs");
  f.top_logprobs = json::get_uint(*config, "logprobs").value_or(0);
  if (f.top_logprobs > 20) refuse("* GenerateContentRequest.generation_config.logprobs: must be in the range [0, 20].");
  const bool as_json = string_of(*config, "responseMimeType") == "application/json";
  for (const std::string_view key : {"responseJsonSchema", "responseSchema"}) {
    if (!present(*config, key)) continue;
    if (!as_json) refuse("* GenerateContentRequest.generation_config.response_mime_type: must be application/json with a response schema.");
    f.schema = json::to_text(*json::find(*config, key));
  }
  if (const auto thinking = json::get_object(*config, "thinkingConfig")) {
    want_only(*thinking, {"includeThoughts", "thinkingBudget", "thinkingLevel"}, "generation_config.thinking_config", b);
    if (const auto level = json::get_string(*thinking, "thinkingLevel"); level && !among(*level, {"MINIMAL", "LOW", "MEDIUM", "HIGH"})) {
      refuse("Invalid value at 'generation_config.thinking_config.thinking_level': \"" + std::string(*level) + "\"");
    }
  }
}

}  // namespace

facts read_gemini_generate(json::object body, const behaviour& b) {
  facts f;
  want_only(body,
            {"contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig", "cachedContent", "labels",
             "serviceTier", "store", "continuationToken", "model"},
            "", b);
  turn_reader turns(f, b);
  turns.read_system(body);
  turns.read(body);
  read_tools(f, body, b);
  read_generation(f, body, b);
  f.include_usage = true;
  return f;
}

}  // namespace naru::mock
