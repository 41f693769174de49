#include "policies/sensitivity/vectorscan.hpp"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>
#include <stdexcept>
#include <vector>

namespace naru::sensitivity {
namespace {

/// One thread's working memory: large enough for every database that it has seen.
class scratch {
 public:
  scratch() = default;
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { hs_free_scratch(space_); }

  hs_scratch_t* fit(const hs_database_t* database, std::uint64_t serial) {
    if (std::ranges::find(fits_, serial) == fits_.end()) {
      if (hs_alloc_scratch(database, &space_) != HS_SUCCESS) throw std::bad_alloc();
      fits_[next_++ % fits_.size()] = serial;
    }
    return space_;
  }

 private:
  hs_scratch_t* space_ = nullptr;
  std::array<std::uint64_t, 4> fits_{};
  std::size_t next_ = 0;
};

error refused(const hs_compile_error_t* why) {
  std::string said = why == nullptr ? "the engine gives no reason" : why->message;
  while (!said.empty() && said.back() == '.') said.pop_back();
  const int index = why == nullptr ? 0 : std::max(why->expression, 0);
  return {error_code::bad_request, std::move(said), std::to_string(index), {}, std::nullopt};
}

}  // namespace

vectorscan::vectorscan() noexcept = default;
vectorscan::~vectorscan() = default;
vectorscan::vectorscan(vectorscan&&) noexcept = default;
vectorscan& vectorscan::operator=(vectorscan&&) noexcept = default;
void vectorscan::release::operator()(hs_database* d) const noexcept { hs_free_database(d); }

result<vectorscan> vectorscan::compile(std::span<const expression> all, kind what) {
  static std::atomic<std::uint64_t> serials{0};
  vectorscan out;
  if (all.empty()) return out;
  if (hs_valid_platform() != HS_SUCCESS) return fail(error_code::bad_request, "this processor lacks SSE4.2, which Vectorscan needs", "0");
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags, ids;
  for (const expression& e : all) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(e.text.c_str());
    sizes.push_back(e.text.size());
    flags.push_back(e.flags);
  }
  const auto count = static_cast<unsigned>(texts.size());
  hs_database_t* made = nullptr;
  hs_compile_error_t* why = nullptr;
  const auto said =
      what == kind::patterns
          ? hs_compile_multi(texts.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr, &made, &why)
          : hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), count, HS_MODE_BLOCK, nullptr, &made, &why);
  if (said != HS_SUCCESS) {
    error e = refused(why);
    hs_free_compile_error(why);
    return fail(std::move(e));
  }
  out.database_.reset(made);
  out.serial_ = ++serials;
  return out;
}

void vectorscan::scan(std::string_view text, handler told, void* context) const {
  thread_local scratch space;
  if (database_ == nullptr) return;
  // The engine counts in 32 bits; a body is far below that.
  const auto said =
      hs_scan(database_.get(), text.data(), static_cast<unsigned>(text.size()), 0, space.fit(database_.get(), serial_), told, context);
  if (said != HS_SUCCESS && said != HS_SCAN_TERMINATED) throw std::runtime_error(fmt::format("Vectorscan failed with {}", said));
}

}  // namespace naru::sensitivity
