# Says where the rules of the time zones come from if the file of zone_rules.sql is missing.
[ -f "${OPENHOURS_ZONE_PERIODS:-.tools/zone_periods.csv}" ] || echo "time zone rules: those of DuckDB's ICU, which may be behind \
the law; \`openhours zones --write .tools/zone_periods.csv\` gives the rules that reports follow" >&2
