#pragma once
#include <array>
#include <cstdint>
#include <string_view>

/// The two hashes behind the checksums of wallet addresses. Written here because this floor links no cryptography, OpenSSL 3.0 has no
/// Keccak with the original padding, and nothing secret depends on them.
namespace naru::sensitivity::detectors {

using digest256 = std::array<std::uint8_t, 32>;

/// FIPS 180-4.
[[nodiscard]] digest256 sha256(std::string_view bytes) noexcept;
/// Keccak-256 with the padding of the original submission (0x01), as Ethereum uses it; at most 135 bytes are hashed (one block).
[[nodiscard]] digest256 keccak256(std::string_view bytes) noexcept;

}  // namespace naru::sensitivity::detectors
