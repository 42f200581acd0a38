"""The seven-column report with SQLite: plain SQL and window functions. SQLite has no time zones, so their offsets are
loaded as a table. usage: sqlite_windows.py DATA OUTPUT
"""

import csv
import sqlite3
import sys

from zone_periods import zone_periods

DAY = 86_400

TABLES = """
CREATE TABLE status (store_id TEXT, status TEXT, timestamp_utc TEXT);
CREATE TABLE hours (store_id TEXT, weekday INTEGER, start_time_local TEXT, end_time_local TEXT);
CREATE TABLE zones (store_id TEXT, zone TEXT);
CREATE TABLE zone_periods (zone TEXT, starts INTEGER, ends INTEGER, local_offset INTEGER);
CREATE TABLE days (day INTEGER, weekday INTEGER);
"""

# '2024-10-07 10:00:00.5 UTC' as microseconds since 1970, exactly
INSTANT = """unixepoch(substr(timestamp_utc, 1, 19)) * 1000000 + CASE WHEN substr(timestamp_utc, 20, 1) = '.'
    THEN CAST(substr(substr(timestamp_utc, 21, length(timestamp_utc) - 24) || '00000', 1, 6) AS INTEGER) ELSE 0 END"""

OBSERVATIONS = f"""
CREATE TABLE observations AS SELECT store_id, {INSTANT} AS at, status = 'active' AS is_up FROM status;
CREATE TABLE params AS SELECT max(at) AS as_of, max(at) - 8 * 86400000000 AS horizon FROM observations;
CREATE TABLE stores AS
SELECT row_number() OVER (ORDER BY store_id) AS store, store_id,
    coalesce((SELECT min(zone) FROM zones AS z WHERE z.store_id = s.store_id), 'America/Chicago') AS zone
FROM (SELECT store_id FROM status UNION SELECT store_id FROM hours UNION SELECT store_id FROM zones) AS s;
CREATE UNIQUE INDEX stores_by_id ON stores (store_id);
"""

SESSIONS = """
CREATE TABLE store_hours AS
SELECT store, zone, weekday, opens, closes + CASE WHEN closes <= opens THEN 86400000000 ELSE 0 END AS closes
FROM (
    SELECT DISTINCT store, zone, weekday, unixepoch('1970-01-01 ' || start_time_local) * 1000000 AS opens,
        unixepoch('1970-01-01 ' || end_time_local) * 1000000 AS closes
    FROM hours JOIN stores USING (store_id)
);
-- many stores share the same hours, so convert each distinct pattern and date once
CREATE TABLE dated AS
SELECT p.*, day * 86400000000 + opens AS opens_local, day * 86400000000 + closes AS closes_local
FROM (SELECT DISTINCT zone, weekday, opens, closes FROM store_hours) AS p JOIN days USING (weekday);
CREATE TABLE instants AS
SELECT l.zone, l.local, min(max(z.starts, l.local - z.local_offset)) AS utc
FROM (SELECT zone, opens_local AS local FROM dated UNION SELECT zone, closes_local FROM dated) AS l
JOIN zone_periods AS z ON z.zone = l.zone AND z.ends + z.local_offset > l.local
GROUP BY l.zone, l.local;
CREATE UNIQUE INDEX instants_by_local ON instants (zone, local);
CREATE TABLE openings AS
SELECT d.zone, d.weekday, d.opens, d.closes, o.utc AS opens_utc, c.utc AS closes_utc
FROM dated AS d
JOIN instants AS o ON o.zone = d.zone AND o.local = d.opens_local
JOIN instants AS c ON c.zone = d.zone AND c.local = d.closes_local
WHERE o.utc < c.utc;
CREATE INDEX openings_by_pattern ON openings (zone, weekday, opens, closes);
CREATE TABLE sessions AS
WITH shifts AS (
    SELECT h.store, o.opens_utc AS opens, o.closes_utc AS closes
    FROM store_hours AS h JOIN openings AS o USING (zone, weekday, opens, closes)
    UNION ALL
    SELECT store, (SELECT min(day) * 86400000000 FROM days), (SELECT max(day) * 86400000000 FROM days)
    FROM stores WHERE store NOT IN (SELECT store FROM store_hours)
),
reached AS (
    SELECT *, max(closes) OVER (
        PARTITION BY store ORDER BY opens, closes ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM shifts
),
numbered AS (
    SELECT *, sum(reached IS NULL OR opens > reached + 60000000) OVER (
        PARTITION BY store ORDER BY opens, closes ROWS UNBOUNDED PRECEDING) AS number
    FROM reached
)
SELECT store, min(opens) AS opens, max(closes) AS closes
FROM numbered
GROUP BY store, number
HAVING max(closes) > (SELECT horizon FROM params) AND min(opens) <= (SELECT as_of FROM params);
CREATE UNIQUE INDEX sessions_by_opening ON sessions (store, opens);
"""

STRETCHES = """
CREATE TABLE evidence AS
WITH polls AS (
    SELECT store, at, min(is_up) AS is_up  -- inactive wins
    FROM observations JOIN stores USING (store_id)
    WHERE at >= (SELECT horizon FROM params)
    GROUP BY store, at
),
placed AS (
    SELECT p.*, (SELECT max(s.opens) FROM sessions AS s WHERE s.store = p.store AND s.opens <= p.at) AS opens
    FROM polls AS p
)
SELECT p.store, p.opens, s.closes, p.at, p.is_up
FROM placed AS p JOIN sessions AS s ON s.store = p.store AND s.opens = p.opens AND p.at < s.closes;
CREATE INDEX evidence_by_instant ON evidence (store, at, is_up);
CREATE TABLE stretches AS
SELECT store, is_up,
    coalesce((lag(at) OVER session + at) / 2, opens) AS starts,
    coalesce((at + lead(at) OVER session) / 2, closes) AS ends
FROM evidence
WINDOW session AS (PARTITION BY store, opens ORDER BY at);
-- a session without evidence is split between the neighbouring observations of the store
CREATE TABLE silent AS
SELECT store, opens, closes,
    (SELECT max(at) FROM evidence AS e WHERE e.store = s.store AND e.at < s.opens) AS left_at,
    (SELECT min(at) FROM evidence AS e WHERE e.store = s.store AND e.at >= s.closes) AS right_at
FROM sessions AS s
WHERE NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.store = s.store AND e.at >= s.opens AND e.at < s.closes);
WITH cut AS (
    SELECT *, CASE WHEN left_at IS NULL THEN opens WHEN right_at IS NULL THEN closes
        ELSE min(max((left_at + right_at) / 2, opens), closes) END AS turn
    FROM silent
)
INSERT INTO stretches
SELECT c.store, e.is_up, c.opens, c.turn FROM cut AS c JOIN evidence AS e ON e.store = c.store AND e.at = c.left_at
UNION ALL
SELECT c.store, e.is_up, c.turn, c.closes FROM cut AS c JOIN evidence AS e ON e.store = c.store AND e.at = c.right_at;
"""

REPORT = """
WITH windows (name, window, unit) AS (
    VALUES ('hour', 3600000000, 60000000), ('day', 86400000000, 3600000000), ('week', 604800000000, 3600000000)
),
totals AS (
    SELECT store, name,
        sum(is_up * max(0, min(ends, as_of) - max(starts, as_of - window))) AS uptime,
        sum((1 - is_up) * max(0, min(ends, as_of) - max(starts, as_of - window))) AS downtime
    FROM stretches CROSS JOIN windows CROSS JOIN params
    GROUP BY store, name
),
open_time AS (
    SELECT store, name, sum(max(0, min(closes, as_of) - max(opens, as_of - window))) AS open_us
    FROM sessions CROSS JOIN windows CROSS JOIN params
    GROUP BY store, name
),
cells AS (
    SELECT s.store, s.store_id, w.name, t.uptime IS NULL AND coalesce(o.open_us, 0) > 0 AS is_unknown,
        (coalesce(t.uptime, 0) + w.unit / 200) / (w.unit / 100) AS up,
        (coalesce(t.downtime, 0) + w.unit / 200) / (w.unit / 100) AS down
    FROM stores AS s CROSS JOIN windows AS w
    LEFT JOIN totals AS t ON t.store = s.store AND t.name = w.name
    LEFT JOIN open_time AS o ON o.store = s.store AND o.name = w.name
)
SELECT store_id,
    max(CASE WHEN name = 'hour' AND NOT is_unknown THEN printf('%d.%02d', up / 100, up % 100) END),
    max(CASE WHEN name = 'day' AND NOT is_unknown THEN printf('%d.%02d', up / 100, up % 100) END),
    max(CASE WHEN name = 'week' AND NOT is_unknown THEN printf('%d.%02d', up / 100, up % 100) END),
    max(CASE WHEN name = 'hour' AND NOT is_unknown THEN printf('%d.%02d', down / 100, down % 100) END),
    max(CASE WHEN name = 'day' AND NOT is_unknown THEN printf('%d.%02d', down / 100, down % 100) END),
    max(CASE WHEN name = 'week' AND NOT is_unknown THEN printf('%d.%02d', down / 100, down % 100) END)
FROM cells GROUP BY store ORDER BY store
"""

HEADER = ["store_id"] + [
    f"{kind}_last_{window}" for kind in ("uptime", "downtime") for window in ("hour", "day", "week")
]


def load(database, path, table, columns):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def main():
    data, output = sys.argv[1:]
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    load(database, f"{data}/store_status.csv", "status", 3)
    load(database, f"{data}/menu_hours.csv", "hours", 4)
    load(database, f"{data}/timezones.csv", "zones", 2)
    database.executescript(OBSERVATIONS)
    (as_of,) = database.execute("SELECT as_of / 1000000 FROM params").fetchone()
    days = range(as_of // DAY - 11, as_of // DAY + 4)
    database.executemany("INSERT INTO days VALUES (?, ?)", ((day, (day + 3) % 7) for day in days))
    zones = [zone for (zone,) in database.execute("SELECT DISTINCT zone FROM stores")]
    periods = zone_periods(zones, (days[0] - 2) * DAY, (days[-1] + 4) * DAY)
    database.executemany("INSERT INTO zone_periods VALUES (?, ?, ?, ?)", periods)
    database.executescript(SESSIONS + STRETCHES)
    with open(output, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(database.execute(REPORT))


main()
