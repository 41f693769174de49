#include <fmt/format.h>

#include "config/schema.hpp"

/// The table as a page to read.
namespace naru::config {
namespace {

constexpr std::string_view head = R"(# Settings

Generated from the table in `config/` (`config/schema_rows_*.cpp`); a test fails when this page differs from it.

`naru check` reads a file as `naru serve` does and prints every problem with file, line and column. The file is the one of `--config`,
else of `NARU_CONFIG`, else `./naru.yaml`, else `/etc/naru/naru.yaml`, else none: then everything has its default.
[config/naru.yaml](../../config/naru.yaml) holds every key with an example.

* **Units** are part of a value: `10s` (`ms`, `s`, `m`, `h`, `d`), `64KiB` (`B`, `KiB`, `MiB`, `GiB`, and `KB`, `MB`, `GB` of 1000).
* **Filling in**: `${env:NAME}`, `${env:NAME:-default}` (also when NAME is empty), `${file:/path}` (without line ends behind it), `$$` for a
  dollar sign; in values, after YAML is done with them.
* **Secrets** come from variables or files; one typed in plain is taken with a warning, an empty one is refused, all print as `***`.
* **Names** in the tables: `*` is a name that you choose, `[]` an item of a list.
* A section that is absent, or empty, has its default.
* What says *not yet* is refused with the line where it stands.
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string_view section_of(std::string_view path) { return path.substr(0, path.find_first_of(".[")); }

void add_line(std::string& out, const row& r) {
  const std::string what = r.not_yet ? "" : wanted(r);
  std::string_view mark;
  if (r.not_yet)
    mark = "*not yet*";
  else if (r.required)
    mark = "required";
  std::string usual = !mark.empty() ? std::string(mark) : !r.fallback.empty() ? fmt::format("`{}`", r.fallback) : std::string(r.otherwise);
  out += fmt::format("| `{}` | {} | {} | {} |\n", r.path, escaped(what), escaped(usual), escaped(r.says));
}

}  // namespace

std::string reference_page() {
  std::string out{head};
  std::string_view section;
  for (const row& r : settings_schema().rows()) {
    if (r.repeats) continue;
    if (section_of(r.path) != section) {
      section = section_of(r.path);
      out += fmt::format("\n## {}\n\n| key | value | default | what |\n|---|---|---|---|\n", section);
    }
    add_line(out, r);
  }
  return out;
}

}  // namespace naru::config
