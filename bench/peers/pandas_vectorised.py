"""The seven-column report with pandas and NumPy, without a loop over stores or rows.
usage: pandas_vectorised.py DATA OUTPUT
"""

import sys

import numpy as np
import pandas as pd
from zone_periods import FOREVER, zone_periods

SECOND = 1_000_000  # all instants and lengths are whole microseconds
HOUR, DAY = 3600 * SECOND, 86_400 * SECOND
JOIN_GAP = 60 * SECOND
WINDOWS = (("hour", HOUR, 60 * SECOND), ("day", DAY, HOUR), ("week", 7 * DAY, HOUR))


def read_status(data):
    status = pd.read_csv(f"{data}/store_status.csv", dtype={"store_id": "str", "status": "category"})
    text = status["timestamp_utc"].str.removesuffix(" UTC")
    status["at"] = pd.to_datetime(text, format="ISO8601").astype("datetime64[us]").astype("int64")
    status["is_up"] = status["status"] == "active"
    return status[["store_id", "at", "is_up"]]


def seconds_of_day(clock):
    parts = clock.str.split(":", expand=True).astype("int64")
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def read_hours(data):
    hours = pd.read_csv(f"{data}/menu_hours.csv", dtype={"store_id": "str"}).drop_duplicates()
    opens, closes = (seconds_of_day(hours[f"{end}_time_local"]) * SECOND for end in ("start", "end"))
    return pd.DataFrame(
        {
            "store_id": hours["store_id"],
            "weekday": hours["dayOfWeek"],
            "opens": opens,
            "closes": closes.where(closes > opens, closes + DAY),
        }
    )


def to_utc(local, zones):
    """The first instant at which the wall clock of the zone reads that time or later."""
    # tz_localize(nonexistent="shift_forward") would do, but in America/Anchorage it lands an hour late
    # (pandas 3.1.1)
    utc = np.full(len(local), FOREVER)
    codes, names = pd.factorize(zones)
    first, last = (int(at) // SECOND for at in (local.min() - 2 * DAY, local.max() + 2 * DAY))
    for code, name in enumerate(names):
        here = np.flatnonzero(codes == code)
        for _, starts, ends, offset in zone_periods([name], first, last):
            instant = np.maximum(starts, local[here] - offset)
            utc[here] = np.where(local[here] < ends + offset, np.minimum(utc[here], instant), utc[here])
    return utc


def sessions_of(hours, zones, as_of):
    """store, opens, closes of the merged opening intervals, in that order; hours has store numbers."""
    first, last = (as_of - 8 * DAY) // DAY - 3, as_of // DAY + 3
    days = pd.DataFrame({"day": np.arange(first, last + 1)})
    days["weekday"] = (days["day"] + 3) % 7  # 1970-01-01 was a Thursday
    shifts = hours.merge(days, on="weekday")
    zone = zones.iloc[shifts["store"]].to_numpy()
    opens, closes = (to_utc((shifts["day"] * DAY + shifts[end]).to_numpy(), zone) for end in ("opens", "closes"))
    shifts = pd.DataFrame({"store": shifts["store"], "opens": opens, "closes": closes})
    always = np.setdiff1d(np.arange(len(zones)), hours["store"])
    shifts = pd.concat(
        [
            shifts[shifts["opens"] < shifts["closes"]],
            pd.DataFrame({"store": always, "opens": first * DAY, "closes": last * DAY}),
        ]
    )
    shifts = shifts.sort_values(["store", "opens", "closes"], ignore_index=True)
    reached = shifts.groupby("store")["closes"].cummax().groupby(shifts["store"]).shift(1)
    number = (reached.isna() | (shifts["opens"] > reached + JOIN_GAP)).cumsum()
    merged = shifts.groupby(number.to_numpy()).agg(
        store=("store", "first"), opens=("opens", "min"), closes=("closes", "max")
    )
    return merged[(merged["closes"] > as_of - 8 * DAY) & (merged["opens"] <= as_of)].reset_index(drop=True)


def evidence_of(status, sessions, as_of):
    """The observations inside a session, each instant of a store once, with the session's number."""
    base = as_of - 20 * DAY  # combines store and instant in one sortable number
    width = 40 * DAY
    key = status["store"].to_numpy() * width + (status["at"].to_numpy() - base)
    found = np.searchsorted((sessions["store"] * width + (sessions["opens"] - base)).to_numpy(), key, side="right") - 1
    inside = found >= 0
    at, store = status["at"].to_numpy(), status["store"].to_numpy()
    inside &= (sessions["store"].to_numpy()[found] == store) & (at < sessions["closes"].to_numpy()[found])
    evidence = pd.DataFrame({"store": store, "session": found, "at": at, "is_up": status["is_up"].to_numpy()})[inside]
    evidence = evidence.sort_values(["store", "at", "is_up"])  # inactive first, so that it wins
    return evidence.drop_duplicates(["store", "at"]).reset_index(drop=True)


def stretches_of(sessions, evidence):
    """store, starts, ends, is_up of all open time with a known status."""
    store, session, at = (evidence[c].to_numpy() for c in ("store", "session", "at"))
    turn = (at[:-1] + at[1:]) // 2
    same = session[:-1] == session[1:]
    opens, closes = sessions["opens"].to_numpy(), sessions["closes"].to_numpy()
    starts, ends = opens[session], closes[session]
    starts[1:][same] = turn[same]
    ends[:-1][same] = turn[same]
    observed = pd.DataFrame({"store": store, "starts": starts, "ends": ends, "is_up": evidence["is_up"]})
    # a session without evidence is split between the neighbouring observations of the store
    silent = np.setdiff1d(np.arange(len(sessions)), session)
    right = np.searchsorted(session, silent)
    left = right - 1
    last = len(session) - 1
    of = sessions["store"].to_numpy()[silent]
    has_left = (left >= 0) & (store[np.maximum(left, 0)] == of)
    has_right = (right <= last) & (store[np.minimum(right, last)] == of)
    left, right = np.maximum(left, 0), np.minimum(right, last)
    middle = np.clip((at[left] + at[right]) // 2, opens[silent], closes[silent])
    turn = np.where(has_left & has_right, middle, np.where(has_left, closes[silent], opens[silent]))
    up = evidence["is_up"].to_numpy()
    borrowed = [
        pd.DataFrame({"store": of, "starts": opens[silent], "ends": turn, "is_up": up[left]})[has_left],
        pd.DataFrame({"store": of, "starts": turn, "ends": closes[silent], "is_up": up[right]})[has_right],
    ]
    return pd.concat([observed, *borrowed])


def time_in(window, as_of, frame, stores):
    """Microseconds of each store inside a window; the sums are far below 2^53, so doubles are exact."""
    length = np.minimum(frame["ends"], as_of) - np.maximum(frame["starts"], as_of - window)
    return np.bincount(frame["store"], weights=length.clip(lower=0), minlength=stores).astype("int64")


def cells(total, unit, unknown):
    """Two decimals, rounded half up from microseconds."""
    hundredth = unit // 100
    hundredths = pd.Series((total + hundredth // 2) // hundredth)
    text = (hundredths // 100).astype(str) + "." + (hundredths % 100).astype(str).str.zfill(2)
    return text.mask(unknown, "")


def main():
    data, output = sys.argv[1:]
    status, hours = read_status(data), read_hours(data)
    zones = pd.read_csv(f"{data}/timezones.csv", dtype="str").groupby("store_id")["timezone_str"].min()
    as_of = status["at"].max()
    ids = pd.Index(np.sort(pd.unique(pd.concat([status["store_id"], hours["store_id"], zones.index.to_series()]))))
    status = status[status["at"] >= as_of - 8 * DAY]
    status["store"] = ids.get_indexer(status["store_id"])
    hours["store"] = ids.get_indexer(hours["store_id"])
    sessions = sessions_of(hours, zones.reindex(ids).fillna("America/Chicago"), as_of)
    evidence = evidence_of(status, sessions, as_of)
    stretches = stretches_of(sessions, evidence)
    known = np.isin(np.arange(len(ids)), evidence["store"])
    open_time = sessions.rename(columns={"opens": "starts", "closes": "ends"})
    report = {"store_id": ids}
    for kind, part in (("uptime", stretches[stretches["is_up"]]), ("downtime", stretches[~stretches["is_up"]])):
        for name, window, unit in WINDOWS:
            unknown = ~known & (time_in(window, as_of, open_time, len(ids)) > 0)
            report[f"{kind}_last_{name}"] = cells(time_in(window, as_of, part, len(ids)), unit, unknown)
    pd.DataFrame(report).to_csv(output, index=False, lineterminator="\n")


main()
