// A client's body (first byte 'r') read, and what was read written anew and read again; else a vendor's bytes: see vendor_bytes.hpp.
#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"

#include "tests/fuzz/vendor_bytes.hpp"

namespace {

void read_request(std::string_view body) {
  const auto& client = naru::dialects::openai_embeddings::client();
  const auto& vendor = naru::dialects::openai_embeddings::upstream();
  const auto doc = naru::json::document::parse(body);
  if (!doc) return;
  const auto r = client.read_request(*doc);
  if (!r) return naru::fuzz::want(!r.error().message.empty(), "a refusal without words");
  if (const auto spliced = vendor.splice_request(client.name(), body, *r, {"m", {}, {}})) {
    naru::fuzz::want(naru::json::document::parse(spliced->text()).has_value(), "a spliced body that is no JSON");
  }
  const auto w = vendor.write_request(*r, {"m", {}, {}});
  if (!w) return;
  const auto again = naru::json::document::parse(w->body);
  naru::fuzz::want(again.has_value(), "a written body that is no JSON");
  const auto second = client.read_request(*again);
  naru::fuzz::want(second && second->messages.size() == r->messages.size(), "a body that is not read as what was written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0 && data[0] == 'r') {
    read_request({reinterpret_cast<const char*>(data) + 1, size - 1});
  } else {
    naru::fuzz::read_as_vendor(naru::dialects::openai_embeddings::upstream(), data, size);
  }
  return 0;
}
