#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "policies/pricing/price.hpp"
#include "policies/routing/plan.hpp"

/// What is known of the vendors' models: config/models.yaml, which is part of the program.
namespace naru::config {

struct catalogue_entry {
  std::string id;      ///< "vendor/model"
  std::string vendor;  ///< a vendor's name, of one that works or of one that is planned
  std::string model;   ///< the vendor's name for it; may hold slashes
  std::string kind;    ///< chat, embedding, image, speech, transcription, moderation, rerank
  bool offered_by_default = false;
  std::string quality_class;    ///< a key of `quality:`; empty unless chat
  std::uint32_t quality = 500;  ///< its prior, thousandths
  pricing::price price;
  routing::capabilities can;
  std::vector<std::string> constraints;
  std::vector<std::string> sources;
  std::string note;
};

/// Immutable. Thread: any.
class catalogue {
 public:
  catalogue(std::chrono::sys_days as_of, std::vector<catalogue_entry> entries);

  [[nodiscard]] std::chrono::sys_days as_of() const noexcept { return as_of_; }
  [[nodiscard]] const std::vector<catalogue_entry>& entries() const noexcept { return entries_; }
  /// nullptr: nothing is known of it.
  [[nodiscard]] const catalogue_entry* find(std::string_view vendor, std::string_view model) const noexcept;
  /// All of its models, in the file's order.
  [[nodiscard]] std::vector<const catalogue_entry*> models_of(std::string_view vendor) const;
  /// Its chat models, in the file's order.
  [[nodiscard]] std::vector<const catalogue_entry*> chat_models_of(std::string_view vendor) const;

 private:
  std::chrono::sys_days as_of_;
  std::vector<catalogue_entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

struct loaded_catalogue {
  std::shared_ptr<const catalogue> value;  ///< null exactly when there are errors
  std::vector<problem> errors;
};
[[nodiscard]] loaded_catalogue load_catalogue(std::string_view yaml, std::string_view name = "models.yaml");

/// The one in this program. Throws std::logic_error if it does not load, which a test rules out.
[[nodiscard]] const catalogue& shipped_catalogue();

}  // namespace naru::config
