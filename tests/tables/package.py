"""Data packages, by the tool of the people who specified them."""

import csv
import json
import shutil
import tempfile
from pathlib import Path

from frictionless import Package


def errors(folder, whole=True):
    """The types of what is wrong; without the file sizes and digests only if `whole` is not."""
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    if not whole:
        for one in described["resources"]:
            del one["hash"], one["bytes"]
    report = Package.from_descriptor(described, basepath=str(folder)).validate()
    return sorted({one[0] for one in report.flatten(["type"])})


def check(reports):
    rows = 0
    for folder in reports:
        found = errors(folder)
        assert not found, f"{folder.name}: {found}"
        for file in folder.glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                for row in csv.reader(lines):
                    rows += 1
                    for cell in row:
                        check_cell(file, cell)
        told_as_in_json(folder)
    return f"{len(reports)} packages, {rows} rows are valid"


def check_cell(file, cell):
    """Nothing that a spreadsheet would run."""
    if cell and cell[0] in "=+-@\t\r\n":
        float(cell)


def told_as_in_json(folder):
    """Tables and JSON say the same of indicators."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {one["indicator"] for one in rows} == set(report["indicators"])
    for row in rows:
        value = report["indicators"][row["indicator"]]["value"]
        if isinstance(value, dict):
            assert row["part"] in value, row
            value = value[row["part"]]
        if row["status"] == "suppressed" or value is None:
            assert row["value"] == "" and row["reason"] != "", row
        else:
            assert float(row["value"]) == value and row["status"] == "ok", row
    parts = sum(len(one["value"]) if isinstance(one["value"], dict) else 1
                for one in report["indicators"].values() if one["status"] == "ok")
    told = [one for one in rows
            if report["indicators"][one["indicator"]]["status"] == "ok"]
    assert len(told) == parts, folder


# What is done to a file, and what must be said of it once sizes and digests are not looked at.
BREAKS = [
    ("indicators.csv", lambda text: text.replace(",ok,", ",fine,", 1), "constraint-error"),
    ("months.csv", lambda text: text.rsplit(",", 1)[0] + ",many\r\n", "type-error"),
    ("months.csv", lambda text: text.rsplit(",", 1)[0] + ",-1\r\n", "constraint-error"),
    ("months.csv", lambda text: text.rsplit(",", 1)[0] + ",\r\n", "constraint-error"),
    ("months.csv", lambda text: text + text.splitlines()[-1] + "\r\n", "primary-key"),
    ("meetings.csv", lambda text: text + "99,1936-02-30,held,1,1,1\r\n", "type-error"),
    ("trends.csv", lambda text: text + "nothing,2026-05,1\r\n", "foreign-key"),
    ("warnings.csv", lambda text: text.replace("code,", "sign,", 1), "incorrect-label"),
]


def check_broken(reports):
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, change, expected) in enumerate(BREAKS):
            broken = Path(folder) / str(number)
            shutil.copytree(reports[0], broken)
            file = broken / name
            text = file.read_bytes().decode()
            assert change(text) != text, f"{name} is as it was"
            file.write_bytes(change(text).encode())
            found = errors(broken, whole=False)
            assert expected in found, f"{name}: {expected} was expected, and not {found}"
            found = errors(broken)
            assert {"hash-count", "byte-count"} & set(found), f"{name}: {found}"
    return f"{len(BREAKS)} broken ones are not"
