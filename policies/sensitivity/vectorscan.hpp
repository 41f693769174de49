#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

struct hs_database;

namespace naru::sensitivity {

/// A database of Vectorscan for whole texts. Immutable; shared by all threads, each of which keeps its own working memory.
class vectorscan {
 public:
  struct expression {
    std::string text;  ///< for literals: its bytes
    unsigned flags = 0;
  };
  enum class kind : std::uint8_t { patterns, literals };

  vectorscan() noexcept;
  ~vectorscan();
  vectorscan(vectorscan&&) noexcept;
  vectorscan& operator=(vectorscan&&) noexcept;

  /// @return bad_request with the index of the faulty expression as `field` and the engine's reason
  [[nodiscard]] static result<vectorscan> compile(std::span<const expression> all, kind what);

  /// Told of a match of expression `id` that ends before offset `end`. @return nonzero to stop
  using handler = int (*)(unsigned id, unsigned long long from, unsigned long long end, unsigned flags, void* context);
  /// Throws std::bad_alloc, or std::runtime_error when the engine fails. The handler must not scan.
  void scan(std::string_view text, handler told, void* context) const;

  [[nodiscard]] bool empty() const noexcept { return database_ == nullptr; }

 private:
  struct release {
    void operator()(hs_database* d) const noexcept;
  };
  std::unique_ptr<hs_database, release> database_;
  std::uint64_t serial_ = 0;  ///< of all that were ever compiled: an address may come twice
};

}  // namespace naru::sensitivity
