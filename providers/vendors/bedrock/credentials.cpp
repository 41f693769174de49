#include "providers/vendors/bedrock/credentials.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "core/json/document.hpp"

namespace naru::vendors {
namespace {

std::string_view trim(std::string_view s) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = s.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view{} : s.substr(first, s.find_last_not_of(blank) - first + 1);
}

std::unexpected<error> no_answer(std::string_view wanted) {
  return fail(error_code::upstream_failed, fmt::format("AWS's answer with credentials cannot be read: want {}", wanted));
}

/// @pre at + size <= text.size()
std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) noexcept {
  int n = 0;
  const char* const end = text.data() + at + size;
  const auto [stop, ec] = std::from_chars(text.data() + at, end, n);
  return ec == std::errc{} && stop == end && n >= 0 ? std::optional{n} : std::nullopt;
}

/// "2026-11-23T12:00:00Z", with or without a fraction of the second.
std::optional<std::int64_t> read_time(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto y = number(text, 0, 4), mo = number(text, 5, 2), d = number(text, 8, 2);
  const auto h = number(text, 11, 2), mi = number(text, 14, 2), s = number(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_seconds{sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s}}.time_since_epoch().count();
}

result<aws_credentials> checked(std::string_view key, std::string_view secret, std::string_view token, std::string_view expires) {
  if (trim(key).empty()) return no_answer("AccessKeyId");
  if (trim(secret).empty()) return no_answer("SecretAccessKey");
  if (trim(token).empty()) return no_answer("a session token");
  const auto at = read_time(trim(expires));
  if (!at) return no_answer("Expiration as 2026-11-23T12:00:00Z");
  return aws_credentials{std::string{trim(key)}, std::string{trim(secret)}, std::string{trim(token)}, at};
}

/// STS writes JSON's time as a number of seconds, the endpoints as text.
result<aws_credentials> read_json(json::object o, std::string_view token_name) {
  const auto text = [&](std::string_view name) { return json::get_string(o, name).value_or(""); };
  double seconds = 0;
  const auto expires = json::find(o, "Expiration");
  if (!expires || !expires->is_number() || expires->get(seconds) != simdjson::SUCCESS) {
    return checked(text("AccessKeyId"), text("SecretAccessKey"), text(token_name), text("Expiration"));
  }
  if (!(seconds >= 0 && seconds < 1e11)) return no_answer("Expiration in seconds since 1970");
  auto c = checked(text("AccessKeyId"), text("SecretAccessKey"), text(token_name), "1970-01-01T00:00:00Z");
  if (c) c->expires = static_cast<std::int64_t>(seconds);
  return c;
}

std::optional<json::object> nested(std::optional<json::object> o, std::string_view name) noexcept {
  return o ? json::get_object(*o, name) : std::nullopt;
}

result<aws_credentials> read_role_json(std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc || !doc->root().is_object()) return no_answer("a JSON object");
  const json::object root = doc->root().get_object().value_unsafe();
  auto found = nested(nested(nested(root, "AssumeRoleWithWebIdentityResponse"), "AssumeRoleWithWebIdentityResult"), "Credentials");
  if (!found) found = json::get_object(root, "Credentials");
  return found ? read_json(*found, "SessionToken") : no_answer("Credentials");
}

/// Text of the first element of that name. Keys, tokens and times hold no character that XML spells as an entity: one that does is refused.
std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  const auto from = xml.find(open);
  if (from == std::string_view::npos) return std::nullopt;
  const std::string_view rest = xml.substr(from + open.size());
  const auto to = rest.find(close);
  if (to == std::string_view::npos) return std::nullopt;
  const std::string_view text = rest.substr(0, to);
  return text.contains('&') ? std::nullopt : std::optional{text};
}

void append_form_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

/// "[prod]" or "[profile prod]"
bool heads(std::string_view line, std::string_view profile) noexcept {
  if (!line.ends_with(']')) return false;
  std::string_view name = trim(line.substr(1, line.size() - 2));
  if (name == profile) return true;
  constexpr std::string_view word = "profile";
  return name.starts_with(word) && name.size() > word.size() && (name[word.size()] == ' ' || name[word.size()] == '\t') &&
         trim(name.substr(word.size())) == profile;
}

}  // namespace

result<std::optional<aws_credentials>> read_aws_environment(const std::function<std::optional<std::string>(std::string_view)>& value_of) {
  const auto get = [&](std::string_view name) { return std::string{trim(value_of(name).value_or(""))}; };
  aws_credentials c{get(aws_key_variables[0]), get(aws_key_variables[1]), get(aws_key_variables[2]), std::nullopt};
  if (c.access_key.empty() && c.secret_key.empty()) return std::optional<aws_credentials>{};
  for (const auto& [value, name, other] : {std::tuple{&c.access_key, aws_key_variables[0], aws_key_variables[1]},
                                           std::tuple{&c.secret_key, aws_key_variables[1], aws_key_variables[0]}}) {
    if (value->empty()) return fail(error_code::bad_request, fmt::format("want {} beside {}", name, other), std::string{name});
  }
  return std::optional{std::move(c)};
}

result<aws_credentials> read_aws_profile(std::string_view ini, std::string_view profile) {
  aws_credentials c;
  bool found = false, inside = false;
  while (!ini.empty()) {
    const std::string_view whole = ini.substr(0, ini.find('\n'));
    ini.remove_prefix(std::min(whole.size() + 1, ini.size()));
    const std::string_view line = trim(whole);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      inside = heads(line, profile);
      found = found || inside;
      continue;
    }
    const auto equals = line.find('=');
    if (!inside || equals == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, equals));
    const std::string value{trim(line.substr(equals + 1))};
    if (key == "aws_access_key_id") c.access_key = value;
    if (key == "aws_secret_access_key") c.secret_key = value;
    if (key == "aws_session_token") c.session_token = value;
  }
  if (!found)
    return fail(error_code::bad_request, fmt::format("want a profile [{}] in the AWS credentials file", profile), std::string{profile});
  const auto missing = [&](std::string_view key) {
    return fail(error_code::bad_request, fmt::format("want {} in [{}] of the AWS credentials file", key, profile),
                fmt::format("{}.{}", profile, key));
  };
  if (c.access_key.empty()) return missing("aws_access_key_id");
  if (c.secret_key.empty()) return missing("aws_secret_access_key");
  return c;
}

std::string aws_role_request(std::string_view role_arn, std::string_view session_name, std::string_view token) {
  std::string out = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=";
  append_form_value(out, role_arn);
  append_form_value(out += "&RoleSessionName=", session_name);
  append_form_value(out += "&WebIdentityToken=", trim(token));  // a token file ends with a line's end
  return out;
}

result<aws_credentials> read_aws_role_answer(std::string_view body) {
  const std::string_view text = trim(body);
  if (text.starts_with('{')) return read_role_json(text);
  const auto block = element(text, "Credentials");
  if (!block) return no_answer("<Credentials>");
  const auto part = [&](std::string_view name) { return element(*block, name).value_or(""); };
  return checked(part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken"), part("Expiration"));
}

result<aws_credentials> read_aws_endpoint_answer(std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc || !doc->root().is_object()) return no_answer("a JSON object");
  return read_json(doc->root().get_object().value_unsafe(), "Token");
}

}  // namespace naru::vendors
