#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "core/event.hpp"

/// What a sequence of events amounts to for one choice: the sum that must not depend on how the bytes came.
namespace naru::test {

struct folded_call {
  std::string id, name, arguments, signature;
};

struct folded_answer {
  std::string id, model, text, reasoning, refusal;
  std::vector<std::string> signatures;
  std::vector<folded_call> calls;
  std::optional<finish_reason> finish;
  std::optional<naru::usage> usage;
  std::optional<naru::failure> failure;
  std::size_t starts = 0;
  std::size_t keep_alives = 0;
  std::string broken;  ///< a rule of events that was broken; empty when none
};

inline folded_answer fold(const std::vector<event>& events, std::uint32_t choice = 0) {
  folded_answer a;
  const auto rule = [&](bool kept, const char* what) {
    if (!kept && a.broken.empty()) a.broken = what;
  };
  std::map<std::uint32_t, std::size_t> calls_of;     // choice -> calls begun
  std::map<std::uint32_t, std::size_t> finishes_of;  // choice -> ends
  for (const event& e : events) {
    if (bears_content(e)) rule(a.starts == 1, "content before the start");
    rule(!a.failure, "something after a failure");
    if (const auto* s = std::get_if<answer_start>(&e)) {
      ++a.starts, a.id = s->id, a.model = s->model;
      rule(a.starts == 1, "two starts");
    } else if (const auto* t = std::get_if<text_delta>(&e)) {
      rule(finishes_of[t->choice] == 0, "text after the end");
      if (t->choice == choice) a.text += t->text;
    } else if (const auto* f = std::get_if<refusal_delta>(&e)) {
      if (f->choice == choice) a.refusal += f->text;
    } else if (const auto* r = std::get_if<reasoning_delta>(&e)) {
      if (r->choice != choice) continue;
      a.reasoning += r->text;
      if (!r->signature.empty()) a.signatures.push_back(r->signature);
    } else if (const auto* c = std::get_if<tool_call_start>(&e)) {
      rule(c->index == calls_of[c->choice]++, "tool indexes are not 0, 1, 2 ...");
      if (c->choice == choice) a.calls.push_back({c->id, c->name, {}, c->signature});
    } else if (const auto* p = std::get_if<tool_arguments_delta>(&e)) {
      rule(p->index < calls_of[p->choice], "arguments of a call that has not begun");
      if (p->choice == choice && p->index < a.calls.size()) a.calls[p->index].arguments += p->piece;
    } else if (const auto* end = std::get_if<finished>(&e)) {
      rule(++finishes_of[end->choice] == 1, "two ends of one choice");
      if (end->choice == choice) a.finish = end->reason;
    } else if (const auto* u = std::get_if<usage_report>(&e)) {
      a.usage = u->usage;
    } else if (const auto* bad = std::get_if<answer_failed>(&e)) {
      a.failure = bad->failure;
    } else if (std::holds_alternative<keep_alive>(e)) {
      ++a.keep_alives;
    }
  }
  return a;
}

/// For comparing and for messages of failed tests: everything but the pings.
inline std::string to_text(const folded_answer& a) {
  std::ostringstream out;
  out << "id=" << a.id << " model=" << a.model << "\ntext=" << a.text << "\nreasoning=" << a.reasoning << "\nrefusal=" << a.refusal;
  for (const auto& s : a.signatures) out << "\nsignature=" << s;
  for (const auto& c : a.calls) out << "\ncall=" << c.id << ' ' << c.name << ' ' << c.arguments << ' ' << c.signature;
  if (a.finish) out << "\nfinish=" << naru::to_string(*a.finish);
  if (a.usage) {
    const auto& u = *a.usage;
    out << "\nusage=" << u.input.value << '/' << u.cached.value << '/' << u.cache_write.value << '/' << u.cache_write_long.value << ' '
        << u.output.value << '/' << u.reasoning.value << ' ' << u.tier << (u.estimated ? " estimated" : "");
  }
  if (a.failure) out << "\nfailure=" << naru::to_string(a.failure->cls) << ' ' << a.failure->status << ' ' << a.failure->type;
  if (!a.broken.empty()) out << "\nbroken=" << a.broken;
  return out.str();
}

}  // namespace naru::test
