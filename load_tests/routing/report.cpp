#include "load_tests/routing/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace naru::routing_day {
namespace {

constexpr std::array<std::string_view, 6> colours{"#2e7d32", "#c62828", "#1565c0", "#f9a825", "#6a1b9a", "#546e7a"};
constexpr double left_edge = 70, width = 820, height = 230, top_edge = 50, between = 70;

double x_of(double hour) { return left_edge + hour / 24 * width; }

/// One diagram: an axis from 0 to `most`, a line for each contender.
class diagram {
 public:
  diagram(std::string& out, double top, double most, std::string_view title) : out_(out), top_(top), most_(most) {
    for (const incident& i : incidents()) {
      out_ += fmt::format(R"(<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="#eceff1"/>)"
                          R"(<text x="{:.1f}" y="{}" font-size="11" fill="#607d8b">{} {}</text>)"
                          "\n",
                          x_of(i.from_hour), top_, x_of(i.to_hour) - x_of(i.from_hour), height, x_of(i.from_hour) + 3, top_ + 13,
                          vendors()[i.vendor].id.substr(0, vendors()[i.vendor].id.find('/')), i.what);
    }
    out_ += fmt::format(R"(<text x="{}" y="{}" font-size="14" font-weight="bold">{}</text>)"
                        "\n",
                        left_edge, top_ - 8, title);
    for (int i = 0; i <= 4; ++i) {
      const double y = top_ + height - height * i / 4;
      out_ += fmt::format(
          R"(<line x1="{0}" y1="{1:.1f}" x2="{2}" y2="{1:.1f}" stroke="#cfd8dc"/><text x="{3}" y="{4:.1f}" font-size="11" text-anchor="end">{5:.3g}</text>)"
          "\n",
          left_edge, y, left_edge + width, left_edge - 6, y + 4, most_ * i / 4);
    }
    for (int hour = 0; hour <= 24; hour += 4) {
      out_ += fmt::format(R"(<text x="{:.1f}" y="{}" font-size="11" text-anchor="middle">{:02}:00</text>)"
                          "\n",
                          x_of(hour), top_ + height + 16, hour);
    }
  }
  void line(std::string_view colour, const std::function<double(std::size_t)>& value) {
    out_ += fmt::format(R"(<polyline fill="none" stroke="{}" stroke-width="1.6" points=")", colour);
    for (std::size_t i = 0; i < slots; ++i) {
      const double y = top_ + height - std::min(value(i), most_) / most_ * height;
      out_ += fmt::format("{:.1f},{:.1f} ", x_of((static_cast<double>(i) + 0.5) * 24 / slots), y);
    }
    out_ += "\"/>\n";
  }

 private:
  std::string& out_;
  double top_;
  double most_;
};

}  // namespace

std::string table(const std::vector<outcome>& all) {
  const incident& outage = incidents()[0];
  const incident& brown = incidents()[1];
  std::string out =
      "| strategy | cost, USD | p50 first token, s | p95 | p95 in the outage | p95 in the brown-out | requests failed | calls failed | "
      "swift / thrift / steady, % |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---|\n";
  for (const outcome& o : all) {
    const auto share = [&](std::size_t v) { return 100.0 * static_cast<double>(o.answered[v]) / static_cast<double>(o.requests); };
    out += fmt::format(
        "| {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {} | {} | {:.0f} / {:.0f} / {:.0f} |\n", o.name, o.cost,
        first_token_percentile(o, 0.5), first_token_percentile(o, 0.95), first_token_percentile(o, 0.95, outage.from_hour, outage.to_hour),
        first_token_percentile(o, 0.95, brown.from_hour, brown.to_hour), o.failed, o.failed_calls, share(0), share(1), share(2));
  }
  return out;
}

std::string plot(const std::vector<outcome>& all) {
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" font-family="sans-serif"><rect width="{0}" height="{1}" fill="white"/>)"
      "\n",
      left_edge + width + 30, top_edge + 2 * height + between + 60);
  double dearest = 0;
  for (const outcome& o : all) dearest = std::max(dearest, o.cost);
  diagram latency(out, top_edge, 6, "p95 time to the first token by quarter of an hour, seconds (cut at 6)");
  for (std::size_t i = 0; i < all.size(); ++i)
    latency.line(colours[i % colours.size()], [&](std::size_t s) { return percentile(all[i].by_time[s].first_tokens, 0.95); });
  diagram cost(out, top_edge + height + between, std::ceil(dearest / 4) * 4, "cost so far, USD");
  for (std::size_t i = 0; i < all.size(); ++i) {
    double sum = 0;
    cost.line(colours[i % colours.size()], [&](std::size_t s) { return sum += all[i].by_time[s].cost; });
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double x = left_edge + static_cast<double>(i) * 135;
    const double y = top_edge + 2 * height + between + 42;
    out += fmt::format(R"(<rect x="{}" y="{}" width="12" height="12" fill="{}"/><text x="{}" y="{}" font-size="12">{}</text>)"
                       "\n",
                       x, y - 10, colours[i % colours.size()], x + 17, y, all[i].name);
  }
  return out + "</svg>\n";
}

}  // namespace naru::routing_day
