"""The seven-column report with Polars: lazy frames, streamed and multi-threaded.
usage: polars_lazy.py DATA OUTPUT
"""

import sys

import polars as pl
from zone_periods import zone_periods

SECOND = 1_000_000  # all instants and lengths are whole microseconds
HOUR, DAY = 3600 * SECOND, 86_400 * SECOND
JOIN_GAP = 60 * SECOND
WINDOWS = (("hour", HOUR, 60 * SECOND), ("day", DAY, HOUR), ("week", 7 * DAY, HOUR))
opens, closes, at = pl.col("opens"), pl.col("closes"), pl.col("at")


def collect(frame):
    return frame.collect(engine="streaming")


def observations_of(data):
    return pl.scan_csv(f"{data}/store_status.csv", schema_overrides={"store_id": pl.String}).select(
        "store_id",
        is_up=pl.col("status") == "active",
        at=pl.col("timestamp_utc")
        .str.strptime(pl.Datetime("us"), "%Y-%m-%d %H:%M:%S%.f UTC", cache=False)
        .to_physical(),
    )


def hours_of(data):
    def clock(column):
        return pl.col(column).str.to_time("%H:%M:%S").to_physical() // 1000

    return (
        pl.scan_csv(f"{data}/menu_hours.csv", schema_overrides={"store_id": pl.String})
        .unique()
        .select(
            "store_id",
            pl.col("dayOfWeek").alias("weekday"),
            clock("start_time_local").alias("opens"),
            clock("end_time_local").alias("closes"),
        )
        .with_columns(pl.when(closes > opens).then(closes).otherwise(closes + DAY))
    )


def to_utc(local_times, zones, first, last):
    """zone, local, utc: the first instant at which the wall clock of the zone reads that time or later."""
    periods = pl.LazyFrame(
        zone_periods(zones, first // SECOND, last // SECOND),
        orient="row",
        schema={"zone": pl.String, "starts": pl.Int64, "ends": pl.Int64, "offset": pl.Int64},
    )
    return (
        local_times.unique()
        .join(periods, on="zone")
        .filter(pl.col("ends") + pl.col("offset") > pl.col("local"))
        .group_by("zone", "local")
        .agg(pl.max_horizontal("starts", pl.col("local") - pl.col("offset")).min().alias("utc"))
    )


def sessions_of(stores, hours, zones, as_of):
    """store, opens, closes of the merged opening intervals, in that order."""
    first, last = (as_of - 8 * DAY) // DAY - 3, as_of // DAY + 3
    days = pl.LazyFrame({"day": range(first, last + 1)}).with_columns(weekday=(pl.col("day") + 3) % 7)
    hours = hours.join(stores, on="store_id")
    # many stores share the same hours, so convert each distinct pattern once
    pattern = ["zone", "weekday", "opens", "closes"]
    dated = hours.select(pattern).unique().join(days, on="weekday")
    local = [(pl.col("day") * DAY + pl.col(end)).alias(f"{end}_local") for end in ("opens", "closes")]
    dated = dated.select(*pattern, *local)
    both = pl.concat([dated.select("zone", local=f"{end}_local") for end in ("opens", "closes")])
    instants = to_utc(both, zones, (first - 2) * DAY, (last + 4) * DAY)
    for end in ("opens", "closes"):
        dated = dated.join(instants.rename({"local": f"{end}_local", "utc": f"{end}_utc"}), on=["zone", f"{end}_local"])
    dated = dated.filter(pl.col("opens_utc") < pl.col("closes_utc"))
    shifts = hours.join(dated, on=pattern).select("store", opens="opens_utc", closes="closes_utc")
    always = stores.join(hours, on="store_id", how="anti").select(
        "store", opens=pl.lit(first * DAY, pl.Int64), closes=pl.lit(last * DAY, pl.Int64)
    )
    reached = closes.cum_max().shift(1).over("store")
    return (
        pl.concat([shifts, always])
        .sort("store", "opens", "closes")
        .with_columns(session=(reached.is_null() | (opens > reached + JOIN_GAP)).cum_sum())
        .group_by("store", "session")
        .agg(opens.min(), closes.max())
        .filter(closes > as_of - 8 * DAY, opens <= as_of)
        .select("store", "opens", "closes")
        .sort("store", "opens")
    )


def stretches_of(sessions, evidence):
    """store, is_up, starts, ends of all open time with a known status."""
    in_session = ["store", "opens"]

    def turn(step, edge):
        """The midpoint to a neighbouring row of the same session, or else the edge of the session."""
        same = pl.all_horizontal(pl.col(key) == pl.col(key).shift(step) for key in in_session)
        return pl.when(same).then((at + at.shift(step)) // 2).otherwise(edge)

    observed = evidence.select("store", "is_up", starts=turn(1, opens), ends=turn(-1, closes))
    # a session without evidence is split between the neighbouring observations of the store
    around = evidence.select("store", "at", "is_up")
    silent = (
        sessions.join(evidence, on=in_session, how="anti")
        .sort("store", "opens")
        .join_asof(
            around.rename({"at": "left", "is_up": "left_is_up"}),
            left_on="opens",
            right_on="left",
            by="store",
            strategy="backward",
            check_sortedness=False,
        )
        .join_asof(
            around.rename({"at": "right", "is_up": "right_is_up"}),
            left_on="opens",
            right_on="right",
            by="store",
            strategy="forward",
            check_sortedness=False,
        )
        .with_columns(
            turn=pl.when(pl.col("left").is_null())
            .then(opens)
            .when(pl.col("right").is_null())
            .then(closes)
            .otherwise(((pl.col("left") + pl.col("right")) // 2).clip(opens, closes))
        )
    )
    columns = ["store", "is_up", "starts", "ends"]
    return pl.concat(
        [
            observed.select(columns),
            silent.select("store", is_up="left_is_up", starts="opens", ends="turn"),
            silent.select("store", is_up="right_is_up", starts="turn", ends="closes"),
        ]
    ).filter(pl.col("is_up").is_not_null())


def inside(window, starts, ends, as_of):
    return (pl.min_horizontal(ends, as_of) - pl.max_horizontal(starts, as_of - window)).clip(0)


def cell(kind, name, unit):
    """Two decimals, rounded half up from microseconds; empty if all open time is unknown."""
    hundredths = (pl.col(f"{kind}_{name}").fill_null(0) + unit // 200) // (unit // 100)
    text = pl.format("{}.{}", hundredths // 100, (hundredths % 100).cast(pl.String).str.zfill(2))
    is_unknown = pl.col("uptime_week").is_null() & (pl.col(f"open_{name}") > 0)
    return pl.when(is_unknown).then(None).otherwise(text).alias(f"{kind}_last_{name}")


def report_of(stores, sessions, evidence, as_of):
    known = (
        stretches_of(sessions, evidence)
        .group_by("store")
        .agg(
            inside(window, "starts", "ends", as_of).filter(is_kind).sum().alias(f"{kind}_{name}")
            for kind, is_kind in (("uptime", pl.col("is_up")), ("downtime", ~pl.col("is_up")))
            for name, window, _ in WINDOWS
        )
    )
    open_time = sessions.group_by("store").agg(
        inside(window, "opens", "closes", as_of).sum().alias(f"open_{name}") for name, window, _ in WINDOWS
    )
    return (
        stores.join(known, on="store", how="left")
        .join(open_time, on="store", how="left")
        .sort("store")
        .select("store_id", *(cell(kind, name, unit) for kind in ("uptime", "downtime") for name, _, unit in WINDOWS))
    )


def main():
    data, output = sys.argv[1:]
    hours = hours_of(data)
    zones = pl.scan_csv(f"{data}/timezones.csv", schema_overrides={"store_id": pl.String})
    zones = zones.group_by("store_id").agg(zone=pl.col("timezone_str").min())
    observations = collect(observations_of(data))
    as_of = observations["at"].max()
    ids = [frame.lazy().select("store_id") for frame in (observations, hours, zones)]
    stores = collect(
        pl.concat(ids)
        .unique()
        .sort("store_id")
        .with_row_index("store")
        .join(zones, on="store_id", how="left")
        .with_columns(pl.col("zone").fill_null("America/Chicago"))
    )
    sessions = collect(sessions_of(stores.lazy(), hours, stores["zone"].unique(), as_of)).lazy()
    numbered = (
        observations.lazy()
        .filter(at >= as_of - 8 * DAY)
        .join(stores.lazy().select("store_id", "store"), on="store_id")
        .select("store", "at", "is_up")
        .sort("store", "at", "is_up")
        # each instant once; inactive sorts first, so it wins
        .filter(((pl.col("store") != pl.col("store").shift()) | (at != at.shift())).fill_null(True))
    )
    evidence = collect(
        numbered.join_asof(
            sessions,
            left_on="at",
            right_on="opens",
            by="store",
            strategy="backward",
            coalesce=False,
            check_sortedness=False,
        )
        .filter(at < closes)
        .select("store", "opens", "closes", "at", "is_up")
    ).lazy()
    report_of(stores.lazy(), sessions, evidence, as_of).sink_csv(output)


main()
