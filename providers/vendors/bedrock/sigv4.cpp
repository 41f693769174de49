#include "providers/vendors/bedrock/sigv4.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <new>
#include <optional>

namespace naru::vendors {
namespace {

using digest = std::array<unsigned char, 32>;

std::string_view bytes_of(const digest& d) noexcept { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

std::string hex(const digest& d) {
  std::string out;
  for (const unsigned char c : d) out += fmt::format("{:02x}", c);
  return out;
}

// OpenSSL's digests fail for want of memory alone.
digest sha256(std::span<const std::string_view> pieces) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  digest out{};
  bool ok = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (const auto piece : pieces) ok = ok && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  ok = ok && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  if (!ok) throw std::bad_alloc{};
  return out;
}
digest sha256(std::string_view text) { return sha256(std::span{&text, 1}); }

digest hmac(std::string_view key, std::string_view text) {
  digest out{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           out.data(), nullptr) == nullptr) {
    throw std::bad_alloc{};
  }
  return out;
}

bool unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, bool keep_slashes) {
  for (const char c : text) {
    if (unreserved(c) || (keep_slashes && c == '/')) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

/// The path of the request line, encoded once more: every service but S3 counts it so.
std::string canonical_path(std::string_view path) {
  std::string out;
  append_encoded(out, path.empty() ? std::string_view{"/"} : path, true);
  return out;
}

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

/// A name or value of the query in the one spelling that is signed, however the request line spells it.
std::string query_word(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (low) {
      plain += static_cast<char>(*high << 4 | *low);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  std::string out;
  append_encoded(out, plain, false);
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> all;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.empty()) continue;
    const std::size_t equals = one.find('=');
    all.emplace_back(query_word(one.substr(0, equals)),
                     equals == std::string_view::npos ? std::string{} : query_word(one.substr(equals + 1)));
  }
  std::ranges::sort(all);
  std::string out;
  for (const auto& [name, value] : all) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

/// Without blanks at the ends, and with one for each run of them inside.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

using header_map = std::map<std::string, std::string, std::less<>>;

header_map signed_headers(const aws_call& call, std::span<const std::pair<std::string, std::string>> added) {
  header_map all;
  const auto add = [&](std::string_view name, std::string_view value) {
    const auto [at, is_new] = all.try_emplace(std::string{name}, trimmed(value));
    if (!is_new) at->second.append(",").append(trimmed(value));
  };
  add("host", call.host);
  for (const auto& [name, value] : call.headers) add(name, value);
  for (const auto& [name, value] : added) add(name, value);
  return all;
}

std::string names_of(const header_map& headers) {
  std::string out;
  for (const auto& [name, value] : headers) out.append(out.empty() ? "" : ";").append(name);
  return out;
}

std::string canonical_text(const aws_call& call, const header_map& headers, std::string_view body_hash) {
  std::string lines;
  for (const auto& [name, value] : headers) lines.append(name).append(":").append(value).append("\n");
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", call.method, canonical_path(call.path), canonical_query(call.query), lines,
                     names_of(headers), body_hash);
}

/// "20261123T120000Z"
std::string stamp(std::int64_t now) {
  using namespace std::chrono;
  const sys_seconds at{seconds{now}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

digest signing_key(std::string_view secret, std::string_view day, const aws_call& call) {
  const digest by_day = hmac("AWS4" + std::string{secret}, day);
  const digest by_region = hmac(bytes_of(by_day), call.region);
  const digest by_service = hmac(bytes_of(by_region), call.service);
  return hmac(bytes_of(by_service), "aws4_request");
}

}  // namespace

std::string canonical_aws_request(const aws_call& call, std::span<const std::pair<std::string, std::string>> added,
                                  std::string_view body_hash) {
  return canonical_text(call, signed_headers(call, added), body_hash);
}

std::vector<std::pair<std::string, std::string>> sign_aws_call(const aws_call& call, const aws_credentials& credentials, std::int64_t now) {
  const std::string time = stamp(now);
  const std::string_view day = std::string_view{time}.substr(0, 8);
  const std::string body_hash = hex(sha256(call.body));
  std::vector<std::pair<std::string, std::string>> added{{"x-amz-date", time}};
  if (call.says_body_hash) added.emplace_back("x-amz-content-sha256", body_hash);
  if (!credentials.session_token.empty()) added.emplace_back("x-amz-security-token", credentials.session_token);

  const header_map headers = signed_headers(call, added);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, call.region, call.service);
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, hex(sha256(canonical_text(call, headers, body_hash))));
  const std::string signature = hex(hmac(bytes_of(signing_key(credentials.secret_key, day, call)), to_sign));
  added.emplace_back("authorization", fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                                                  credentials.access_key, scope, names_of(headers), signature));
  return added;
}

}  // namespace naru::vendors
