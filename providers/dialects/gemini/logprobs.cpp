#include <string>

#include "core/json/writer.hpp"
#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/gemini/writers.hpp"

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

void write_candidate(json::object token, json::writer& w) {
  double logprob = 0;
  if (const auto v = json::find(token, "logprob"); !v || v->get(logprob) != simdjson::SUCCESS) logprob = 0;
  w.begin_object().field("token", json::get_string(token, "token").value_or("")).field("logProbability", logprob).end_object();
}

/// The tokens of one piece, into the two lists that run side by side.
void add_tokens(std::string_view openai, json::writer& chosen, json::writer& top) {
  const auto doc = json::document::parse(openai, json::limits::of_answers());
  json::object o;
  if (!doc || doc->root().get(o) != simdjson::SUCCESS) return;  // it was an object when it was read
  const auto content = json::get_array(o, "content");
  if (!content) return;
  for (const json::value one : *content) {
    json::object token;
    if (one.get(token) != simdjson::SUCCESS) continue;
    write_candidate(token, chosen);
    top.begin_object().key("candidates").begin_array();
    if (const auto others = json::get_array(token, "top_logprobs")) {
      for (const json::value other : *others) {
        if (other.is_object()) write_candidate(other.get_object().value_unsafe(), top);
      }
    }
    top.end_array().end_object();
  }
}

}  // namespace

std::string google_logprobs(const std::vector<std::string>& openai) {
  std::string chosen, top;
  json::writer chosen_writer(chosen), top_writer(top);
  chosen_writer.begin_array();
  top_writer.begin_array();
  for (const auto& piece : openai) add_tokens(piece, chosen_writer, top_writer);
  chosen_writer.end_array();
  top_writer.end_array();
  if (chosen == "[]") return {};
  std::string out;
  json::writer w(out);
  w.begin_object().key("chosenCandidates").raw(chosen).key("topCandidates").raw(top).end_object();
  return out;
}

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
