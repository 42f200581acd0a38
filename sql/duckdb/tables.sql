-- Tables that the loader fills: the accepted rows of each set, in the units of the models.
CREATE OR REPLACE TEMP TABLE status_rows (
    store_id VARCHAR, is_up BOOLEAN, observed_us BIGINT);
CREATE OR REPLACE TEMP TABLE hours_rows (
    store_id VARCHAR, weekday BIGINT, opens_clock_us BIGINT, closes_clock_us BIGINT);
CREATE OR REPLACE TEMP TABLE zones_rows (store_id VARCHAR, zone VARCHAR);

-- Stores with a rejected hours row: a finding names those left without hours because of it.
CREATE OR REPLACE TEMP TABLE rejected_hours (store_id VARCHAR);

-- Rows from the exact reader, one chunk at a time. `utf8_fault` names the first column with invalid
-- UTF-8; the columns that the set needs come first.
CREATE OR REPLACE TEMP TABLE exact_rows (
    line BIGINT, utf8_fault VARCHAR, a VARCHAR, b VARCHAR, c VARCHAR, d VARCHAR);
