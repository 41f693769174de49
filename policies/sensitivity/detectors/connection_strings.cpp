#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Addresses that carry a password: scheme://user:password@host (RFC 3986 3.2.1) and the key=value forms of database drivers.
namespace naru::sensitivity::detectors {
namespace {

bool in_scheme(char c) noexcept { return is_alnum(c) || c == '+' || c == '-' || c == '.'; }
/// What may stand in the authority of a URL as people write it; RFC 3986 allows less, passwords hold more.
bool in_authority(char c) noexcept { return c > ' ' && std::string_view("/?#\"'`<>\\,()").find(c) == std::string_view::npos; }

/// The scheme that ends where "://" is at `at`, in the case it was written.
std::string_view scheme_before(std::string_view text, std::size_t at) noexcept {
  const std::size_t n = length_before(text, at, in_scheme, 32);
  return text.substr(at - n, n);
}

bool same(std::string_view a, std::string_view lower) noexcept {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != lower[i]) return false;
  }
  return true;
}

/// "postgresql+psycopg2", "mongodb+srv", "jdbc:mysql" (of which only the last part is read): the first part names the server.
bool is_database(std::string_view scheme) noexcept {
  scheme = scheme.substr(0, scheme.find('+'));
  for (const std::string_view name :
       words{"postgres",    "postgresql", "mysql",     "mariadb",  "mongodb",     "redis",      "rediss",    "valkey",    "amqp",
             "amqps",       "mssql",      "sqlserver", "oracle",   "cockroachdb", "clickhouse", "cassandra", "couchbase", "neo4j",
             "bolt",        "db2",        "snowflake", "redshift", "nats",        "memcached",  "hive",      "presto",    "trino",
             "timescaledb", "vertica",    "influxdb",  "arangodb", "pgsql",       "mysql2",     "postgis"}) {
    if (same(scheme, name)) return true;
  }
  return false;
}

struct userinfo {
  std::string_view user, password;
};

/// User and password of the authority that begins at `at`; both empty when there is no password.
userinfo userinfo_at(std::string_view text, std::size_t at) noexcept {
  const std::string_view authority = text.substr(at, length_of(text, at, in_authority, 512));
  const std::size_t sign = authority.rfind('@');  // a raw '@' in a password is wrong and common: the last one counts
  if (sign == std::string_view::npos) return {};
  const char host = peek(text, at + sign + 1);
  if (!is_alnum(host) && host != '[' && host != '$' && host != '{' && host != '<' && host >= 0) return {};
  const std::size_t colon = authority.substr(0, sign).find(':');
  if (colon == std::string_view::npos) return {};
  return {authority.substr(0, colon), authority.substr(colon + 1, sign - colon - 1)};
}

bool is_real(std::string_view password) noexcept { return password.size() >= 3 && !is_placeholder(password); }

/// The value of `name`= (lower case) in `rest`, up to what ends a value.
std::string_view value_of(std::string_view rest, std::string_view name) noexcept {
  for (std::size_t i = 0; i + name.size() < rest.size(); ++i) {
    if (!same(rest.substr(i, name.size()), name)) continue;
    const std::size_t at = i + name.size();
    return rest.substr(at, length_of(rest, at, [](char c) { return c > ' ' && c != ';' && c != '&' && c != '"' && c != '\''; }, 256));
  }
  return {};
}

/// ";Password=...": the rest of a driver's string must be there, or it is any assignment.
bool in_driver_string(const candidate& c) noexcept {
  const std::string_view value = value_of(after(c.text, c.end - 1, 300), "=");
  if (!is_real(value)) return false;
  const std::string_view left = before(c.text, c.at, 400), right = after(c.text, c.end, 200);
  for (const std::string_view key : words{"server=", "data source=", "host=", "database=", "initial catalog=", "dbname=", "hostname="}) {
    if (contains_word(left, key) || contains_word(right, key)) return true;
  }
  return false;
}

}  // namespace

bool database_url(const candidate& c) noexcept {
  if (!begins(c.text, c.at, "://")) return in_driver_string(c);
  if (!is_database(scheme_before(c.text, c.at))) return false;
  if (is_real(userinfo_at(c.text, c.end).password)) return true;
  const std::string_view rest = c.text.substr(c.end, length_of(c.text, c.end, [](char x) { return x > ' ' && x != '"'; }, 512));
  return is_real(value_of(rest, "password=")) || is_real(value_of(rest, "pwd="));  // JDBC
}

bool basic_auth_url(const candidate& c) noexcept {
  const std::string_view scheme = scheme_before(c.text, c.at);
  if (scheme.empty() || is_database(scheme)) return false;
  const userinfo u = userinfo_at(c.text, c.end);
  return is_real(u.password) && (u.user.empty() || !is_placeholder(u.user) || u.user.size() < 4);
}

}  // namespace naru::sensitivity::detectors
