"""Turns the lines that compare.sh has measured into a table, and into JSON where a file is named.

usage: report.py RESULTS TICKS_PER_SECOND IDLE_STREAMS IDLE_SECONDS [JSON]
"""
import json
import statistics
import sys

FIGURES = {
    "full": ["requests_per_s", "events_per_s", "cpu_us_per_request", "cpu_us_per_event", "p50_us", "p99_us", "rss_kb", "errors"],
    "single": ["added_p50_us", "added_p99_us", "added_first_event_p50_us", "errors"],
    "held": ["held", "rss_kb_per_stream", "cpu_us_per_s", "errors"],
}
# In these, less is better, and they mean something as naru / nginx within one round.
RATIOS = ["cpu_us_per_request", "cpu_us_per_event", "requests_per_s", "events_per_s", "rss_kb", "rss_kb_per_stream"]


def figures(row, direct, ticks_per_second, idle, seconds):
    """The figures of one measurement. `direct` is the same load without a gateway in the same round."""
    load = row["load"]
    cpu_us = row["ticks"] / ticks_per_second * 1e6
    out = {"errors": load["errors"]}
    if row["phase"] == "held":
        out["held"] = load["held"]
        out["rss_kb_per_stream"] = (row["rss_kb"] - row["rss_before_kb"]) / idle
        out["cpu_us_per_s"] = cpu_us / seconds
    elif row["phase"] == "single":
        if direct:
            out["added_p50_us"] = load["p50_us"] - direct["load"]["p50_us"]
            out["added_p99_us"] = load["p99_us"] - direct["load"]["p99_us"]
            if load["events"]:
                out["added_first_event_p50_us"] = load["first_event_p50_us"] - direct["load"]["first_event_p50_us"]
    else:
        out.update({name: load[name] for name in ("requests_per_s", "p50_us", "p99_us")}, rss_kb=row["rss_kb"])
        if load["requests"]:
            out["cpu_us_per_request"] = cpu_us / load["requests"]
        if load["events"]:
            out["events_per_s"] = load["events_per_s"]
            out["cpu_us_per_event"] = cpu_us / load["events"]
    return out


def main():
    path, ticks_per_second, idle, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    with open(path) as lines:
        rows = [json.loads(line) for line in lines]
    at = {(r["round"], r["gateway"], r["scenario"], r["phase"]): r for r in rows}
    measured = {}  # (scenario, phase, gateway) -> figure -> {round: value}
    for (round_, gateway, scenario, phase), row in at.items():
        direct = at.get((round_, "direct", scenario, phase)) if gateway != "direct" else None
        for name, value in figures(row, direct, ticks_per_second, idle, seconds).items():
            measured.setdefault((scenario, phase, gateway), {}).setdefault(name, {})[round_] = value

    report = {"rounds": max(r["round"] for r in rows), "scenarios": {}}
    for scenario, phase in dict.fromkeys((r["scenario"], r["phase"]) for r in rows):
        print(f"\n{scenario}, {'64 connections' if phase == 'full' else '1 connection' if phase == 'single' else f'{idle} silent streams'}")
        print(f"  {'':28}{'direct':>12}{'nginx':>12}{'naru':>12}{'naru/nginx':>12}  by round")
        for name in FIGURES[phase]:
            by_gateway = {g: measured.get((scenario, phase, g), {}).get(name, {}) for g in ("direct", "nginx", "naru")}
            if not any(by_gateway.values()):
                continue
            medians = {g: statistics.median(v.values()) for g, v in by_gateway.items() if v}
            ratios = []
            if name in RATIOS:
                both = sorted(set(by_gateway["nginx"]) & set(by_gateway["naru"]))
                ratios = [by_gateway["naru"][r] / by_gateway["nginx"][r] for r in both if by_gateway["nginx"][r]]
            cells = "".join(f"{medians[g]:>12.1f}" if g in medians else f"{'-':>12}" for g in ("direct", "nginx", "naru"))
            ratio = f"{statistics.median(ratios):>12.2f}  {' '.join(f'{r:.2f}' for r in ratios)}" if ratios else ""
            print(f"  {name:28}{cells}{ratio}")
            entry = report["scenarios"].setdefault(scenario, {}).setdefault(phase, {})
            entry[name] = {"median": medians, "rounds": by_gateway, "ratios": ratios}
            if ratios:
                entry[name]["ratio"] = statistics.median(ratios)
    if len(sys.argv) > 5:
        with open(sys.argv[5], "w") as out:
            json.dump(report, out, indent=1)
            out.write("\n")


main()
