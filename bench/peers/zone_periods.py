"""Periods of constant UTC offset of time zones, for the peers whose engines have no time zones.

The UTC instant of a local time is the least max(starts, local - offset) among the periods with
ends + offset > local: the first instant at which the wall clock reads that time or later.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

DAY = 86_400
FOREVER = 10**18


def zone_periods(zones, first, last):
    """Rows (zone, starts_us, ends_us, offset_us); first and last are Unix seconds that enclose all local times."""
    rows = []
    for zone in zones:
        clock = ZoneInfo(zone)

        def offset(at, clock=clock):
            return int(datetime.fromtimestamp(at, UTC).astimezone(clock).utcoffset().total_seconds())

        starts, current = -FOREVER, offset(first)
        for day in range(first, last, DAY):
            while offset(day + DAY) != current:  # binary search for the first second with another offset
                low, high = day, day + DAY
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if offset(middle) == current else (low, middle)
                rows.append((zone, starts, high * 1_000_000, current * 1_000_000))
                starts, current = high * 1_000_000, offset(high)
        rows.append((zone, starts, FOREVER, current * 1_000_000))
    return rows
