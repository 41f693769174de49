#include "policies/routing/regions.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace naru::routing {
namespace {

struct place {
  std::string_view region;
  std::string_view country;
};

/// Sorted by name. AWS names have dashes, Azure's are one word, Google's end in a digit without a dash before it.
constexpr auto places = std::to_array<place>({
    {"af-south-1", "za"},
    {"africa-south1", "za"},
    {"ap-east-1", "hk"},
    {"ap-east-2", "tw"},
    {"ap-northeast-1", "jp"},
    {"ap-northeast-2", "kr"},
    {"ap-northeast-3", "jp"},
    {"ap-south-1", "in"},
    {"ap-south-2", "in"},
    {"ap-southeast-1", "sg"},
    {"ap-southeast-2", "au"},
    {"ap-southeast-3", "id"},
    {"ap-southeast-4", "au"},
    {"ap-southeast-5", "my"},
    {"ap-southeast-6", "nz"},
    {"ap-southeast-7", "th"},
    {"asia-east1", "tw"},
    {"asia-east2", "hk"},
    {"asia-northeast1", "jp"},
    {"asia-northeast2", "jp"},
    {"asia-northeast3", "kr"},
    {"asia-south1", "in"},
    {"asia-south2", "in"},
    {"asia-southeast1", "sg"},
    {"asia-southeast2", "id"},
    {"australia-southeast1", "au"},
    {"australia-southeast2", "au"},
    {"australiacentral", "au"},
    {"australiacentral2", "au"},
    {"australiaeast", "au"},
    {"australiasoutheast", "au"},
    {"austriaeast", "at"},
    {"belgiumcentral", "be"},
    {"brazilsouth", "br"},
    {"brazilsoutheast", "br"},
    {"ca-central-1", "ca"},
    {"ca-west-1", "ca"},
    {"canadacentral", "ca"},
    {"canadaeast", "ca"},
    {"centralindia", "in"},
    {"centralus", "us"},
    {"chilecentral", "cl"},
    {"cn-north-1", "cn"},
    {"cn-northwest-1", "cn"},
    {"denmarkeast", "dk"},
    {"eastasia", "hk"},
    {"eastus", "us"},
    {"eastus2", "us"},
    {"eu-central-1", "de"},
    {"eu-central-2", "ch"},
    {"eu-north-1", "se"},
    {"eu-south-1", "it"},
    {"eu-south-2", "es"},
    {"eu-west-1", "ie"},
    {"eu-west-2", "gb"},
    {"eu-west-3", "fr"},
    {"europe", "eu"},
    {"europe-central2", "pl"},
    {"europe-north1", "fi"},
    {"europe-north2", "se"},
    {"europe-southwest1", "es"},
    {"europe-west1", "be"},
    {"europe-west10", "de"},
    {"europe-west12", "it"},
    {"europe-west2", "gb"},
    {"europe-west3", "de"},
    {"europe-west4", "nl"},
    {"europe-west6", "ch"},
    {"europe-west8", "it"},
    {"europe-west9", "fr"},
    {"francecentral", "fr"},
    {"francesouth", "fr"},
    {"germanynorth", "de"},
    {"germanywestcentral", "de"},
    {"il-central-1", "il"},
    {"indonesiacentral", "id"},
    {"israelcentral", "il"},
    {"italynorth", "it"},
    {"japaneast", "jp"},
    {"japanwest", "jp"},
    {"jioindiacentral", "in"},
    {"jioindiawest", "in"},
    {"koreacentral", "kr"},
    {"koreasouth", "kr"},
    {"malaysiawest", "my"},
    {"me-central-1", "ae"},
    {"me-central1", "qa"},
    {"me-central2", "sa"},
    {"me-south-1", "bh"},
    {"me-west1", "il"},
    {"mexicocentral", "mx"},
    {"mx-central-1", "mx"},
    {"newzealandnorth", "nz"},
    {"northamerica-northeast1", "ca"},
    {"northamerica-northeast2", "ca"},
    {"northamerica-south1", "mx"},
    {"northcentralus", "us"},
    {"northeurope", "ie"},
    {"norwayeast", "no"},
    {"norwaywest", "no"},
    {"polandcentral", "pl"},
    {"qatarcentral", "qa"},
    {"sa-east-1", "br"},
    {"southafricanorth", "za"},
    {"southafricawest", "za"},
    {"southamerica-east1", "br"},
    {"southamerica-west1", "cl"},
    {"southcentralus", "us"},
    {"southeastasia", "sg"},
    {"southindia", "in"},
    {"spaincentral", "es"},
    {"swedencentral", "se"},
    {"swedensouth", "se"},
    {"switzerlandnorth", "ch"},
    {"switzerlandwest", "ch"},
    {"uaecentral", "ae"},
    {"uaenorth", "ae"},
    {"uk", "gb"},
    {"uksouth", "gb"},
    {"ukwest", "gb"},
    {"us-central1", "us"},
    {"us-east-1", "us"},
    {"us-east-2", "us"},
    {"us-east1", "us"},
    {"us-east4", "us"},
    {"us-east5", "us"},
    {"us-gov-east-1", "us"},
    {"us-gov-west-1", "us"},
    {"us-south1", "us"},
    {"us-west-1", "us"},
    {"us-west-2", "us"},
    {"us-west1", "us"},
    {"us-west2", "us"},
    {"us-west3", "us"},
    {"us-west4", "us"},
    {"usgovarizona", "us"},
    {"usgovtexas", "us"},
    {"usgovvirginia", "us"},
    {"westcentralus", "us"},
    {"westeurope", "nl"},
    {"westindia", "in"},
    {"westus", "us"},
    {"westus2", "us"},
    {"westus3", "us"},
});
static_assert(std::ranges::is_sorted(places, std::less<>{}, &place::region), "looked up by halves");

constexpr auto union_members =
    std::to_array<std::string_view>({"at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "eu", "fi", "fr", "gr", "hr",
                                     "hu", "ie", "it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk"});
static_assert(std::ranges::is_sorted(union_members));

/// Every pair of letters, so that a country's code can be given back as a view that lives for ever.
constexpr auto pairs = [] {
  std::array<char, 26 * 26 * 2> all{};
  for (std::size_t i = 0; i < std::size_t{26} * 26; ++i) {
    all[2 * i] = static_cast<char>('a' + i / 26);
    all[2 * i + 1] = static_cast<char>('a' + i % 26);
  }
  return all;
}();

/// A region's name in lower case without blanks; longer than any known name: empty.
class plain_name {
 public:
  explicit plain_name(std::string_view name) noexcept {
    for (char c : name) {
      if (c == ' ') continue;
      if (size_ == text_.size()) {
        size_ = 0;
        return;
      }
      text_[size_++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 48> text_;  // only the first size_ are set: this is on a request's way
  std::size_t size_ = 0;
};

std::string_view country_of_plain(std::string_view name) noexcept {
  const auto at = std::ranges::lower_bound(places, name, std::less<>{}, &place::region);
  if (at != places.end() && at->region == name) return at->country;
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.size() != 2 || !letter(name[0]) || !letter(name[1])) return {};
  const auto row = static_cast<std::size_t>(name[0] - 'a') * 26 + static_cast<std::size_t>(name[1] - 'a');
  return {&pairs[2 * row], 2};
}

/// A region with its country, looked up once for however many wishes.
class located {
 public:
  explicit located(std::string_view region) noexcept : name_(region), country_(country_of_plain(name_.view())) {}

  [[nodiscard]] bool satisfies(std::string_view wanted) const noexcept {
    const plain_name wish{wanted};
    if (wish.view().empty()) return false;
    if (wish.view() == name_.view()) return true;
    if (country_.empty()) return false;
    if (wish.view() == "eu" || wish.view() == "europe") return std::ranges::binary_search(union_members, country_);
    return wish.view() == country_ || (wish.view() == "uk" && country_ == "gb");
  }

 private:
  plain_name name_;
  std::string_view country_;
};

}  // namespace

std::string_view country_of(std::string_view region) noexcept { return country_of_plain(plain_name{region}.view()); }

bool in_region(std::string_view wanted, std::string_view region) noexcept { return located{region}.satisfies(wanted); }

bool in_any_region(std::span<const std::string> wanted, std::string_view region) noexcept {
  const located place{region};
  return std::ranges::any_of(wanted, [&](const std::string& each) { return place.satisfies(each); });
}

}  // namespace naru::routing
