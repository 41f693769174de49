#!/usr/bin/env python3
"""What soak.sh measured: soak.svg, and whether anything grew. No packages beyond Python's own.

The slope of memory is that of ten block means of the last three quarters of the run (neighbouring samples are not independent, means of
blocks nearly are). It counts as growth when it is above zero by more than 2.9 standard errors (1 %, one-sided, 8 degrees of freedom) and comes
to more than 512 KiB and 2 % of what is resident: the kernel counts pages in batches, and in a run of a minute the allocator still settles.
"""
import argparse
import csv
import pathlib
import sys


def slope(points):
    """Least squares: slope, and its standard error."""
    n = len(points)
    mx = sum(x for x, _ in points) / n
    my = sum(y for _, y in points) / n
    sxx = sum((x - mx) ** 2 for x, _ in points)
    b = sum((x - mx) * (y - my) for x, y in points) / sxx
    rest = sum((y - my - b * (x - mx)) ** 2 for x, y in points)
    return b, (rest / max(n - 2, 1) / sxx) ** 0.5


def block_means(points, blocks=10):
    size = len(points) / blocks
    parts = [points[int(i * size):int((i + 1) * size)] for i in range(blocks)]
    return [(sum(x for x, _ in p) / len(p), sum(y for _, y in p) / len(p)) for p in parts if p]


def panel(series, title, unit, top, width=900, height=180):
    """One diagram: axes, the largest value, and a line for each of (name, colour, points)."""
    highest = max((y for _, _, pts in series for _, y in pts), default=1) * 1.1 or 1
    last = max((x for _, _, pts in series for x, _ in pts), default=1) or 1
    out = [f'<text x="60" y="{top + 14}" font-weight="bold">{title}</text>',
           f'<path d="M60 {top + 20}V{top + height}H{60 + width}" fill="none" stroke="#888"/>',
           f'<text x="55" y="{top + 30}" text-anchor="end">{highest:.0f} {unit}</text>',
           f'<text x="55" y="{top + height}" text-anchor="end">0</text>',
           f'<text x="{60 + width}" y="{top + height + 14}" text-anchor="end">{last:.0f} s</text>']
    for i, (name, colour, pts) in enumerate(series):
        where = " ".join(f"{60 + x / last * width:.1f},{top + height - y / highest * (height - 20):.1f}" for x, y in pts)
        out.append(f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        out.append(f'<text x="{300 + i * 140}" y="{top + 14}" fill="{colour}">{name}</text>')
    return out


def rows(path):
    with open(path, newline="") as f:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(f) if all(row.values())]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--files-before", type=int, required=True)
    p.add_argument("--files-after", type=int, required=True)
    p.add_argument("--inflight", type=float, required=True)
    p.add_argument("--judge-memory", choices=["yes", "no"], required=True)
    a = p.parse_args()
    samples, latency = rows(a.folder / "soak.csv"), rows(a.folder / "latency.csv")
    of = lambda data, key, scale=1.0: [(r["second"], r[key] * scale) for r in data]

    picture = ['<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="680" font-family="sans-serif" font-size="12">']
    picture += panel([("resident", "#06c", of(samples, "rss_kb", 1 / 1024))], "Memory", "MiB", 10)
    picture += panel([("open", "#080", of(samples, "files"))], "Descriptors", "", 230)
    picture += panel([("whole p50", "#06c", of(latency, "p50_us", 1e-3)), ("whole p99", "#c60", of(latency, "p99_us", 1e-3)),
                      ("stream p99", "#909", of(latency, "stream_p99_us", 1e-3))], "Latency", "ms", 450)
    (a.folder / "soak.svg").write_text("\n".join(picture + ["</svg>"]) + "\n")

    settled = of(samples, "rss_kb")[len(samples) // 4:]
    b, error = slope(block_means(settled))
    grown = b * (settled[-1][0] - settled[0][0])
    requests, errors = sum(r["requests"] for r in latency), sum(r["errors"] for r in latency)
    print(f"{requests:.0f} requests, {errors:.0f} errors; memory {settled[0][1] / 1024:.1f} to {settled[-1][1] / 1024:.1f} MiB, slope "
          f"{b * 60:+.1f} KiB a minute (standard error {error * 60:.1f}); descriptors {a.files_before} before, {a.files_after} after; "
          f"{a.inflight:.0f} in flight at the end")
    wrong = []
    if requests == 0 or errors > 0:
        wrong.append("requests failed")
    if a.files_after > a.files_before + 2 * 64:  # the pool keeps so many idle connections of each of the two providers, for a minute
        wrong.append("descriptors are left")
    if a.inflight > 0:
        wrong.append("something is still in flight")
    if a.judge_memory == "yes" and b > 2.9 * error and grown > max(512, 0.02 * settled[0][1]):
        wrong.append("memory grows")
    for w in wrong:
        print("FAILED: " + w, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
