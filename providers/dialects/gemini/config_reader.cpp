#include <algorithm>
#include <array>

#include "providers/dialects/gemini/request.hpp"
#include "providers/dialects/gemini/request_reader.hpp"
#include "providers/dialects/gemini/schema.hpp"

namespace naru::dialects::gemini {
namespace {

constexpr std::int64_t most_output_tokens = std::int64_t{1} << 32;  // three orders above what any model writes
constexpr std::int64_t most_int32 = std::numeric_limits<std::int32_t>::max();

std::optional<std::uint64_t> count(reading& in, const place& at, json::value v, std::int64_t least, std::int64_t most) {
  const auto n = read_whole(in.faults, at, v, least, most);
  return n ? std::optional{static_cast<std::uint64_t>(*n)} : std::nullopt;
}

void read_stops(reading& in, const place& at, json::value v) {
  each_element(in.faults, at, v, "an array of strings",
               [&](const place& here, json::value one, std::size_t) { in.request.stop.push_back(in.faults.string(here, one)); });
}

/// Budgets are of the models up to 2.5 (0 off, -1 as the model likes), levels of the later ones.
void read_thinking(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v);
  if (!o) return;
  members m{in.faults, &at, *o};
  auto& thinking = in.request.thinking;
  if (const auto budget = m.take("thinkingBudget")) {
    const auto n = read_whole(in.faults, m.at("thinkingBudget"), *budget, -1, most_int32);
    if (n)
      thinking.how = *n == 0  ? thinking_request::mode::disabled
                     : *n < 0 ? thinking_request::mode::adaptive
                              : thinking_request::mode::enabled;
    if (n.value_or(0) > 0) thinking.budget = static_cast<std::uint64_t>(*n);
  }
  if (const auto level = m.take("thinkingLevel")) {
    constexpr std::string_view wanted = "MINIMAL, LOW, MEDIUM or HIGH";
    const auto word = in.faults.string(m.at("thinkingLevel"), *level, wanted);
    const auto effort = effort_of_level(word);
    if (in.faults.ok() && effort.empty() && word != "THINKING_LEVEL_UNSPECIFIED") {
      in.faults.refuse_word(m.at("thinkingLevel"), wanted);
    }
    in.request.reasoning_effort = effort;
  }
  if (const auto shown = m.take("includeThoughts")) thinking.shown = in.faults.boolean(m.at("includeThoughts"), *shown);
  if (in.faults.ok()) in.keep_left(m);
}

/// Text alone is what everybody answers.
void read_modalities(reading& in, const place& at, json::value v) {
  const auto list = in.faults.array(at, v);
  if (!list) return;
  const bool text_only = std::ranges::all_of(*list, [](json::value one) {
    std::string_view word;
    return one.get(word) == simdjson::SUCCESS && (word == "TEXT" || word == "text" || word == "MODALITY_UNSPECIFIED");
  });
  if (!text_only) in.keep_extra(at, v);
}

/// Handlers of the fields, which are never null here.
struct field {
  std::string_view name;
  void (*read)(reading&, const place&, json::value);
};
constexpr std::array fields{
    field{"maxOutputTokens",
          [](reading& in, const place& at, json::value v) { in.request.max_output_tokens = count(in, at, v, 1, most_output_tokens); }},
    field{"temperature", [](reading& in, const place& at, json::value v) { in.request.temperature = in.faults.number(at, v, 0, 2); }},
    field{"topP", [](reading& in, const place& at, json::value v) { in.request.top_p = in.faults.number(at, v, 0, 1); }},
    field{"topK", [](reading& in, const place& at, json::value v) { in.request.top_k = count(in, at, v, 0, most_int32); }},
    field{"candidateCount", [](reading& in, const place& at, json::value v) { in.request.n = count(in, at, v, 1, 8); }},
    field{"seed",
          [](reading& in, const place& at, json::value v) { in.request.seed = read_whole(in.faults, at, v, -most_int32 - 1, most_int32); }},
    field{"presencePenalty",
          [](reading& in, const place& at, json::value v) { in.request.presence_penalty = in.faults.number(at, v, -2, 2); }},
    field{"frequencyPenalty",
          [](reading& in, const place& at, json::value v) { in.request.frequency_penalty = in.faults.number(at, v, -2, 2); }},
    field{"responseLogprobs", [](reading& in, const place& at, json::value v) { in.request.logprobs = in.faults.boolean(at, v); }},
    field{"logprobs", [](reading& in, const place& at, json::value v) { in.request.top_logprobs = count(in, at, v, 0, 20); }},
    field{"stopSequences", read_stops},
    field{"thinkingConfig", read_thinking},
    field{"responseModalities", read_modalities},
};

/// responseMimeType with one of the two kinds of schema.
void read_answer_form(reading& in, members& m) {
  auto& format = in.request.response_format;
  const auto type = m.take("responseMimeType");
  const auto plain = m.take("responseJsonSchema");
  const auto own = m.take("responseSchema");
  const auto word = type ? in.faults.string(m.at("responseMimeType"), *type) : std::string_view{};
  if (!in.faults.ok()) return;
  if (plain && own) return in.faults.refuse_rule(m.at("responseSchema"), "want either responseSchema or responseJsonSchema, not both");
  const std::string_view schema_key = plain ? "responseJsonSchema" : "responseSchema";
  if (word == "application/json") {
    format.what = response_format::kind::json_object;
  } else if (type && !word.empty() && word != "text/plain") {
    if (own || plain) in.keep_extra(m.at(schema_key), plain ? *plain : *own);
    return in.keep_extra(m.at("responseMimeType"), *type);  // text/x.enum: only Google has it
  } else if (plain || own) {
    return in.faults.refuse_rule(m.at(schema_key), "only allowed with responseMimeType: application/json");
  }
  if (!plain && !own) return;
  if (!in.faults.object(m.at(schema_key), plain ? *plain : *own, "a schema, an object")) return;
  format.what = response_format::kind::json_schema;
  format.schema = plain;
  if (!own) return;
  const auto lowered = keep_json(in.request, plain_schema(*own));
  if (!lowered) return in.faults.refuse_rule(m.at("responseSchema"), "want a Schema object: " + lowered.error().message);
  format.schema = *lowered;
}

}  // namespace

void read_generation_config(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v);
  if (!o) return;
  members m{in.faults, &at, *o};
  for (const auto& one : fields) {
    if (const auto given = m.take(one.name)) one.read(in, m.at(one.name), *given);
    if (!in.faults.ok()) return;
  }
  read_answer_form(in, m);
  if (in.faults.ok() && in.request.top_logprobs.value_or(0) > 0 && !in.request.logprobs.value_or(false)) {
    in.faults.refuse_rule(m.at("logprobs"), "only allowed with responseLogprobs: true");
  }
  if (in.faults.ok()) in.keep_left(m);
}

}  // namespace naru::dialects::gemini
