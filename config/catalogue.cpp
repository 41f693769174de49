#include "config/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "config/check.hpp"
#include "config/price_reader.hpp"
#include "config/reader.hpp"
#include "config/suggest.hpp"
#include "config/yaml_reader.hpp"

namespace naru::config {

extern const unsigned char models_yaml[];  // models.yaml, made a part of the program by embed.cmake
extern const unsigned long models_yaml_size;

namespace {

using routing::ability;

std::vector<std::string> texts(const reader& list) {
  std::vector<std::string> out;
  for (const reader& each : list.items()) out.push_back(each.text());
  return out;
}

bool has(const std::vector<std::string>& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

ability known(std::optional<bool> flag) { return !flag ? ability::unknown : *flag ? ability::yes : ability::no; }

std::optional<tokens> count_of(const reader& r) {
  const auto number = r.maybe_integer();
  if (!number) return std::nullopt;
  return tokens{*number};
}

routing::capabilities read_capabilities(const reader& r, const catalogue_entry& of) {
  routing::capabilities can;
  can.tools = known(r["supports"]["tools"].maybe_flag());
  can.vision = known(r["supports"]["vision"].maybe_flag());
  can.json_schema = known(r["supports"]["json_schema"].maybe_flag());
  if (const auto reads = texts(r["reads"]); !reads.empty()) can.audio = known(has(reads, "audio"));
  if (has(of.constraints, "n_1_only") || has(of.constraints, "no_candidate_count")) can.many_choices = ability::no;
  if (has(of.constraints, "no_logprobs")) can.logprobs = ability::no;
  can.context = count_of(r["context"]);
  can.max_output = count_of(r["max_output"]);
  return can;
}

class catalogue_reader {
 public:
  catalogue_reader(const node& tree, problem_list& problems) : root_(reader::root(tree, catalogue_schema())), problems_(problems) {}

  std::shared_ptr<const catalogue> read() {
    for (const auto& [name, r] : root_["quality"].entries()) classes_.emplace(name, r["prior"].maybe_thousandths().value_or(0));
    for (const auto& [name, r] : root_["sources"].entries()) sources_.push_back(name);
    std::vector<catalogue_entry> entries;
    for (const auto& [id, r] : root_["models"].entries()) entries.push_back(read_entry(id, r));
    return std::make_shared<catalogue>(root_["as_of"].maybe_date().value_or(std::chrono::sys_days{}), std::move(entries));
  }

 private:
  catalogue_entry read_entry(const std::string& id, const reader& r) {
    catalogue_entry e;
    const std::size_t slash = id.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == id.size())
      problems_.error(r.at(), r.path(), "want vendor/model as its name");
    e.id = id;
    e.vendor = id.substr(0, slash);
    e.model = slash == std::string::npos ? std::string{} : id.substr(slash + 1);
    e.kind = r["kind"].text();
    e.offered_by_default = r["default"].flag();
    e.constraints = texts(r["constraints"]);
    e.sources = texts(r["source"]);
    e.note = r["note"].text();
    e.can = read_capabilities(r, e);
    read_quality(e, r);
    for (const reader& each : r["source"].items()) {
      if (!has(sources_, each.text()))
        problems_.error(each.at(), each.path(), fmt::format("no source {}{}", shown(*each.raw()), did_you_mean(each.text(), sources_)));
    }
    if (r["price"].present()) e.price = read_price(r["price"], price_list::shipped, problems_);
    e.price.confidence = pricing::find_confidence(r["confidence"].text()).value_or(pricing::confidence::unconfirmed);
    return e;
  }

  void read_quality(catalogue_entry& e, const reader& r) {
    const reader at = r["quality"];
    e.quality_class = at.text();
    if (e.kind == "chat" && !at.present()) problems_.error(r.at(), at.path(), "is missing: a chat model has a class of quality");
    if (!at.present()) return;
    const auto found = classes_.find(e.quality_class);
    if (found == classes_.end()) return problems_.error(at.at(), at.path(), fmt::format("no class {} in `quality:`", shown(*at.raw())));
    e.quality = found->second;
  }

  reader root_;
  problem_list& problems_;
  std::map<std::string, std::uint32_t, std::less<>> classes_;
  std::vector<std::string> sources_;
};

}  // namespace

catalogue::catalogue(std::chrono::sys_days as_of, std::vector<catalogue_entry> entries) : as_of_(as_of), entries_(std::move(entries)) {
  for (std::size_t i = 0; i < entries_.size(); ++i) by_id_.emplace(entries_[i].id, i);
}

const catalogue_entry* catalogue::find(std::string_view vendor, std::string_view model) const noexcept {
  const auto found = by_id_.find(fmt::format("{}/{}", vendor, model));
  return found == by_id_.end() ? nullptr : &entries_[found->second];
}

std::vector<const catalogue_entry*> catalogue::models_of(std::string_view vendor) const {
  std::vector<const catalogue_entry*> out;
  for (const catalogue_entry& e : entries_) {
    if (e.vendor == vendor) out.push_back(&e);
  }
  return out;
}

std::vector<const catalogue_entry*> catalogue::chat_models_of(std::string_view vendor) const {
  std::vector<const catalogue_entry*> out;
  for (const catalogue_entry& e : entries_) {
    if (e.vendor == vendor && e.kind == "chat") out.push_back(&e);
  }
  return out;
}

loaded_catalogue load_catalogue(std::string_view yaml, std::string_view name) {
  loaded_catalogue out;
  problem_list problems;
  const std::uint32_t file = problems.add_file(std::string(name));
  const auto tree = read_yaml(yaml, file, problems);
  if (tree) {
    check(*tree, catalogue_schema(), problems);
    out.value = catalogue_reader(*tree, problems).read();
  }
  out.errors = problems.take_errors();
  if (!out.errors.empty()) out.value.reset();
  return out;
}

const catalogue& shipped_catalogue() {
  static const std::shared_ptr<const catalogue> one = [] {
    loaded_catalogue read = load_catalogue({reinterpret_cast<const char*>(models_yaml), models_yaml_size});
    if (!read.value) throw std::logic_error("the shipped catalogue does not load:\n" + to_lines(read.errors));
    return read.value;
  }();
  return *one;
}

}  // namespace naru::config
