#include "local_backend/utf8_buffer.hpp"

namespace naru::local_backend {

void utf8_buffer::replace(std::string& out) {
  out += "\xEF\xBF\xBD";
  count_ = 0;
  wanted_ = 0;
}

void utf8_buffer::begin(unsigned char byte, std::string& out) {
  if (byte < 0x80) {
    out.push_back(static_cast<char>(byte));
    return;
  }
  if (byte < 0xC2 || byte > 0xF4) {  // a stray continuation, an overlong form, or beyond U+10FFFF
    replace(out);
    return;
  }
  held_[0] = static_cast<char>(byte);
  count_ = 1;
  wanted_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  // The second byte keeps out overlong forms (E0, F0), surrogates (ED) and what lies beyond U+10FFFF (F4).
  low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
  high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
}

void utf8_buffer::feed(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (wanted_ == 0) {
      begin(byte, out);
    } else if (byte < low_ || byte > high_) {
      replace(out);
      begin(byte, out);
    } else {
      held_[count_++] = c;
      low_ = 0x80;
      high_ = 0xBF;
      if (--wanted_ == 0) {
        out.append(held_, count_);
        count_ = 0;
      }
    }
  }
}

}  // namespace naru::local_backend
