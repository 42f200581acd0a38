-- What compact counts and compares: the rows of each UTC day and the sum of their hashes, which
-- tells apart even sets that differ only in how often a row repeats.
CREATE OR REPLACE TEMP TABLE days_read (day_no BIGINT, row_count BIGINT, hash_sum HUGEINT);
CREATE OR REPLACE TEMP TABLE days_stored (day_no BIGINT, row_count BIGINT, hash_sum HUGEINT);

CREATE OR REPLACE TEMP MACRO row_hash(store_id, is_up, observed_us) AS
    CAST(hash(store_id, is_up, observed_us) AS HUGEINT);
