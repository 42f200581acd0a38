-- fail: sessions must have a length, and two of a store must not overlap
SELECT s.store_no, s.opens_us, s.closes_us, s.prev_closes_us
FROM sessions AS s
WHERE s.opens_us >= s.closes_us OR s.opens_us < s.prev_closes_us
