"""The seven-column report in the style of most public solutions: a loop over the stores that filters
data frames. usage: pandas_loop.py DATA OUTPUT [STORES]

With STORES it works on that many stores, spread evenly over all of them, and prints how long the loop
took, so that the time for all stores can be extrapolated from it.
"""

import json
import sys
import time
from itertools import pairwise

import pandas as pd

HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
JOIN_GAP = pd.Timedelta(seconds=60)


def read(data):
    status = pd.read_csv(f"{data}/store_status.csv", dtype=str)
    text = status["timestamp_utc"].str.replace(" UTC", "", regex=False)
    status["timestamp_utc"] = pd.to_datetime(text, format="ISO8601", utc=True)
    hours = pd.read_csv(f"{data}/menu_hours.csv", dtype={"store_id": str}).drop_duplicates()
    hours["opens"] = pd.to_timedelta(hours["start_time_local"])
    hours["closes"] = pd.to_timedelta(hours["end_time_local"])
    zones = pd.read_csv(f"{data}/timezones.csv", dtype=str)
    return status, hours, zones


def to_utc(local, zone):
    """The first instant at which the wall clock reads that time or later."""
    # nonexistent="shift_forward" would do, but in America/Anchorage it lands an hour late (pandas 3.1.1)
    while (instant := local.tz_localize(zone, ambiguous=True, nonexistent="NaT")) is pd.NaT:
        local = local.floor("min") + pd.Timedelta(minutes=1)
    return instant.tz_convert("UTC")


def sessions_of(hours, zone, as_of):
    """The merged opening intervals of one store, as pairs of UTC instants."""
    first, last = (as_of - 11 * DAY).tz_localize(None).normalize(), (as_of + 3 * DAY).tz_localize(None).normalize()
    if hours.empty:
        return [(first.tz_localize("UTC"), last.tz_localize("UTC"))]
    intervals = []
    for date in pd.date_range(first, last):
        for _, row in hours[hours["dayOfWeek"] == date.day_of_week].iterrows():
            opens, closes = date + row["opens"], date + row["closes"]
            if closes <= opens:
                closes += DAY
            interval = to_utc(opens, zone), to_utc(closes, zone)
            if interval[0] < interval[1]:
                intervals.append(interval)
    merged = []
    for opens, closes in sorted(intervals):
        if merged and opens <= merged[-1][1] + JOIN_GAP:
            merged[-1] = merged[-1][0], max(merged[-1][1], closes)
        else:
            merged.append((opens, closes))
    return merged


def middle(p, q):
    """The midpoint of two instants, rounded down to a microsecond."""
    return p + pd.Timedelta(microseconds=(q - p) // pd.Timedelta(microseconds=1) // 2)


def stretches_of(sessions, status, as_of):
    """Spans (start, end, is_active) of open time; the status is None if the store was never observed."""
    observed = []
    for opens, closes in sessions:
        inside = (status["timestamp_utc"] >= opens) & (status["timestamp_utc"] < closes)
        inside &= status["timestamp_utc"] >= as_of - 8 * DAY
        observed.append(list(status.loc[inside, ["timestamp_utc", "status"]].itertuples(index=False)))
    stretches = []
    for n, ((opens, closes), polls) in enumerate(zip(sessions, observed, strict=True)):
        if not polls:  # the neighbouring observations in other sessions
            before = [poll for other in observed[:n] for poll in other]
            after = [poll for other in observed[n + 1 :] for poll in other]
            polls = before[-1:] + after[:1]
        if not polls:
            stretches.append((opens, closes, None))
            continue
        turns = [opens] + [min(max(middle(p[0], q[0]), opens), closes) for p, q in pairwise(polls)] + [closes]
        for (start, end), poll in zip(pairwise(turns), polls, strict=True):
            stretches.append((start, end, poll[1] == "active"))
    return stretches


def cell(duration, unit):
    """Two decimals, rounded half up from microseconds."""
    hundredth = unit // pd.Timedelta(microseconds=1) // 100
    hundredths = (duration // pd.Timedelta(microseconds=1) + hundredth // 2) // hundredth
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def report_row(store, status, hours, zones, as_of):
    named = zones.loc[zones["store_id"] == store, "timezone_str"]
    zone = named.min() if len(named) else "America/Chicago"
    polls = status[status["store_id"] == store].sort_values(["timestamp_utc", "status"], ascending=[True, False])
    polls = polls.drop_duplicates("timestamp_utc", keep="first")  # inactive is sorted first
    sessions = sessions_of(hours[hours["store_id"] == store], zone, as_of)
    stretches = stretches_of(sessions, polls, as_of)
    row = {"store_id": store}
    for window, length, unit in (("hour", HOUR, HOUR / 60), ("day", DAY, HOUR), ("week", 7 * DAY, HOUR)):
        total = {True: pd.Timedelta(0), False: pd.Timedelta(0), None: pd.Timedelta(0)}
        for start, end, is_active in stretches:
            total[is_active] += max(pd.Timedelta(0), min(end, as_of) - max(start, as_of - length))
        unknown = total[None] > pd.Timedelta(0)
        row[f"uptime_last_{window}"] = "" if unknown else cell(total[True], unit)
        row[f"downtime_last_{window}"] = "" if unknown else cell(total[False], unit)
    return row


def main():
    data, output = sys.argv[1:3]
    status, hours, zones = read(data)
    as_of = status["timestamp_utc"].max()
    stores = sorted(set(status["store_id"]) | set(hours["store_id"]) | set(zones["store_id"]))
    wanted = min(int(sys.argv[3]), len(stores)) if len(sys.argv) > 3 else len(stores)
    sample = [stores[i * len(stores) // wanted] for i in range(wanted)]
    start = time.perf_counter()
    report = pd.DataFrame([report_row(store, status, hours, zones, as_of) for store in sample])
    loop_seconds = time.perf_counter() - start
    columns = ["store_id"] + [
        f"{kind}_last_{window}" for kind in ("uptime", "downtime") for window in ("hour", "day", "week")
    ]
    report[columns].to_csv(output, index=False, lineterminator="\n")
    json.dump({"stores": len(stores), "stores_done": wanted, "loop_seconds": loop_seconds}, sys.stdout)


main()
