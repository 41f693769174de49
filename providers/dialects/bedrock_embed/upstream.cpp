#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_embed/bedrock_embed.hpp"
#include "providers/dialects/bedrock_embed/forms.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_embed {
namespace {

/// Vectors are never streamed: whatever comes as a stream is not what was asked for.
class no_stream final : public stream_reader {
 public:
  void read(std::string_view, std::string_view, std::vector<event>& out) override {
    if (!failed_) out.emplace_back(unreadable("vectors came as a stream"));
    failed_ = true;
  }
  void end(std::vector<event>&) override {}
  [[nodiscard]] bool complete() const noexcept override { return false; }

 private:
  bool failed_ = false;
};

class embed_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "bedrock_embed"; }
  [[nodiscard]] framing frames() const noexcept override { return framing::aws_events; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return bedrock_embed::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return bedrock_embed::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return bedrock_embed::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return std::make_unique<no_stream>(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return bedrock::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const embed_form form;
  return form;
}

}  // namespace naru::dialects::bedrock_embed
