#include <catch2/catch.hpp>

#include "tests/policies/sensitivity/detectors/harness.hpp"

using namespace naru::test;

TEST_CASE("mail addresses", "[sensitivity][detectors]") {
  expect_found({
      {"email", "write to kim.minsu+naru@example.co.kr please"},
      {"email", "a@b.io"},
      {"email", "digit@example.com: hello"},
      {"email", "Ask bob@example.com."},
      {"email", "<bob@example.com>"},
      {"email", "mailto:bob@example.com"},
      {"email", "{\"email\":\"bob_1@mail.example.org\"}"},
      {"email", "메일은bob@example.com입니다"},
      {"email", "bob@xn--9d0bm53a.xn--3e0b707e"},
  });
  expect_not_found({
      {"email", "@decorator and foo@ and @bar"},
      {"email", "x@y"},
      {"email", "a@b.1"},
      {"email", "user@-host.com."},
      {"email", "git@github.com:a/b.git"},
      {"email", "/^git@github.com:/"},
      {"email", "icon@2x.png"},
      {"email", "react@18.2.0"},
      {"email", "postgres://app:pw@db.internal/x"},
      {"email", "a.@b.com"},
      {"email", "a@b..com"},
  });
}

TEST_CASE("telephone numbers", "[sensitivity][detectors]") {
  expect_found({
      {"phone", "010-1234-5678"},
      {"phone", "제 번호는 01023456789입니다"},
      {"phone", "02-123-4567"},
      {"phone", "031.123.4567"},
      {"phone", "070 1234 5678"},
      {"phone", "(02) 123-4567"},
      {"phone", "전화 (031)1234-5678"},
      {"phone", "+44 (0)20 7946 0958"},
      {"phone", "+82 10-1234-5678"},
      {"phone", "+82-(0)10-1234-5678"},
      {"phone", "(212) 555-0123"},
      {"phone", "212-555-0123"},
      {"phone", "1-800-555-0199"},
      {"phone", "call 2125550123"},
      {"phone", "tel:+442079460958"},
      {"phone", "+1 212 555 0123"},
      {"phone", "+49 30 901820"},
      {"phone", "{\"phone\":\"+33123456789\"}"},
  });
  expect_not_found({
      {"phone", "2125550123"},
      {"phone", "112-555-0123"},
      {"phone", "212-055-0123"},
      {"phone", "x010-1234-5678"},
      {"phone", "010-1234-56789"},
      {"phone", "2026-11-24"},
      {"phone", "3 + 12345678 = x"},
      {"phone", "a+12345678901"},
      {"phone", "555-0123"},
      {"phone", "978-3-16-148410-0"},
      {"phone", "550e8400-e29b-41d4-a716-446655440000"},
      {"phone", "+00000000000"},
  });
}

TEST_CASE("public network addresses", "[sensitivity][detectors]") {
  expect_found({
      {"ip", "8.8.8.8"},
      {"ip", "login from 1.2.3.4 port 22"},
      {"ip", "https://1.2.3.4/x"},
      {"ip", "http://1.1.1.1/dns"},
      {"ip", "ssh root@52.95.110.1."},
      {"ip", "server 211.249.220.24:443"},
      {"ip", "2001:4860:4860::8888"},
      {"ip", "[2a00:1450:4001:80b::200e]:443"},
      {"ip", "2606:4700:4700:0:0:0:0:1111"},
      {"ip", "서버는 8.8.4.4입니다"},
      {"ip", "2a01:4f8:c0c:1234::1"},
      {"ip", "\"ip\":\"142.250.206.14\""},
  });
  expect_not_found({
      {"ip", "10.0.0.1"},
      {"ip", "192.168.0.1 and 172.16.3.4 and 127.0.0.1"},
      {"ip", "203.0.113.5"},
      {"ip", "v1.2.3.4"},
      {"ip", "version 1.2.3.4"},
      {"ip", "Chrome/1.2.3.4"},
      {"ip", "lib==1.2.3.4"},
      {"ip", "1.2.3.4.5"},
      {"ip", "2.3.4.1 Arrays"},
      {"ip", "RFC 9110 §18.4.31.2"},
      {"ip", "256.1.1.1"},
      {"ip", "1.2.3"},
      {"ip", "2001:db8::1"},
      {"ip", "fe80::1"},
      {"ip", "12:34:56"},
      {"ip", "a1:b2:c3:d4:e5:f6"},
      {"ip", "08.8.8.8"},
  });
}

TEST_CASE("Korean addresses", "[sensitivity][detectors]") {
  expect_found({
      {"street_address_kr", "서울특별시 강남구 테헤란로 152"},
      {"street_address_kr", "강남구 테헤란로 152, 3층"},
      {"street_address_kr", "경기 성남시 분당구 판교역로166번길 7"},
      {"street_address_kr", "주소: 부산광역시 해운대구 센텀중앙로 48입니다"},
      {"street_address_kr", "서울 강남구 역삼동 737-32"},
      {"street_address_kr", "충남 아산시 탕정면 명암리 200"},
      {"street_address_kr", "제주특별자치도 제주시 첨단로 242"},
      {"street_address_kr", "세종 한누리대로 2130"},
  });
  expect_not_found({
      {"street_address_kr", "오른쪽으로 3개 옮기세요"},
      {"street_address_kr", "경기 방향으로 3"},
      {"street_address_kr", "연구 결과로 5"},
      {"street_address_kr", "테헤란로 152"},
      {"street_address_kr", "서울로 3명이 갔다"},
      {"street_address_kr", "강남구 주민들은 도로 3개를"},
      {"street_address_kr", "활동 1년"},
      {"street_address_kr", "서울시 강남구 대로 20년"},
  });
}
