#pragma once
#include <string>
#include <string_view>
#include <vector>

/// A small SSE framer for tests, independent of the gateway's: fed with bytes in any cuts, gives whole frames.
/// Lines end in LF or CRLF; comments and fields other than event and data are skipped. With `lines` (NDJSON) each line is a frame.
namespace naru::test {

struct sse_frame {
  std::string event;
  std::string data;
};

class sse_frames {
 public:
  explicit sse_frames(bool lines = false) : lines_(lines) {}
  /// @return the frames that these bytes complete
  std::vector<sse_frame> feed(std::string_view bytes) {
    std::vector<sse_frame> done;
    for (const char c : bytes) {
      if (c != '\n') {
        line_ += c;
        continue;
      }
      if (line_.ends_with('\r')) line_.pop_back();
      if (lines_) {
        done.push_back({{}, line_});
      } else if (line_.empty()) {
        if (has_data_) done.push_back(now_);
        now_ = {};
        has_data_ = false;
      } else {
        take(line_);
      }
      line_.clear();
    }
    return done;
  }

 private:
  void take(std::string_view line) {
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "event") now_.event = value;
    if (name != "data") return;
    if (has_data_) now_.data += '\n';
    now_.data += value;
    has_data_ = true;
  }

  bool lines_;
  std::string line_;
  sse_frame now_;
  bool has_data_ = false;
};

}  // namespace naru::test
