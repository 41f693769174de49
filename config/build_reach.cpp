#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/units.hpp"

/// How a provider is reached: the proxy on the way, or the worker on this machine.
namespace naru::config {
namespace {

bool ends_with_host(std::string_view host, std::string_view suffix) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (suffix.size() > host.size()) return false;
  const std::string_view end = host.substr(host.size() - suffix.size());
  const bool same = std::ranges::equal(end, suffix, {}, lower, lower);
  return same && (suffix.size() == host.size() || host[host.size() - suffix.size() - 1] == '.');
}

/// As curl and most SDKs read it: hosts and domains, with or without a dot before and a port behind, or * for all.
bool named_by_no_proxy(std::string_view list, const endpoint& to) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == "*") return true;
    const std::string port = fmt::format(":{}", to.port);
    if (one.ends_with(port) && one.find(':') == one.size() - port.size()) one.remove_suffix(port.size());
    while (one.starts_with('.')) one.remove_prefix(1);
    if (!one.empty() && ends_with_host(to.host, one)) return true;
  }
  return false;
}

bool is_this_machine(const endpoint& to) { return to.host == "localhost" || to.host.starts_with("127.") || to.host == "::1"; }

}  // namespace

std::optional<proxy> build_proxy(const reader& r, const endpoint& to, build_context& c) {
  if (r.says("off")) return std::nullopt;
  if (r.present()) {
    auto own = parse_proxy(r.text());
    if (own) own->source = "settings";
    return own;
  }
  if (!to.tls || is_this_machine(to)) return std::nullopt;
  for (const std::string_view name : {"NO_PROXY", "no_proxy"}) {
    if (const auto list = c.from.variable(name); list && named_by_no_proxy(*list, to)) return std::nullopt;
  }
  for (const std::string_view name : {"HTTPS_PROXY", "https_proxy"}) {
    const auto value = c.from.variable(name);
    if (!value || value->empty()) continue;
    auto found = parse_proxy(value->find("://") == std::string::npos ? "http://" + *value : *value);
    if (!found) {
      c.problems.error(r.at(), r.path(),
                       fmt::format("want a proxy such as http://proxy:3128 in ${{env:{}}}; `proxy: off` ignores it", name));
      return std::nullopt;
    }
    found->source = std::string(name);
    return found;
  }
  return std::nullopt;
}

void build_local(const reader& r, provider& p, build_context& c) {
  local_model& l = p.local.emplace();
  l.remote = p.to.has_value();
  const reader model = r["model"];
  if (l.remote) {
    l.model = model.text();
    return;
  }
  l.sequences = r["sequences"].integer();
  l.context = static_cast<std::uint32_t>(r["context"].maybe_integer().value_or(0));
  l.threads = r["threads"].integer();
  l.queue = r["queue"].integer();
  l.max_tokens = r["max_tokens"].integer();
  l.nice = static_cast<int>(r["nice"].integer());
  for (auto [key, path] :
       {std::pair{"chat_template", &l.chat_template}, std::pair{"socket", &l.socket}, std::pair{"program", &l.program}}) {
    if (const std::string text = r[key].text(); !text.empty()) *path = c.from.resolve(text);
  }
  if (const reader at = r["chat_template"]; !l.chat_template.empty()) {
    if (const auto why = unreadable(c, l.chat_template))
      c.problems.error(at.at(), at.path(), fmt::format("{} cannot be read: {}", l.chat_template, *why));
  }
  if (model.present())
    l.model = c.from.resolve(model.text());
  else if (const auto usual = c.from.variable("NARU_MODEL"))
    l.model = *usual;
  if (l.model.empty()) {
    p.off = true;
    p.off_reason = "no model file: NARU_MODEL is not set, and the settings name none";
  } else if (const auto why = unreadable(c, l.model)) {
    // The vendors work without it, and the file may be on its way: off, and said loudly.
    p.off = true;
    p.off_reason = fmt::format("{} cannot be read: {}", l.model, *why);
    c.problems.warn(model.at(), model.path(), p.off_reason);
  }
}

std::string local_model_name(const provider& p) {
  if (!p.local || p.local->model.empty()) return p.name;
  std::string name = p.local->model.substr(p.local->model.rfind('/') + 1);
  if (name.ends_with(".gguf")) name.resize(name.size() - 5);
  return name.empty() ? p.name : name;
}

}  // namespace naru::config
