-- Every model as a view. Written by `just docs`.
CREATE OR REPLACE TEMP VIEW numbers AS
    FROM query(getvariable('models') || 'FROM numbers');
CREATE OR REPLACE TEMP VIEW all_ids AS
    FROM query(getvariable('models') || 'FROM all_ids');
CREATE OR REPLACE TEMP VIEW id_zones AS
    FROM query(getvariable('models') || 'FROM id_zones');
CREATE OR REPLACE TEMP VIEW zone_periods AS
    FROM query(getvariable('models') || 'FROM zone_periods');
CREATE OR REPLACE TEMP VIEW zone_windows AS
    FROM query(getvariable('models') || 'FROM zone_windows');
CREATE OR REPLACE TEMP VIEW report_bounds AS
    FROM query(getvariable('models') || 'FROM report_bounds');
CREATE OR REPLACE TEMP VIEW calendar AS
    FROM query(getvariable('models') || 'FROM calendar');
CREATE OR REPLACE TEMP VIEW collector_gaps AS
    FROM query(getvariable('models') || 'FROM collector_gaps');
CREATE OR REPLACE TEMP VIEW stores AS
    FROM query(getvariable('models') || 'FROM stores');
CREATE OR REPLACE TEMP VIEW store_zones AS
    FROM query(getvariable('models') || 'FROM store_zones');
CREATE OR REPLACE TEMP VIEW as_of_stores AS
    FROM query(getvariable('models') || 'FROM as_of_stores');
CREATE OR REPLACE TEMP VIEW attribute_values AS
    FROM query(getvariable('models') || 'FROM attribute_values');
CREATE OR REPLACE TEMP VIEW named_stores AS
    FROM query(getvariable('models') || 'FROM named_stores');
CREATE OR REPLACE TEMP VIEW addresses AS
    FROM query(getvariable('models') || 'FROM addresses');
CREATE OR REPLACE TEMP VIEW addressed_stores AS
    FROM query(getvariable('models') || 'FROM addressed_stores');
CREATE OR REPLACE TEMP VIEW special_rows AS
    FROM query(getvariable('models') || 'FROM special_rows');
CREATE OR REPLACE TEMP VIEW special_days AS
    FROM query(getvariable('models') || 'FROM special_days');
CREATE OR REPLACE TEMP VIEW special_openings AS
    FROM query(getvariable('models') || 'FROM special_openings');
CREATE OR REPLACE TEMP VIEW store_hours AS
    FROM query(getvariable('models') || 'FROM store_hours');
CREATE OR REPLACE TEMP VIEW stores_apart AS
    FROM query(getvariable('models') || 'FROM stores_apart');
CREATE OR REPLACE TEMP VIEW weekly_hours AS
    FROM query(getvariable('models') || 'FROM weekly_hours');
CREATE OR REPLACE TEMP VIEW hours_versions AS
    FROM query(getvariable('models') || 'FROM hours_versions');
CREATE OR REPLACE TEMP VIEW openings AS
    FROM query(getvariable('models') || 'FROM openings');
CREATE OR REPLACE TEMP VIEW store_closures AS
    FROM query(getvariable('models') || 'FROM store_closures');
CREATE OR REPLACE TEMP VIEW local_instants AS
    FROM query(getvariable('models') || 'FROM local_instants');
CREATE OR REPLACE TEMP VIEW opening_instants AS
    FROM query(getvariable('models') || 'FROM opening_instants');
CREATE OR REPLACE TEMP VIEW shift_reasons AS
    FROM query(getvariable('models') || 'FROM shift_reasons');
CREATE OR REPLACE TEMP VIEW shifts AS
    FROM query(getvariable('models') || 'FROM shifts');
CREATE OR REPLACE TEMP VIEW closure_spans AS
    FROM query(getvariable('models') || 'FROM closure_spans');
CREATE OR REPLACE TEMP VIEW store_bounds AS
    FROM query(getvariable('models') || 'FROM store_bounds');
CREATE OR REPLACE TEMP VIEW joined_sessions AS
    FROM query(getvariable('models') || 'FROM joined_sessions');
CREATE OR REPLACE TEMP VIEW sessions AS
    FROM query(getvariable('models') || 'FROM sessions');
CREATE OR REPLACE TEMP VIEW session_buckets AS
    FROM query(getvariable('models') || 'FROM session_buckets');
CREATE OR REPLACE TEMP VIEW planned_spans AS
    FROM query(getvariable('models') || 'FROM planned_spans');
CREATE OR REPLACE TEMP VIEW dated_windows AS
    FROM query(getvariable('models') || 'FROM dated_windows');
CREATE OR REPLACE TEMP VIEW store_windows AS
    FROM query(getvariable('models') || 'FROM store_windows');
CREATE OR REPLACE TEMP VIEW store_spans AS
    FROM query(getvariable('models') || 'FROM store_spans');
CREATE OR REPLACE TEMP VIEW store_clocks AS
    FROM query(getvariable('models') || 'FROM store_clocks');
CREATE OR REPLACE TEMP VIEW observations AS
    FROM query(getvariable('models') || 'FROM observations');
CREATE OR REPLACE TEMP VIEW change_rows AS
    FROM query(getvariable('models') || 'FROM change_rows');
CREATE OR REPLACE TEMP VIEW change_instants AS
    FROM query(getvariable('models') || 'FROM change_instants');
CREATE OR REPLACE TEMP VIEW evidence AS
    FROM query(getvariable('models') || 'FROM evidence');
CREATE OR REPLACE TEMP VIEW repeats AS
    FROM query(getvariable('models') || 'FROM repeats');
CREATE OR REPLACE TEMP VIEW store_observations AS
    FROM query(getvariable('models') || 'FROM store_observations');
CREATE OR REPLACE TEMP VIEW runs AS
    FROM query(getvariable('models') || 'FROM runs');
CREATE OR REPLACE TEMP VIEW unobserved_sessions AS
    FROM query(getvariable('models') || 'FROM unobserved_sessions');
CREATE OR REPLACE TEMP VIEW stretches AS
    FROM query(getvariable('models') || 'FROM stretches');
CREATE OR REPLACE TEMP VIEW spans AS
    FROM query(getvariable('models') || 'FROM spans');
CREATE OR REPLACE TEMP VIEW uncovered_spans AS
    FROM query(getvariable('models') || 'FROM uncovered_spans');
CREATE OR REPLACE TEMP VIEW counted_observations AS
    FROM query(getvariable('models') || 'FROM counted_observations');
CREATE OR REPLACE TEMP VIEW time_parts AS
    FROM query(getvariable('models') || 'FROM time_parts');
CREATE OR REPLACE TEMP VIEW dated_spans AS
    FROM query(getvariable('models') || 'FROM dated_spans');
CREATE OR REPLACE TEMP VIEW dated_observations AS
    FROM query(getvariable('models') || 'FROM dated_observations');
CREATE OR REPLACE TEMP VIEW outage_spans AS
    FROM query(getvariable('models') || 'FROM outage_spans');
CREATE OR REPLACE TEMP VIEW outage_list AS
    FROM query(getvariable('models') || 'FROM outage_list');
CREATE OR REPLACE TEMP VIEW window_targets AS
    FROM query(getvariable('models') || 'FROM window_targets');
CREATE OR REPLACE TEMP VIEW store_targets AS
    FROM query(getvariable('models') || 'FROM store_targets');
CREATE OR REPLACE TEMP VIEW span_measures AS
    FROM query(getvariable('models') || 'FROM span_measures');
CREATE OR REPLACE TEMP VIEW measures AS
    FROM query(getvariable('models') || 'FROM measures');
CREATE OR REPLACE TEMP VIEW fleet_hours AS
    FROM query(getvariable('models') || 'FROM fleet_hours');
CREATE OR REPLACE TEMP VIEW day_parts AS
    FROM query(getvariable('models') || 'FROM day_parts');
CREATE OR REPLACE TEMP VIEW day_measures AS
    FROM query(getvariable('models') || 'FROM day_measures');
CREATE OR REPLACE TEMP VIEW hour_measures AS
    FROM query(getvariable('models') || 'FROM hour_measures');
CREATE OR REPLACE TEMP VIEW group_attributes AS
    FROM query(getvariable('models') || 'FROM group_attributes');
CREATE OR REPLACE TEMP VIEW group_values AS
    FROM query(getvariable('models') || 'FROM group_values');
CREATE OR REPLACE TEMP VIEW group_members AS
    FROM query(getvariable('models') || 'FROM group_members');
CREATE OR REPLACE TEMP VIEW group_measures AS
    FROM query(getvariable('models') || 'FROM group_measures');
CREATE OR REPLACE TEMP VIEW verdicts AS
    FROM query(getvariable('models') || 'FROM verdicts');
CREATE OR REPLACE TEMP VIEW report_rows AS
    FROM query(getvariable('models') || 'FROM report_rows');
CREATE OR REPLACE TEMP VIEW outage_rows AS
    FROM query(getvariable('models') || 'FROM outage_rows');
CREATE OR REPLACE TEMP VIEW report_cells AS
    FROM query(getvariable('models') || 'FROM report_cells');
CREATE OR REPLACE TEMP VIEW store_rows AS
    FROM query(getvariable('models') || 'FROM store_rows');
CREATE OR REPLACE TEMP VIEW attribute_rows AS
    FROM query(getvariable('models') || 'FROM attribute_rows');
CREATE OR REPLACE TEMP VIEW group_rows AS
    FROM query(getvariable('models') || 'FROM group_rows');
CREATE OR REPLACE TEMP VIEW groups AS
    FROM query(getvariable('models') || 'FROM groups');
CREATE OR REPLACE TEMP VIEW day_rows AS
    FROM query(getvariable('models') || 'FROM day_rows');
CREATE OR REPLACE TEMP VIEW fleet_days AS
    FROM query(getvariable('models') || 'FROM fleet_days');
CREATE OR REPLACE TEMP VIEW fleet AS
    FROM query(getvariable('models') || 'FROM fleet');
CREATE OR REPLACE TEMP VIEW worst_stores AS
    FROM query(getvariable('models') || 'FROM worst_stores');
CREATE OR REPLACE TEMP VIEW week_hours AS
    FROM query(getvariable('models') || 'FROM week_hours');
CREATE OR REPLACE TEMP VIEW target_rows AS
    FROM query(getvariable('models') || 'FROM target_rows');
CREATE OR REPLACE TEMP VIEW target_counts AS
    FROM query(getvariable('models') || 'FROM target_counts');
CREATE OR REPLACE TEMP VIEW targets AS
    FROM query(getvariable('models') || 'FROM targets');
CREATE OR REPLACE TEMP VIEW hour_rows AS
    FROM query(getvariable('models') || 'FROM hour_rows');
CREATE OR REPLACE TEMP VIEW days AS
    FROM query(getvariable('models') || 'FROM days');
CREATE OR REPLACE TEMP VIEW hours AS
    FROM query(getvariable('models') || 'FROM hours');
CREATE OR REPLACE TEMP VIEW report AS
    FROM query(getvariable('models') || 'FROM report');
CREATE OR REPLACE TEMP VIEW outages AS
    FROM query(getvariable('models') || 'FROM outages');
CREATE OR REPLACE TEMP VIEW timeline AS
    FROM query(getvariable('models') || 'FROM timeline');
CREATE OR REPLACE TEMP VIEW report_csv AS
    FROM query(getvariable('models') || 'FROM report_csv');
CREATE OR REPLACE TEMP VIEW manifests AS
    FROM query(getvariable('models') || 'FROM manifests');
CREATE OR REPLACE TEMP VIEW reports AS
    FROM query(getvariable('models') || 'FROM reports');
CREATE OR REPLACE TEMP VIEW store_attributes AS
    FROM query(getvariable('models') || 'FROM store_attributes');
CREATE OR REPLACE TEMP VIEW group_day_rows AS
    FROM query(getvariable('models') || 'FROM group_day_rows');
CREATE OR REPLACE TEMP VIEW group_days AS
    FROM query(getvariable('models') || 'FROM group_days');
