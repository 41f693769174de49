#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_anthropic/bedrock_anthropic.hpp"
#include "providers/dialects/bedrock_anthropic/envelope.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_anthropic {
namespace {

class invoke_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "bedrock_anthropic"; }
  [[nodiscard]] framing frames() const noexcept override { return framing::aws_events; }

  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    if (bedrock::family_of(t.model) != bedrock::family::claude) return cannot("model", "Claude alone speaks Anthropic's form on Bedrock");
    if (r.kind != request_kind::chat) return cannot("model", "this form is for chats");
    return inner().cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    auto written = inner().write_request(r, t);
    if (!written) return written;
    return into_envelope(std::move(*written), r, t);
  }
  /// A client of Anthropic's form: its body as it came, in the envelope. The answer's frames are others, so that it is translated.
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    auto spliced = inner().splice_request(client_dialect, body, r, t);
    if (!spliced) return std::nullopt;
    return into_envelope(std::move(*spliced), r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return inner().read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_chunk_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return bedrock::read_failure(status, headers, body);
  }

 private:
  [[nodiscard]] static const upstream_dialect& inner() { return anthropic_messages::upstream(); }
};

}  // namespace

const upstream_dialect& upstream() {
  static const invoke_form form;
  return form;
}

}  // namespace naru::dialects::bedrock_anthropic
