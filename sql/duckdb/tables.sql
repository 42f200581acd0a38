-- Tables that the loader fills: the accepted rows of each set, in the units of the models.
CREATE OR REPLACE TEMP TABLE status_rows (
    store_id VARCHAR, is_up BOOLEAN, observed_us BIGINT);
CREATE OR REPLACE TEMP TABLE hours_rows (
    store_id VARCHAR, weekday BIGINT, opens_clock_us BIGINT, closes_clock_us BIGINT,
    valid_from_day BIGINT, valid_through_day BIGINT);
CREATE OR REPLACE TEMP TABLE zones_rows (store_id VARCHAR, zone VARCHAR);

-- One row per cell with a value: detail is `id` (one row per row of the file, so that an id alone
-- is a store), `name`, `opens_on`, `closes_on` (with the date as day_no, days since 1970-01-01) or
-- `attribute`.
CREATE OR REPLACE TEMP TABLE stores_rows (
    store_id VARCHAR, detail VARCHAR, attribute VARCHAR, value VARCHAR, day_no BIGINT);

-- Whom a row is for: store_id is a store or `*`, or else attribute and value are those of stores.
CREATE OR REPLACE TEMP TABLE special_hours_rows (
    store_id VARCHAR, attribute VARCHAR, value VARCHAR, first_day BIGINT, last_day BIGINT,
    is_closed BOOLEAN, opens_clock_us BIGINT, closes_clock_us BIGINT, name VARCHAR);
CREATE OR REPLACE TEMP TABLE closures_rows (
    store_id VARCHAR, attribute VARCHAR, value VARCHAR, starts_us BIGINT, ends_us BIGINT,
    start_local_us BIGINT, end_local_us BIGINT, reason VARCHAR, announced_us BIGINT,
    announced_local_us BIGINT);

-- target_ppm is in millionths: 98 % is 980000. Without a window's name it is for all windows.
CREATE OR REPLACE TEMP TABLE targets_rows (
    store_id VARCHAR, attribute VARCHAR, value VARCHAR, target_ppm BIGINT, window_name VARCHAR);

-- Stores with a rejected hours row: a finding names those left without hours because of it.
CREATE OR REPLACE TEMP TABLE rejected_hours (store_id VARCHAR);

