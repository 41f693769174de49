#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/tree.hpp"

/// The one table of all keys. The parser, its error texts, "did you mean", config/naru.schema.json, docs/reference/settings.md and the
/// check of config/naru.yaml come from it.
namespace naru::config {

enum class form : std::uint8_t {
  block,  ///< known keys
  map,    ///< keys are names that the operator chooses; their rows end in ".*"
  list,   ///< rows of its items end in "[]"
  text,   ///< a name or other words
  word,   ///< one of `words`
  flag,   ///< true or false
  integer,
  thousandths,  ///< 0.4, at most 3 places
  share,        ///< 50%, at most 1 place
  size,         ///< 64KiB
  duration,     ///< 10s
  date,         ///< 2026-12-31
  usd,          ///< 0.02
  rate,         ///< USD per million tokens: 0.0375; or `unknown`, or `none`
  rate_each,    ///< USD for one: 0.04; or `unknown`, or `none`
  label,        ///< a word of sensitivity.labels
  secret,
  path,     ///< of a file
  address,  ///< to listen at
  url,
  proxy,
  sha256,  ///< 64 hex digits
};

struct row {
  std::string path{};  ///< "limits.head", "providers.*.timeouts.idle", "callers[].name"
  form is = form::block;
  std::string_view fallback{};   ///< the default as one would write it; empty: none
  std::string_view otherwise{};  ///< what happens without the key, where that is no value
  std::string_view lowest{};     ///< of integer, thousandths, share, size, duration; both ends included
  std::string_view highest{};
  std::vector<std::string_view> words{};  ///< all that a `word` may be; else what may stand in place of a value: auto, off, free
  std::vector<std::string_view> later{};  ///< words that a later version takes
  std::string_view shorthand{};           ///< of a block: a lone text stands for the block with this key alone
  bool one_or_list = false;               ///< of a list: a lone item may stand without the list
  bool required = false;
  bool repeats = false;     ///< means the same as a row before it (rates of a tier): documents show it once
  bool not_yet = false;     ///< a later version brings it; nothing below is looked at
  std::string_view says{};  ///< what it does, one or two sentences
};

/// A key with what may stand below it.
struct key_node {
  const row* self = nullptr;  ///< null only at the root
  std::map<std::string, key_node, std::less<>> keys;
  std::unique_ptr<key_node> any;   ///< of a map: every entry
  std::unique_ptr<key_node> item;  ///< of a list: every item
};

class schema {
 public:
  explicit schema(std::vector<row> rows);
  [[nodiscard]] const key_node& root() const noexcept { return root_; }
  [[nodiscard]] const std::vector<row>& rows() const noexcept { return rows_; }

 private:
  std::vector<row> rows_;
  key_node root_;
};

[[nodiscard]] const schema& settings_schema();
[[nodiscard]] const schema& catalogue_schema();

/// What a value has to be, for "want ...": "1..10", "auto or 1..1024", "cheapest, weighted or priority", "a size, 1KiB..1MiB".
[[nodiscard]] std::string wanted(const row& r);
/// "1KiB..1MiB, default 64KiB": what stands behind each key of config/naru.yaml.
[[nodiscard]] std::string in_short(const row& r);
/// config/naru.schema.json: JSON Schema (draft 7) of settings files, for editors.
[[nodiscard]] std::string json_schema();
/// docs/reference/settings.md.
[[nodiscard]] std::string reference_page();
/// "a, b or c".
[[nodiscard]] std::string listed(const std::vector<std::string_view>& words);

// The table, by section.
[[nodiscard]] std::vector<row> server_rows();
[[nodiscard]] std::vector<row> provider_rows();
[[nodiscard]] std::vector<row> model_rows();
[[nodiscard]] std::vector<row> policy_rows();
[[nodiscard]] std::vector<row> resilience_rows();
[[nodiscard]] std::vector<row> catalogue_rows();
/// Rows of hard limits below `path`. @param repeats  they have been shown elsewhere
void add_require_rows(std::vector<row>& rows, const std::string& path, bool repeats);
/// Rows of a price below `path`. @param with_dates  also those that only the catalogue needs
void add_price_rows(std::vector<row>& rows, const std::string& path, bool with_dates);

}  // namespace naru::config
