#include <catch2/catch.hpp>

#include "tests/policies/sensitivity/detectors/harness.hpp"

// Numbers that registers publish as samples, or that were made up here; none is a person's.
using namespace naru::test;

TEST_CASE("Korean numbers of persons and companies", "[sensitivity][detectors]") {
  expect_found({
      {"kr_rrn", "900101-1234567"},
      {"kr_rrn", "주민번호 9001011234567 입니다"},
      {"kr_rrn", "150101-3456789"},
      {"kr_rrn", "{\"rrn\":\"8501302000000\"}"},
      {"kr_rrn", "900101 - 1234567"},
      {"kr_rrn", "외국인 880229-5123456"},
      {"kr_rrn", "주민등록번호(180615-3000001)는"},
      {"kr_rrn", "rrn=180615-4000001&x=1"},
      {"kr_rrn", "000229-3000001 2024"},

      {"kr_business_number", "220-81-62517"},
      {"kr_business_number", "사업자등록번호: 124-81-00998"},
      {"kr_business_number", "사업자번호 2208162517"},
      {"kr_business_number", "{\"business_number\":\"1248100998\"}"},
      {"kr_business_number", "(220-81-62517)"},
      {"kr_business_number", "220-81-62517 2026"},

      {"kr_driver_licence", "11-22-333333-44"},
      {"kr_driver_licence", "면허번호 21-05-123456-78"},
      {"kr_driver_licence", "운전면허 112233333344"},
      {"kr_driver_licence", "서울 99-123456-12"},
      {"kr_driver_licence", "driver licence: 28 15 123456 90"},
      {"kr_driver_licence", "\"licence\":\"13-19-654321-01\""},
  });
  expect_not_found({
      {"kr_rrn", "991301-1234567"},
      {"kr_rrn", "900132-1234567"},
      {"kr_rrn", "900230-1234567"},
      {"kr_rrn", "900101-9234567"},
      {"kr_rrn", "1711112345678"},
      {"kr_rrn", "a900101-1234567"},
      {"kr_rrn", "900101-12345678"},
      {"kr_rrn", "주문번호 9001011234567"},
      {"kr_rrn", "2026-11-24 10:44:00"},

      {"kr_business_number", "220-81-62518"},
      {"kr_business_number", "2208162517"},
      {"kr_business_number", "x220-81-62517"},
      {"kr_business_number", "220-81-625170"},
      {"kr_business_number", "000-00-00000"},
      {"kr_business_number", "123-45-6789"},

      {"kr_driver_licence", "29-22-333333-44"},
      {"kr_driver_licence", "112233333344"},
      {"kr_driver_licence", "11-22-33333-44"},
      {"kr_driver_licence", "A11-22-333333-44"},
      {"kr_driver_licence", "99-123456-12"},
      {"kr_driver_licence", "11 22 333333 44"},
  });
}

TEST_CASE("passports, beside the word", "[sensitivity][detectors]") {
  expect_found({
      {"passport", "여권번호 M12345678"},
      {"passport", "여권: M123A4567"},
      {"passport", "My passport is A12345678."},
      {"passport", "US passport no. 512345678"},
      {"passport", "passport_number: \"S87654321\""},
      {"passport", "C01X00T47 is my Reisepass number"},
      {"passport", "パスポート TR1234567"},
      {"passport", "P<KORHONG<<GILDONG<<<<<<<<<<<<<<<<<<<<<<<<<<\n"},
  });
  expect_not_found({
      {"passport", "M12345678"},
      {"passport", "my passport expires in 2026"},
      {"passport", "passport.js version 0.7.0"},
      {"passport", "여권 발급은 20일 걸립니다"},
      {"passport", "passport photo 35x45mm, call 1234567"},
      {"passport", "const passport = require('passport');"},
      {"passport", "passport id XX000000000000"},
  });
}

TEST_CASE("numbers of persons in the US, the UK, Japan and India", "[sensitivity][detectors]") {
  expect_found({
      {"us_ssn", "123-45-6789"},
      {"us_ssn", "my SSN is 536-22-1234."},
      {"us_ssn", "ssn: 536221234"},
      {"us_ssn", "Social Security 536 22 1234"},
      {"us_ssn", "{\"userSsn\":\"536221234\"}"},
      {"us_ssn", "536-22-1234 2026"},

      {"us_itin", "912-70-1234"},
      {"us_itin", "ITIN 900-50-0001"},
      {"us_itin", "itin=999881234"},
      {"us_itin", "taxpayer 912 90 1234"},
      {"us_itin", "(912-99-1234)"},
      {"us_itin", "912-65-1234, thanks"},

      {"uk_nino", "AB123456C"},
      {"uk_nino", "NI number: JG 10 37 59 A"},
      {"uk_nino", "\"nino\":\"AA000000B\""},
      {"uk_nino", "AB 123456 D"},
      {"uk_nino", "AB-12-34-56-C"},
      {"uk_nino", "번호는 SC123456A입니다"},

      {"jp_my_number", "マイナンバー 123456789018"},
      {"jp_my_number", "個人番号は1234-5678-9018です"},
      {"jp_my_number", "1234 5678 9018"},
      {"jp_my_number", "my number: 123456789018"},
      {"jp_my_number", "{\"my_number\":\"123456789018\"}"},
      {"jp_my_number", "Individual Number 1234 5678 9018."},

      {"in_aadhaar", "2341 2341 2346"},
      {"in_aadhaar", "Aadhaar: 234123412346"},
      {"in_aadhaar", "UIDAI 999941057058"},
      {"in_aadhaar", "aadhaar no. 2341-2341-2346"},
      {"in_aadhaar", "आधार 234123412346"},
      {"in_aadhaar", "{\"aadhaar\":\"999941057058\"}"},
  });
  expect_not_found({
      {"us_ssn", "000-12-3456"},
      {"us_ssn", "666-12-3456"},
      {"us_ssn", "912-12-3456"},
      {"us_ssn", "123-00-4567"},
      {"us_ssn", "123-45-0000"},
      {"us_ssn", "536221234"},
      {"us_ssn", "x-123-45-6789-y"},
      {"us_ssn", "lessness 536221234"},

      {"us_itin", "912-49-1234"},
      {"us_itin", "912-89-1234"},
      {"us_itin", "912-93-1234"},
      {"us_itin", "912-66-1234"},
      {"us_itin", "812-70-1234"},
      {"us_itin", "912701234"},

      {"uk_nino", "AB123456E"},
      {"uk_nino", "GB123456A"},
      {"uk_nino", "DA123456A"},
      {"uk_nino", "AO123456A"},
      {"uk_nino", "XAB123456C"},
      {"uk_nino", "AB1234567C"},
      {"uk_nino", "ab123456c"},

      {"jp_my_number", "マイナンバー 123456789012"},
      {"jp_my_number", "123456789018"},
      {"jp_my_number", "1234 5678 9018 1234"},
      {"jp_my_number", "0000 0000 0000"},
      {"jp_my_number", "x1234 5678 9018"},
      {"jp_my_number", "order 1234-5678-9018"},

      {"in_aadhaar", "2341 2341 2347"},
      {"in_aadhaar", "234123412346"},
      {"in_aadhaar", "1341 2341 2346"},
      {"in_aadhaar", "aadhaar 12345"},
      {"in_aadhaar", "2341 2341 2346 7890"},
      {"in_aadhaar", "2222 2222 2222"},
  });
}

TEST_CASE("national numbers of the European Union", "[sensitivity][detectors]") {
  expect_found({
      {"eu_national_id", "RSSMRA85T10A562S"},
      {"eu_national_id", "DNI 12345678Z"},
      {"eu_national_id", "\"nif\":\"12345678-Z\""},
      {"eu_national_id", "NIE X1234567L"},
      {"eu_national_id", "2 55 08 14 168 025 38"},
      {"eu_national_id", "NIR 255081416802538."},
      {"eu_national_id", "hetu 131052-308T"},
      {"eu_national_id", "85.07.30-033.28"},
      {"eu_national_id", "rijksregisternummer 85073003328"},
      {"eu_national_id", "BSN 111222333"},
      {"eu_national_id", "PESEL: 44051401359"},
      {"eu_national_id", "Steuer-ID 86 095 742 719"},
      {"eu_national_id", "IdNr. 47036892816"},
      {"eu_national_id", "personnummer 811228-9874"},
      {"eu_national_id", "NIF 123456789 contribuinte"},
      {"eu_national_id", "SVNR 1237 010180"},
      {"eu_national_id", "OIB: 33392005961"},
      {"eu_national_id", "CNP 1800101221144"},
      {"eu_national_id", "isikukood 37605030299"},
      {"eu_national_id", "asmens kodas 33309240064"},
      {"eu_national_id", "personas kods 161175-19997"},
      {"eu_national_id", "ЕГН 7523169263"},
      {"eu_national_id", "rodné číslo 710319/2745"},
      {"eu_national_id", "ΑΜΚΑ 01013099997"},
      {"eu_national_id", "EMŠO: emšo 0101006500006"},
      {"eu_national_id", "matricule 1893120105732"},
      {"eu_national_id", "CPR 211062-5629"},
      {"eu_national_id", "PPS number 6433435F"},
  });
  expect_not_found({
      {"eu_national_id", "RSSMRA85T10A562T"},
      {"eu_national_id", "12345678A"},
      {"eu_national_id", "X1234567A"},
      {"eu_national_id", "255081416802539"},
      {"eu_national_id", "131052-308U"},
      {"eu_national_id", "85.07.30-033.29"},
      {"eu_national_id", "111222333"},
      {"eu_national_id", "BSN 111222334"},
      {"eu_national_id", "44051401359"},
      {"eu_national_id", "811228-9874"},
      {"eu_national_id", "Steuer 86095742710"},
      {"eu_national_id", "significant 123456789"},
      {"eu_national_id", "20261124T104455Z"},
  });
}
