#pragma once
#include <catch2/catch.hpp>

#include <string>
#include <string_view>

#include "providers/dialects/dialect.hpp"
#include "tests/support/canonical_json.hpp"

/// What the tests of every form that writes requests ask of it.
namespace naru::test {

/// The field that the form refuses, which its message must begin with; empty when it carries the request.
inline std::string refused_field(const dialects::upstream_dialect& form, const chat_request& r, const dialects::target& t) {
  const auto e = form.cannot_carry(r, t);
  if (!e) return {};
  CHECK(e->code == error_code::unsupported_field);
  CHECK(e->message.starts_with(e->field));
  return e->field;
}

/// The body, canonical; fails the test when the form cannot carry or write it.
inline std::string written_body(const dialects::upstream_dialect& form, const chat_request& r, const dialects::target& t) {
  if (const auto e = form.cannot_carry(r, t)) FAIL(e->message);
  const auto w = form.write_request(r, t);
  if (!w) FAIL(w.error().message);
  return canonical(w->body);
}

/// One top-level field of the body, canonical; empty when it is absent.
inline std::string written_field(const dialects::upstream_dialect& form, const chat_request& r, const dialects::target& t,
                                 std::string_view key) {
  const std::string all = written_body(form, r, t);
  const auto doc = json::document::parse(all);
  const auto v = json::find(doc->root().get_object().value_unsafe(), key);
  return v ? canonical(*v) : std::string{};
}

}  // namespace naru::test
