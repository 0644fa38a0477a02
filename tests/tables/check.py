"""Checks samples of tables: check.py SAMPLES CRATE. Stops at the first thing that is wrong."""

import sys
import time
from pathlib import Path

import community
import package
import schema


def main(samples, crate):
    reports = sorted(samples.glob("report-*"))
    assert reports, "no reports"
    steps = [
        ("schema", lambda: schema.check(reports, crate / "schema" / "report.schema.json")),
        ("packages", lambda: package.check(reports)),
        ("broken packages", lambda: package.check_broken(reports)),
        ("community by SQL", lambda: community.check(samples, crate / "sql" / "community.sql")),
    ]
    for name, step in steps:
        began = time.monotonic()
        print(f"{name}: {step()}, {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
