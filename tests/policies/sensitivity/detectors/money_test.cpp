#include <catch2/catch.hpp>

#include "policies/sensitivity/detectors/hashes.hpp"
#include "tests/policies/sensitivity/detectors/harness.hpp"

using namespace naru::test;

TEST_CASE("cards are found as people write them", "[sensitivity][detectors]") {
  expect_found({
      {"card", "4111111111111111"},
      {"card", "my card: 4111 1111 1111 1111."},
      {"card", "5500-0000-0000-0004"},
      {"card", "378282246310005"},
      {"card", "3782 822463 10005"},
      {"card", "(6011111111111117)"},
      {"card", "4111 1111 1111 1111 12/27 123"},
      {"card", "card:4111111111111111,exp:1227"},
      {"card", "{\"pan\":\"5555555555554444\"}"},
      {"card", "https://x.example/?card=3530111333300000&y=1"},
      {"card", "카드번호는4242424242424242입니다"},
      {"card", "4111.1111.1111.1111"},
      {"card", "order paid with 4111111111111111"},
      {"card", "visa-4111111111111111"},
      {"card", "7 4111 1111 1111 1111"},
  });
  expect_not_found({
      {"card", "4111111111111112"},
      {"card", "0000 0000 0000 0000"},
      {"card", "v4.1111.1111.1111.1111"},
      {"card", "id_4111111111111111"},
      {"card", "1234567890123456"},
      {"card", "550e8400-e29b-41d4-a716-446655440000"},
      {"card", "978-3-16-148410-0"},
      {"card", "ORD-4111111111111111"},
      {"card", "a4111111111111111"},
      {"card", "4111111111111111f"},
      {"card", "0.4111111111111111"},
      {"card", "41 11 11 11 11 11 11 11"},
  });
}

TEST_CASE("accounts and the codes of banks", "[sensitivity][detectors]") {
  expect_found({
      {"iban", "GB82 WEST 1234 5698 7654 32"},
      {"iban", "DE89370400440532013000"},
      {"iban", "IBAN: DE89 3704 0044 0532 0130 00."},
      {"iban", "FR1420041010050500013M02606"},
      {"iban", "{\"iban\":\"NO9386011117947\"}"},
      {"iban", "de89370400440532013000"},
      {"iban", "계좌 CH9300762011623852957로"},
      {"iban", "iban=BE68539007547034&x=1"},

      {"kr_bank_account", "국민은행 123456-01-234567"},
      {"kr_bank_account", "신한 110-123-456789 김나루"},
      {"kr_bank_account", "계좌번호는 3333-01-1234567입니다"},
      {"kr_bank_account", "농협 3021234567891"},
      {"kr_bank_account", "국민 123456-01-234567"},
      {"kr_bank_account", "110-123-456789 (신한은행)"},
      {"kr_bank_account", "bank account 1002-123-456789"},
      {"kr_bank_account", "{\"계좌\":\"1002123456789\"}"},

      {"swift", "SWIFT: DEUTDEFF"},
      {"swift", "BIC code DEUTDEFF500"},
      {"swift", "swift_code=\"CZNBKRSE\""},
      {"swift", "SWIFT 코드는 SHBKKRSEXXX 입니다"},
      {"swift", "SHBKKRSE (BIC)"},
      {"swift", "SWIFT DEUTDEFF"},
      {"swift", "BIC/SWIFT: BARCGB22"},
  });
  expect_not_found({
      {"iban", "GB82 WEST 1234 5698 7654 33"},
      {"iban", "DE8937040044053201300"},
      {"iban", "XDE89370400440532013000"},
      {"iban", "ZZ89370400440532013000"},
      {"iban", "De89370400440532013000"},
      {"iban", "DE893704004405320130001"},

      {"kr_bank_account", "110-123-456789"},
      {"kr_bank_account", "신한카드 010-1234-5678"},
      {"kr_bank_account", "은행 대출 3000000000원"},
      {"kr_bank_account", "입금일 2024-01-15 10:30"},
      {"kr_bank_account", "우리 1234567890123"},
      {"kr_bank_account", "은행 12345"},
      {"kr_bank_account", "우리 전화 110-123-456789"},
      {"kr_bank_account", "우리 02-1234-5678"},
      {"kr_bank_account", "은행 123456789012345678"},

      {"swift", "DEUTDEFF"},
      {"swift", "Swift 6 and UIViewController"},
      {"swift", "SWIFT MESSAGES"},
      {"swift", "arabic: DEUTDEFF"},
      {"swift", "swift: deutdeff"},
      {"swift", "SWIFT: ABCDZZFF"},
      {"swift", "be swift (or not)"},
  });
}

TEST_CASE("wallets are told by their checksums", "[sensitivity][detectors]") {
  expect_found({
      {"crypto_wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
      {"crypto_wallet", "bitcoin:3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy?amount=1"},
      {"crypto_wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
      {"crypto_wallet", "to=bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
      {"crypto_wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
      {"crypto_wallet", "지갑 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
      {"crypto_wallet", "https://x.example/address/1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
      {"crypto_wallet", "solana 4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"},
      {"crypto_wallet", std::string("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4d") + "Z1jvhTVqvbTLvyTJ"},
  });
  expect_not_found({
      {"crypto_wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"},
      {"crypto_wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp"},
      {"crypto_wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"},
      {"crypto_wallet", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
      {"crypto_wallet", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      {"crypto_wallet", "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"},
      {"crypto_wallet", "x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
  });
}

TEST_CASE("the hashes behind the checksums are the published ones", "[sensitivity][detectors]") {
  namespace d = naru::sensitivity::detectors;
  const auto hex = [](const d::digest256& digest) {
    std::string s;
    for (const auto byte : digest) {
      s += "0123456789abcdef"[byte >> 4U];
      s += "0123456789abcdef"[byte & 15U];
    }
    return s;
  };
  CHECK(hex(d::sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(d::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(d::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex(d::keccak256("")) == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  CHECK(hex(d::keccak256("abc")) == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}
