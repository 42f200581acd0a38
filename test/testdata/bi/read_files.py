"""Read the files of a report with pandas, Polars and pyarrow; print what each makes of them.

usage: read_files.py FOLDER
"""
import json
import sys

import pandas as pd
import polars as pl
import pyarrow.parquet as pq

folder = sys.argv[1]
report, outages, csv = (f"{folder}/{name}" for name in ("report.parquet", "outages.parquet", "report.csv"))


def summary(ids, started, seconds, kinds):
    return {"ids": list(dict.fromkeys(ids)), "started": str(started), "seconds": float(seconds), "types": kinds}


def with_pandas():
    r, o = pd.read_parquet(report), pd.read_parquet(outages)
    return summary(r.store_id, o.started_at.min().isoformat(), r.downtime_seconds.sum(), {k: str(v) for k, v in {**r.dtypes, **o.dtypes}.items()})


def with_polars():
    r, o = pl.read_parquet(report), pl.read_parquet(outages)
    return summary(r["store_id"], o["started_at"].min().isoformat(), r["downtime_seconds"].sum(), {k: str(v) for k, v in {**r.schema, **o.schema}.items()})


def with_pyarrow():
    r, o = pq.read_table(report), pq.read_table(outages)
    return summary(r["store_id"].to_pylist(), min(o["started_at"].to_pylist()).isoformat(), sum(r["downtime_seconds"].to_pylist()),
                   {f.name: str(f.type) for f in [*r.schema, *o.schema]})


print(json.dumps({
    "pandas": with_pandas(),
    "polars": with_polars(),
    "pyarrow": with_pyarrow(),
    # of CSV every reader must be told that ids are text
    "csv": {
        "pandas": list(pd.read_csv(csv, dtype={"store_id": str}).store_id),
        "polars": list(pl.read_csv(csv, schema_overrides={"store_id": pl.String})["store_id"]),
    },
    "metadata": {k.decode(): json.loads(v) for k, v in pq.read_metadata(report).metadata.items() if k.startswith(b"openhours")},
}))
