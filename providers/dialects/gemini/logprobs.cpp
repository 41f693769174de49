#include <string>

#include "core/json/writer.hpp"
#include "providers/dialects/gemini/answer.hpp"

// logprobsResult is {"chosenCandidates":[{"token","logProbability"}],"topCandidates":[{"candidates":[...]}]}, one entry a token;
// OpenAI's form is {"content":[{"token","logprob","bytes","top_logprobs":[...]}],"refusal":null}.
namespace naru::dialects::gemini {
namespace {

void write_token(json::object candidate, json::writer& w) {
  const std::string_view token = json::get_string(candidate, "token").value_or("");
  double logprob = 0;
  if (const auto v = json::find(candidate, "logProbability"); !v || v->get(logprob) != simdjson::SUCCESS) logprob = 0;
  w.field("token", token).field("logprob", logprob).key("bytes").begin_array();
  for (const char c : token) w.number(static_cast<unsigned>(static_cast<unsigned char>(c)));
  w.end_array();
}

void write_alternatives(std::optional<json::array> tops, std::size_t index, json::writer& w) {
  w.key("top_logprobs").begin_array();
  json::value step;
  if (tops && index < tops->size() && tops->at(index).get(step) == simdjson::SUCCESS && step.is_object()) {
    if (const auto candidates = json::get_array(step.get_object().value_unsafe(), "candidates")) {
      for (const json::value one : *candidates) {
        if (!one.is_object()) continue;
        w.begin_object();
        write_token(one.get_object().value_unsafe(), w);
        w.end_object();
      }
    }
  }
  w.end_array();
}

}  // namespace

std::string openai_logprobs(json::object logprobs_result) {
  const auto chosen = json::get_array(logprobs_result, "chosenCandidates");
  if (!chosen || chosen->size() == 0) return {};
  const auto tops = json::get_array(logprobs_result, "topCandidates");
  std::string out;
  json::writer w(out);
  w.begin_object().key("content").begin_array();
  std::size_t index = 0;
  for (const json::value one : *chosen) {
    const std::size_t at = index++;
    if (!one.is_object()) continue;
    w.begin_object();
    write_token(one.get_object().value_unsafe(), w);
    write_alternatives(tops, at, w);
    w.end_object();
  }
  w.end_array().key("refusal").null().end_object();
  return out;
}

}  // namespace naru::dialects::gemini
