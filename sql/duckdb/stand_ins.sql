-- In place of models that have no rows without certain sets or windows (`unless`), or only those of
-- another model (`else`): DuckDB plans a model as long if it has none. Written by `just docs`.
CREATE OR REPLACE TEMP TABLE attribute_values (
    store_no INTEGER, attribute VARCHAR, value VARCHAR, value_count BIGINT);
CREATE OR REPLACE TEMP TABLE named_stores (
    store_no INTEGER, name VARCHAR, opens_on_day BIGINT, closes_on_day BIGINT);
CREATE OR REPLACE TEMP TABLE addresses (
    store_id VARCHAR, attribute VARCHAR, value VARCHAR, is_special BOOLEAN, is_closure BOOLEAN);
CREATE OR REPLACE TEMP TABLE addressed_stores (
    store_id VARCHAR, attribute VARCHAR, value VARCHAR, level VARCHAR, store_no INTEGER);
CREATE OR REPLACE TEMP TABLE special_rows (
    store_no INTEGER, day_no BIGINT, level VARCHAR, is_closed BOOLEAN, opens_clock_us BIGINT,
    closes_clock_us BIGINT, name VARCHAR);
CREATE OR REPLACE TEMP TABLE special_days (
    store_no INTEGER, day_no BIGINT, level VARCHAR, is_closed BOOLEAN, is_conflict BOOLEAN,
    attribute_count BIGINT);
CREATE OR REPLACE TEMP TABLE special_openings (
    store_no INTEGER, day_no BIGINT, opens_clock_us BIGINT, closes_clock_us BIGINT);
CREATE OR REPLACE TEMP TABLE hours_versions (
    store_no INTEGER, day_no BIGINT, version_day BIGINT);
CREATE OR REPLACE TEMP TABLE store_closures (
    store_no INTEGER, starts_us BIGINT, ends_us BIGINT, start_local_us BIGINT, end_local_us BIGINT,
    reason VARCHAR, announced_us BIGINT, announced_local_us BIGINT);
CREATE OR REPLACE TEMP TABLE closure_spans (
    store_no INTEGER, starts_us BIGINT, ends_us BIGINT, reason VARCHAR, announced_us BIGINT);
CREATE OR REPLACE TEMP TABLE store_bounds (
    store_no INTEGER, opens_us BIGINT, closes_us BIGINT);
CREATE OR REPLACE TEMP VIEW sessions AS FROM joined_sessions;
CREATE OR REPLACE TEMP TABLE planned_spans (
    store_no INTEGER, starts_us BIGINT, ends_us BIGINT, sign BIGINT);
CREATE OR REPLACE TEMP TABLE dated_windows (
    store_no INTEGER, window_no BIGINT, start_us BIGINT, end_us BIGINT);
CREATE OR REPLACE TEMP TABLE dated_spans (
    store_no INTEGER, window_no BIGINT, status VARCHAR, certain VARCHAR, span_us BIGINT);
CREATE OR REPLACE TEMP TABLE dated_observations (
    store_no INTEGER, window_no BIGINT, instants BIGINT);
CREATE OR REPLACE TEMP TABLE span_measures (
    store_no INTEGER, open_us BIGINT, downtime_us BIGINT, unknown_us BIGINT, planned_us BIGINT,
    uptime_min_us BIGINT, uptime_max_us BIGINT, covered_us BIGINT, observations BIGINT);
