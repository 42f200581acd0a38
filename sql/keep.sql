-- Reads the input files once and keeps their accepted rows in memory: run `.read sql/keep.sql`
-- before many queries over much data. Parameters can still be changed afterwards.
CREATE OR REPLACE TEMP TABLE kept_status_rows AS FROM status_rows;
CREATE OR REPLACE TEMP TABLE kept_hours_rows AS FROM hours_rows;
CREATE OR REPLACE TEMP TABLE kept_zones_rows AS FROM zones_rows;
CREATE OR REPLACE TEMP TABLE kept_stores_rows AS FROM stores_rows;
CREATE OR REPLACE TEMP TABLE kept_special_hours_rows AS FROM special_hours_rows;
CREATE OR REPLACE TEMP TABLE kept_closures_rows AS FROM closures_rows;
CREATE OR REPLACE TEMP TABLE kept_targets_rows AS FROM targets_rows;
CREATE OR REPLACE TEMP VIEW status_rows AS FROM kept_status_rows;
CREATE OR REPLACE TEMP VIEW hours_rows AS FROM kept_hours_rows;
CREATE OR REPLACE TEMP VIEW zones_rows AS FROM kept_zones_rows;
CREATE OR REPLACE TEMP VIEW stores_rows AS FROM kept_stores_rows;
CREATE OR REPLACE TEMP VIEW special_hours_rows AS FROM kept_special_hours_rows;
CREATE OR REPLACE TEMP VIEW closures_rows AS FROM kept_closures_rows;
CREATE OR REPLACE TEMP VIEW targets_rows AS FROM kept_targets_rows;
