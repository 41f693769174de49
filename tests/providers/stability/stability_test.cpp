#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/stability/form_data.hpp"
#include "providers/dialects/stability/stability.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;
using namespace std::chrono_literals;

namespace {

const dialects::upstream_dialect& form() { return dialects::stability::upstream(); }
const dialects::target core{"stable-image-core", {}, std::nullopt};
const dialects::target sd3{"sd3.5-large", {}, std::nullopt};
std::string file(const std::string& name) { return read_file(contract_folder("stability") / name); }

chat_request lantern() {
  auto r = chat({user("a paper lantern")});
  r.kind = request_kind::image;
  return r;
}
std::string refused_after(const std::function<void(chat_request&)>& change, const dialects::target& t = core) {
  auto r = lantern();
  change(r);
  return refused_field(form(), r, t);
}

/// The fields of a body, read by hand: "name=value;".
std::string fields_of(const dialects::wire_request& w) {
  const std::string mark = "boundary=";
  const auto at = w.content_type.find(mark);
  REQUIRE(w.content_type.starts_with("multipart/form-data; "));
  const std::string boundary = "--" + w.content_type.substr(at + mark.size());
  std::string out;
  std::string_view rest = w.body;
  REQUIRE(rest.ends_with(boundary + "--\r\n"));
  while (rest.starts_with(boundary + "\r\n")) {
    rest.remove_prefix(boundary.size() + 2);
    const std::string_view head = "content-disposition: form-data; name=\"";
    REQUIRE(rest.starts_with(head));
    const auto name_end = rest.find('"', head.size());
    const auto value = rest.find("\r\n\r\n") + 4;
    const auto end = rest.find("\r\n" + boundary, value);
    out.append(rest.substr(head.size(), name_end - head.size())).append("=").append(rest.substr(value, end - value)).append(";");
    rest.remove_prefix(end + 2);
  }
  REQUIRE(rest == boundary + "--\r\n");
  return out;
}
std::string written(const chat_request& r, const dialects::target& t = core) {
  REQUIRE_FALSE(form().cannot_carry(r, t));
  const auto w = form().write_request(r, t);
  REQUIRE(w);
  return fields_of(*w);
}

}  // namespace

TEST_CASE("a picture is asked for by parts, at its model's endpoint", "[stability]") {
  auto r = lantern();
  CHECK(written(r) == "prompt=a paper lantern;");
  CHECK(form().write_request(r, core)->path == "/v2beta/stable-image/generate/core");
  CHECK(form().write_request(r, {"ultra", {}, {}})->path == "/v2beta/stable-image/generate/ultra");
  CHECK(form().write_request(r, sd3)->path == "/v2beta/stable-image/generate/sd3");
  CHECK(written(r, sd3) == "prompt=a paper lantern;model=sd3.5-large;");
  r.image.size = "1536x1024";
  r.image.output_format = "webp";
  r.image.negative_prompt = "rain";
  r.image.style = "anime";
  r.image.quality = "auto";
  r.image.answer_as = "b64_json";
  r.n = 1;
  r.seed = 7;
  r.user = "u-1";
  CHECK(written(r) == "prompt=a paper lantern;negative_prompt=rain;aspect_ratio=3:2;seed=7;output_format=webp;style_preset=anime;");
  CHECK(form().write_request(r, core)->headers ==
        std::vector<dialects::header>{{"accept", "application/json"}, {"stability-client-user-id", "u-1"}});
  r.user = "evil\r\nx: y";
  CHECK(form().write_request(r, core)->headers.size() == 1);
  r.messages.clear();
  CHECK(form().write_request(r, core).error().field == "messages[0]");
}

TEST_CASE("no prompt can break out of its part", "[stability]") {
  auto r = lantern();
  const std::string evil = "x\r\n--naru-part-0---\r\nnaru-part-1-\r\n--naru-part-2-";
  r.messages = {user(evil)};
  const auto w = form().write_request(r, core);
  REQUIRE(w);
  CHECK(w->content_type == "multipart/form-data; boundary=naru-part-3-");
  CHECK(fields_of(*w) == "prompt=" + evil + ";");
}

TEST_CASE("what Stability cannot carry is named", "[stability][carry]") {
  json_store store;
  CHECK(refused_after([](auto& r) { r.kind = request_kind::chat; }) == "model");
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.image.size = "1792x1024"; }) == "size");
  CHECK(refused_after([](auto& r) { r.image.size = "16:9"; }).empty());
  CHECK(refused_after([](auto& r) { r.image.size = "auto"; }).empty());
  CHECK(refused_after([](auto& r) { r.image.quality = "hd"; }) == "quality");
  CHECK(refused_after([](auto& r) { r.image.background = "transparent"; }) == "background");
  CHECK(refused_after([](auto& r) { r.image.output_compression = 5; }) == "output_compression");
  CHECK(refused_after([](auto& r) { r.image.answer_as = "url"; }) == "response_format");
  CHECK(refused_after([](auto& r) { r.image.style = "vivid"; }) == "style");
  CHECK(refused_after([](auto& r) { r.image.output_format = "webp"; }, sd3) == "output_format");
  CHECK(refused_after([](auto& r) { r.image.output_format = "gif"; }) == "output_format");
  CHECK(refused_after([](auto& r) { r.image.edit = true; }) == "image");
  CHECK(refused_after([](auto& r) { r.stream = true; }) == "stream");
  CHECK(refused_after([](auto& r) { r.seed = 0; }) == "seed");
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"moderation", store("\"low\"")}); }) == "moderation");
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"style_preset", store("\"anime\"")}); }).empty());
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"style_preset", store("\"x\"")}); }) == "style_preset");
}

TEST_CASE("a picture, a withheld one, and none", "[stability][answer]") {
  const auto made = form().read_answer(file("answer.json"));
  REQUIRE(made);
  REQUIRE(made->size() == 3);
  CHECK(std::get<image_made>(made->at(1)).data == "iVBORw0KGgo=");
  CHECK(std::get<image_made>(made->at(1)).media_type == "image/png");
  const auto filtered = form().read_answer(file("filtered.json"));
  REQUIRE(filtered);
  CHECK(std::get<answer_failed>(filtered->at(0)).failure.cls == failure_class::content_policy);
  for (const std::string_view body : {"", "[]", "{}", R"({"image":7})"}) CHECK_FALSE(form().read_answer(body));
}

TEST_CASE("each of Stability's failures has its class", "[stability][failure]") {
  const auto flagged = form().read_failure(403, {}, file("error_403.json"));
  CHECK(flagged.cls == failure_class::content_policy);
  CHECK(flagged.message.starts_with("Your request was flagged"));
  CHECK(form().read_failure(400, {}, R"({"name":"bad_request","errors":["x"]})").cls == failure_class::request);
  CHECK(form().read_failure(401, {}, R"({"name":"unauthorized","message":"x"})").message == "x");
  CHECK(form().read_failure(402, {}, "").cls == failure_class::account);
  CHECK(form().read_failure(413, {}, "").cls == failure_class::request);
  CHECK(form().read_failure(500, {}, "<").cls == failure_class::transient);
  CHECK(form().read_failure(429, {}, "").retry_after == 60s);
  CHECK(form().read_failure(429, {{"retry-after", "5"}}, "").retry_after == 5s);
}
