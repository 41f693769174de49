#pragma once
#include <string>
#include <string_view>

#include "gateway/admin/context.hpp"

/// The bodies of the admin API's answers. Each is a pure function of what it shows.
namespace naru::admin {

[[nodiscard]] std::string version_view();
[[nodiscard]] std::string config_view(const settings& s, const reload_state& r);
/// Every problem of a draft, with line and column.
[[nodiscard]] std::string check_view(const config::loaded& draft);
[[nodiscard]] std::string providers_view(const settings& s, const flow::snapshot& now, steady_time at);
[[nodiscard]] std::string deployments_view(const flow::snapshot& now, steady_time at, wall_time wall);
[[nodiscard]] std::string models_view(const flow::snapshot& now);
[[nodiscard]] std::string error_view(const error& e);

}  // namespace naru::admin
