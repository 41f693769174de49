#include "config/secret.hpp"

#include <openssl/crypto.h>

namespace naru {

secret& secret::operator=(const secret& o) {
  if (this != &o) {
    std::string copy = o.text_;
    wipe(text_);
    text_ = std::move(copy);
    wipe(copy);
  }
  return *this;
}

secret& secret::operator=(secret&& o) noexcept {
  if (this != &o) {
    wipe(text_);
    text_ = std::move(o.text_);
    wipe(o.text_);  // a short string is copied by a move
  }
  return *this;
}

bool secret::equals(std::string_view other) const noexcept {
  // Walks `other` whole whatever the lengths are, so that only what the asker knows anyhow decides the time.
  unsigned char differs = text_.size() == other.size() ? 0 : 1;
  for (std::size_t i = 0; i < other.size(); ++i) {
    const unsigned char mine = text_.empty() ? 0 : static_cast<unsigned char>(text_[i % text_.size()]);
    differs = static_cast<unsigned char>(differs | (mine ^ static_cast<unsigned char>(other[i])));
  }
  return differs == 0;
}

void secret::wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // never grows, so never throws: what a moved or shortened string left behind goes too
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace naru
