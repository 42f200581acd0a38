-- grain:   one row
-- columns: report_start_us, as_of_us BIGINT, UTC microseconds, the earliest start of a window in
--          any zone of the data, and the end; horizon_us, before which observations no longer
--          count; first_day_no, day_count BIGINT, the dates of the calendar; earliest_us,
--          latest_us, the instants of their first midnight and their last, as if it were UTC
-- sources: zone_windows, params
-- rule:    docs/definition.md "Evidence"
-- keep:    yes
-- Three days cover an overnight shift in any zone; a chain of joined shifts extends that by the
-- gap.
CREATE OR REPLACE TEMP VIEW report_bounds AS
WITH starts AS (
    SELECT min(w.start_us) AS start_us FROM zone_windows AS w
),
horizon AS (
    SELECT
        p.as_of_us,
        coalesce(s.start_us, p.as_of_us) AS report_start_us,
        least(coalesce(s.start_us, p.as_of_us), p.as_of_us - 7 * day_us()) - day_us() AS horizon_us,
        3 + whole_quotient(p.join_gap_us + day_us() - 1, day_us()) AS pad_days
    FROM params AS p
    CROSS JOIN starts AS s
),
dates AS (
    SELECT
        h.as_of_us,
        h.report_start_us,
        h.horizon_us,
        whole_quotient(
            h.horizon_us - (h.horizon_us % day_us() + day_us()) % day_us(), day_us()
        ) - h.pad_days AS first_day_no,
        whole_quotient(
            h.as_of_us - (h.as_of_us % day_us() + day_us()) % day_us(), day_us()
        ) + h.pad_days AS last_day_no
    FROM horizon AS h
)
SELECT
    d.report_start_us,
    d.as_of_us,
    d.horizon_us,
    d.first_day_no,
    d.last_day_no - d.first_day_no + 1 AS day_count,
    d.first_day_no * day_us() AS earliest_us,
    (d.last_day_no + 1) * day_us() AS latest_us
FROM dates AS d
