#include <array>

#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/hashes.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Addresses of wallets, and the keys that open them. Base58Check (Bitcoin, Litecoin, Dogecoin, Tron), bech32 (BIP 173, BIP 350), EIP-55.
namespace naru::sensitivity::detectors {
namespace {

constexpr std::string_view base58_alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

bool is_base58(char c) noexcept { return is_alnum(c) && c != '0' && c != 'O' && c != 'I' && c != 'l'; }

/// Decodes into exactly `size` bytes; false when it does not fit or is no base58.
bool decode_base58(std::string_view code, std::array<std::uint8_t, 40>& out, std::size_t size) noexcept {
  out.fill(0);
  for (const char c : code) {
    const std::size_t value = base58_alphabet.find(c);
    if (value == std::string_view::npos) return false;
    auto carry = static_cast<unsigned>(value);
    for (std::size_t i = size; i-- > 0;) {
      carry += 58U * out[i];
      out[i] = static_cast<std::uint8_t>(carry & 0xffU);
      carry >>= 8U;
    }
    if (carry != 0) return false;
  }
  return true;
}

/// The last four of `size` bytes are the first four of a double SHA-256 over the others.
bool base58check(std::string_view code, std::size_t size, std::array<std::uint8_t, 40>& bytes) noexcept {
  if (!decode_base58(code, bytes, size)) return false;
  std::array<char, 40> raw{};
  for (std::size_t i = 0; i < size; ++i) raw[i] = static_cast<char>(bytes[i]);
  const digest256 once = sha256({raw.data(), size - 4});
  std::array<char, 32> again{};
  for (std::size_t i = 0; i < again.size(); ++i) again[i] = static_cast<char>(once[i]);
  const digest256 twice = sha256({again.data(), again.size()});
  for (std::size_t i = 0; i < 4; ++i) {
    if (bytes[size - 4 + i] != twice[i]) return false;
  }
  return true;
}

bool is_base58_address(std::string_view code) noexcept {
  if (code.size() < 26 || code.size() > 35 || std::string_view("13LMDA9T").find(code[0]) == std::string_view::npos) return false;
  std::array<std::uint8_t, 40> bytes{};
  if (!base58check(code, 25, bytes)) return false;
  // BTC p2pkh, p2sh; DOGE p2sh, p2pkh; LTC p2pkh, p2sh; TRX.
  for (const int version : {0x00, 0x05, 0x16, 0x1e, 0x30, 0x32, 0x41}) {
    if (bytes[0] == version) return true;
  }
  return false;
}

/// WIF: 0x80, 32 bytes of private key, 0x01 when compressed.
bool is_private_key_of_wallet(std::string_view code) noexcept {
  std::array<std::uint8_t, 40> bytes{};
  if (code.size() == 51 && code[0] == '5') return base58check(code, 37, bytes) && bytes[0] == 0x80;
  if (code.size() == 52 && (code[0] == 'K' || code[0] == 'L')) return base58check(code, 38, bytes) && bytes[0] == 0x80;
  return code.size() == 111 && begins(code, 0, "xprv");
}

bool is_bech32(std::string_view code) noexcept {
  constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  if (code.size() < 14 || code.size() > 90 || (!begins(code, 0, "bc1") && !begins(code, 0, "ltc1"))) return false;
  const std::size_t prefix = code[0] == 'b' ? 2 : 3;
  std::uint32_t check = 1;
  const auto add = [&](std::uint32_t value) noexcept {
    constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = check >> 25U;
    check = (check & 0x1ffffffU) << 5U ^ value;
    for (unsigned i = 0; i < 5; ++i) check ^= (top >> i & 1U) != 0 ? generator[i] : 0;
  };
  for (std::size_t i = 0; i < prefix; ++i) add(static_cast<std::uint32_t>(code[i]) >> 5U);
  add(0);
  for (std::size_t i = 0; i < prefix; ++i) add(static_cast<std::uint32_t>(code[i]) & 31U);
  for (const char c : code.substr(prefix + 1)) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return false;
    add(static_cast<std::uint32_t>(value));
  }
  return check == 1 || check == 0x2bc830a3;
}

/// Mixed case carries a checksum: a letter is a capital where the Keccak digest of the lower-case digits has 8 or more.
bool eip55(std::string_view digits) noexcept {
  std::array<char, 40> lower{};
  bool has_upper = false, has_lower = false;
  for (std::size_t i = 0; i < 40; ++i) {
    lower[i] = to_lower(digits[i]);
    has_upper = has_upper || is_upper(digits[i]);
    has_lower = has_lower || is_lower(digits[i]);
  }
  if (!has_upper || !has_lower) return false;
  const digest256 digest = keccak256({lower.data(), lower.size()});
  for (std::size_t i = 0; i < 40; ++i) {
    const unsigned nibble = i % 2 == 0 ? digest[i / 2] >> 4U : digest[i / 2] & 15U;
    if (is_alpha(digits[i]) && is_upper(digits[i]) != (nibble >= 8)) return false;
  }
  return true;
}

/// 0x and 40 hex digits: by their checksum, or beside a word.
bool is_ethereum(std::string_view text, std::size_t at, std::size_t n) noexcept {
  if (n != 42 || !begins(text, at, "0x") || length_of(text, at + 2, is_hex, 41) != 40) return false;
  const std::string_view digits = text.substr(at + 2, 40);
  if (!varied(digits, 4)) return false;
  return eip55(digits) || says_near(text, at, at + n, 64, 32,
                                    {"eth", "ethereum", "wallet", "address", "metamask", "erc20", "erc-20", "usdt", "usdc", "bnb",
                                     "polygon", "지갑", "이더리움", "이더", "코인"});
}

/// Chains without a checksum of their own.
bool is_named(std::string_view text, std::size_t at, std::size_t n) noexcept {
  const std::string_view code = text.substr(at, n);
  if (length_of(code, 0, is_base58) != n) return false;
  if (n == 95 && (code[0] == '4' || code[0] == '8')) return says_near(text, at, at + n, 64, 32, {"monero", "xmr", "모네로"});
  if (n < 32 || n > 44 || !varied(code, 12)) return false;
  std::array<std::uint8_t, 40> bytes{};
  return says_near(text, at, at + n, 64, 32, {"solana", "phantom", "솔라나"}) && decode_base58(code, bytes, 32);
}

}  // namespace

bool crypto_wallet(const candidate& c) noexcept {
  const std::size_t end = c.end < c.at + farthest ? c.end : c.at + farthest;
  for (std::size_t i = c.at; i < end;) {
    const std::size_t n = length_of(c.text, i, is_alnum, end - i);
    // Lower-case hex digits alone are a hash, unless 0x stands before them.
    const bool hash =
        n <= 64 && peek(c.text, i + 1) != 'x' && length_of(c.text, i, [](char x) { return is_hex(x) && !is_upper(x); }, n) == n;
    if (n >= 26 && n <= 111 && !hash) {
      const std::string_view code = c.text.substr(i, n);
      if (is_base58_address(code) || is_bech32(code) || is_ethereum(c.text, i, n) || is_private_key_of_wallet(code) ||
          is_named(c.text, i, n)) {
        return true;
      }
    }
    i += n + 1;
  }
  return false;
}

}  // namespace naru::sensitivity::detectors
