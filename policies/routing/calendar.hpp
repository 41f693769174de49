#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/deadline.hpp"

/// Hours of a day somewhere: `time: {between: "09:00-18:00", days: [mon, fri], zone: Asia/Seoul}`.
namespace naru::routing {

/// A time zone as a table of its changes; made by config/time_zone.hpp, which reads the system's files. Immutable.
struct time_zone {
  struct change {
    std::int64_t at = 0;      ///< seconds since the epoch, UTC
    std::int32_t offset = 0;  ///< seconds east of UTC from then on
  };
  std::string name = "UTC";
  std::int32_t first = 0;       ///< offset before the first change
  std::vector<change> changes;  ///< in order of time

  [[nodiscard]] std::int32_t offset_at(wall_time t) const noexcept;
};

struct hours {
  std::chrono::minutes from{0};           ///< of the day, 0..24 h
  std::chrono::minutes to{1'440};         ///< excluded; before `from`: of the next day
  std::uint8_t days = 0x7f;               ///< bit 0 Monday .. bit 6 Sunday; hours over midnight belong to the day on which they begin
  std::shared_ptr<const time_zone> zone;  ///< null: UTC

  [[nodiscard]] bool contains(wall_time t) const noexcept;
};

}  // namespace naru::routing
