#include <algorithm>
#include <array>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"

namespace naru::dialects::openai_chat {
namespace {

/// What a request runs against: the client's field, and what the model wants instead. An empty field: nothing.
struct obstacle {
  std::string_view field;
  std::string_view why;
};

bool has_extra(const chat_request& r, std::string_view name) noexcept {
  return std::ranges::find(r.extra, name, &extra_field::name) != r.extra.end();
}
bool has_tools(const chat_request& r) noexcept { return !r.tools.empty() || has_extra(r, extras::custom_tool); }
bool is_neutral(const std::optional<double>& v) noexcept { return !v || *v == 1.0; }
bool is_zero(const std::optional<double>& v) noexcept { return !v || *v == 0.0; }

obstacle sampling(const chat_request& r) noexcept {
  if (!is_neutral(r.temperature)) return {"temperature", "this model takes no sampling parameters"};
  if (!is_neutral(r.top_p)) return {"top_p", "this model takes no sampling parameters"};
  return {};
}

obstacle sampling_when_reasoning(const chat_request& r) noexcept {
  if (r.reasoning_effort == "none") return {};
  constexpr std::string_view why = "only with \"reasoning_effort\": \"none\" at this model";
  if (!is_neutral(r.temperature)) return {"temperature", why};
  if (!is_neutral(r.top_p)) return {"top_p", why};
  if (r.logprobs.value_or(false)) return {"logprobs", why};
  return {};
}

obstacle logprobs(const chat_request& r) noexcept {
  return r.logprobs.value_or(false) ? obstacle{"logprobs", "this model gives no log probabilities"} : obstacle{};
}

obstacle penalties(const chat_request& r) noexcept {
  if (!is_zero(r.frequency_penalty)) return {"frequency_penalty", "this model takes no penalties"};
  if (!is_zero(r.presence_penalty)) return {"presence_penalty", "this model takes no penalties"};
  return {};
}

obstacle effort_none(const chat_request& r) noexcept {
  return r.reasoning_effort == "none" ? obstacle{"reasoning_effort", "reasoning cannot be switched off at this model"} : obstacle{};
}

obstacle one_choice(const chat_request& r) noexcept {
  return r.n.value_or(1) > 1 ? obstacle{"n", "this model gives one choice only"} : obstacle{};
}

bool wants_choice(const chat_request& r) noexcept {
  return (has_tools(r) && r.tool_choice.how != tool_choice::mode::unset && r.tool_choice.how != tool_choice::mode::automatic) ||
         has_extra(r, extras::tool_choice);
}

obstacle openai_fields(const chat_request& r) noexcept {
  constexpr std::string_view why = "not a field of this vendor";
  if (r.top_k) return {"top_k", why};
  if (r.min_p) return {"min_p", why};
  if (r.repeat_penalty) return {"repeat_penalty", why};
  return {};
}

struct check {
  std::string_view word;
  obstacle (*find)(const chat_request&) noexcept;
};

// Words of config/models.yaml that this form must heed. Sources: OpenAI's model pages and error texts 2026-08..11, xAI, Groq, Meta and
// DeepSeek documentation 2026-11, Ollama's source 2026-08. Words that are not here ask nothing of a chat body.
constexpr std::array checks{
    check{"chat_tools_require_responses_api",
          [](const chat_request& r) noexcept {
            return has_tools(r) ? obstacle{"tools", "this model takes tools only through the Responses form"} : obstacle{};
          }},
    // GPT-5.6 and 6.x reason by default, so an omitted effort is refused like a given one.
    check{"chat_tools_require_effort_none_or_responses_api",
          [](const chat_request& r) noexcept {
            return has_tools(r) && r.reasoning_effort != "none"
                       ? obstacle{"reasoning_effort", "want \"none\" together with tools at this model"}
                       : obstacle{};
          }},
    check{"chat_tools_require_effort_omitted_none_or_responses_api",
          [](const chat_request& r) noexcept {
            return has_tools(r) && !r.reasoning_effort.empty() && r.reasoning_effort != "none"
                       ? obstacle{"reasoning_effort", "want \"none\" or nothing together with tools at this model"}
                       : obstacle{};
          }},
    check{"effort_none_rejected", effort_none},
    check{"reasoning_cannot_be_disabled", effort_none},
    check{"thinking_always_on", effort_none},
    check{"no_sampling_params_when_reasoning", sampling_when_reasoning},
    check{"no_sampling_params", sampling},
    check{"no_logprobs", logprobs},
    check{"no_logit_bias",
          [](const chat_request& r) noexcept {
            return has_extra(r, "logit_bias") ? obstacle{"logit_bias", "this model takes no logit bias"} : obstacle{};
          }},
    check{"no_penalties", penalties},
    check{"no_stop",
          [](const chat_request& r) noexcept {
            return r.stop.empty() ? obstacle{} : obstacle{"stop", "this model takes no stop sequences"};
          }},
    check{"n_1_only", one_choice},
    check{"no_candidate_count", one_choice},
    check{"json_object_only",
          [](const chat_request& r) noexcept {
            return r.response_format.what == response_format::kind::json_schema
                       ? obstacle{"response_format.type", "this model knows text and json_object, no schema"}
                       : obstacle{};
          }},
    check{"tool_choice_auto_only",
          [](const chat_request& r) noexcept {
            return wants_choice(r) ? obstacle{"tool_choice", "want \"auto\" or nothing at this model"} : obstacle{};
          }},
    // The server would silently do something else than was asked.
    check{"tool_choice_ignored",
          [](const chat_request& r) noexcept { return wants_choice(r) ? obstacle{"tool_choice", "this server ignores it"} : obstacle{}; }},
    check{"no_prefill",
          [](const chat_request& r) noexcept {
            return !r.messages.empty() && r.messages.back().role == role::assistant && r.messages.back().calls.empty()
                       ? obstacle{"messages", "this model cannot go on from an assistant's message"}
                       : obstacle{};
          }},
    check{"openai_fields_only", openai_fields},
    check{"no_seed",
          [](const chat_request& r) noexcept { return r.seed ? obstacle{"seed", "this vendor samples by its own seed"} : obstacle{}; }},
    check{"no_verbosity",
          [](const chat_request& r) noexcept {
            return r.verbosity.empty() || r.verbosity == "medium" ? obstacle{} : obstacle{"verbosity", "not a field of this vendor"};
          }},
    check{"temperature_at_most_1_5",
          [](const chat_request& r) noexcept {
            return r.temperature.value_or(0) > 1.5 ? obstacle{"temperature", "this vendor takes 0 to 1.5"} : obstacle{};
          }},
    check{"effort_high_or_none",
          [](const chat_request& r) noexcept {
            const std::string_view effort = effort_of(r);
            return effort.empty() || effort == "high" || effort == "none"
                       ? obstacle{}
                       : obstacle{"reasoning_effort", "want \"high\" or \"none\" at this vendor"};
          }},
};

}  // namespace

bool has(const target& t, std::string_view word) noexcept { return std::ranges::find(t.constraints, word) != t.constraints.end(); }

std::string_view max_tokens_field(const target& t) noexcept {
  // The older name is the one that every imitator knows; OpenAI's reasoning models alone refuse it.
  if (has(t, "max_completion_tokens_only")) return "max_completion_tokens";
  return "max_tokens";
}

bool omits_neutral_sampling(const chat_request& r, const target& t) noexcept {
  return has(t, "no_sampling_params") || (has(t, "no_sampling_params_when_reasoning") && r.reasoning_effort != "none");
}

std::optional<error> find_model_obstacle(const chat_request& r, const target& t) {
  obstacle found;
  for (const auto& c : checks) {
    if (!found.field.empty()) break;
    if (has(t, c.word)) found = c.find(r);
  }
  if (found.field.empty()) return find_named_message(r, t);
  std::string field{found.field};
  std::string message = field + ": " + std::string{found.why} + " (" + std::string{t.model} + ')';
  return error{error_code::unsupported_field, std::move(message), std::move(field), "unsupported_field", std::nullopt};
}

std::optional<error> find_named_message(const chat_request& r, const target& t) {
  if (!has(t, "no_message_names")) return std::nullopt;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    // A tool message's name repeats that of the call it answers.
    if (!r.messages[i].name.empty() && r.messages[i].role != role::tool)
      return cannot(message_path(i) + ".name", "this vendor's messages have no names");
  }
  return std::nullopt;
}

std::optional<error> find_obstacle(const chat_request& r, const target& t) {
  if (r.kind != request_kind::chat) return cannot("kind", "OpenAI's chat form is for chats, not for " + std::string{to_string(r.kind)});
  if (!r.previous_response.empty()) {
    return cannot("previous_response_id", "OpenAI's chat form goes on from no earlier answer: send the whole conversation");
  }
  return find_model_obstacle(r, t);
}

}  // namespace naru::dialects::openai_chat
