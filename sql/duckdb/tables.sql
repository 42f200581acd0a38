-- What the loader fills: the accepted rows of each set, with their values in the units of the
-- models.
CREATE OR REPLACE TEMP TABLE status_rows (
    store_id VARCHAR, is_up BOOLEAN, observed_us BIGINT);
CREATE OR REPLACE TEMP TABLE hours_rows (
    store_id VARCHAR, weekday BIGINT, opens_clock_us BIGINT, closes_clock_us BIGINT);
CREATE OR REPLACE TEMP TABLE zones_rows (store_id VARCHAR, zone VARCHAR);

-- Stores whose hours rows were rejected: an empty schedule for that reason is worth saying.
CREATE OR REPLACE TEMP TABLE rejected_hours (store_id VARCHAR);

-- Rows as the exact reader found them, a chunk at a time. `utf8_fault` names the first column whose
-- bytes were not UTF-8, those that the set needs before any other.
CREATE OR REPLACE TEMP TABLE exact_rows (
    line BIGINT, utf8_fault VARCHAR, a VARCHAR, b VARCHAR, c VARCHAR, d VARCHAR);
