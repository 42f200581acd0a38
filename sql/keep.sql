-- Reads the input files once and keeps their accepted rows in memory: run `.read sql/keep.sql`
-- before many queries over much data. Parameters can still be changed afterwards.
CREATE OR REPLACE TEMP TABLE kept_status_rows AS FROM status_rows;
CREATE OR REPLACE TEMP TABLE kept_hours_rows AS FROM hours_rows;
CREATE OR REPLACE TEMP TABLE kept_zones_rows AS FROM zones_rows;
CREATE OR REPLACE TEMP VIEW status_rows AS FROM kept_status_rows;
CREATE OR REPLACE TEMP VIEW hours_rows AS FROM kept_hours_rows;
CREATE OR REPLACE TEMP VIEW zones_rows AS FROM kept_zones_rows;
