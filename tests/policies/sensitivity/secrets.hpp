#pragma once
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

/// Made-up secrets of every kind that a detector looks for: valid in form, made at run time, never anybody's.
namespace naru::test {

struct made_secret {
  std::string text;    ///< a short natural sentence with whatever context the secret needs
  std::string secret;  ///< the bare secret, as it stands in `text`
};

/// @param detector  a name of sensitivity::all_detectors(); any other is std::invalid_argument
[[nodiscard]] made_secret make_secret(std::string_view detector, std::mt19937_64& random);

/// `n` random characters of `alphabet`.
[[nodiscard]] std::string random_of(std::string_view alphabet, std::size_t n, std::mt19937_64& random);

inline constexpr std::string_view decimal = "0123456789";
inline constexpr std::string_view lower_hex = "0123456789abcdef";
inline constexpr std::string_view upper_alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::string_view alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view standard64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view url64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 of the URL-safe alphabet without padding.
[[nodiscard]] std::string to_url64(std::string_view bytes);

/// One row of the generators; the two files of them are joined in secrets.cpp.
struct secret_kind {
  std::string_view detector;
  made_secret (*make)(std::mt19937_64& random);
};
/// The generators of ids, finance and contact (secrets_numbers.cpp).
[[nodiscard]] const secret_kind* find_number_kind(std::string_view detector);

}  // namespace naru::test
