"""JSON Lines in, JSON Lines out: one case a line (see facts.py for the fields)."""
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TextIO

import attendance
import contract
import deciding
import minimum
import parse
import trends
import work
from facts import Case, Cell, Json, Window

TABLE: dict[str, Callable[[Case, Window], Cell]] = {
    "C1": contract.c1, "C2": contract.c2, "C3": contract.c3,
    "C4": contract.c4, "C5": contract.c5, "C6": contract.c6,
    "P1": attendance.p1, "P2": attendance.p2, "P3": attendance.p3,
    "P4": attendance.p4, "P5": attendance.p5, "P6": attendance.p6,
    "H1": work.h1, "H2": work.h2, "H3": work.h3, "H4": work.h4, "H5": work.h5,
    "R1": work.r1, "R2": work.r2, "R3": work.r3, "R4": work.r4, "R5": work.r5, "R6": work.r6,
    "D1": deciding.d1, "D2": deciding.d2, "D3": deciding.d3, "D4": deciding.d4,
    "D5": deciding.d5, "G1": deciding.g1, "B1": deciding.b1,
    "J1": deciding.j1, "J2": deciding.j2,
}


def evaluate(raw: Json) -> Json:
    """The whole answer to one case."""
    case = parse.parse(raw)
    result = minimum.minimum(case)
    result["indicators"] = {key: rule(case, case.window).shown() for key, rule in TABLE.items()}
    result["trends"] = trends.trends(case)
    return result


def run(source: TextIO, target: TextIO) -> None:
    """One line of output for each line of input; empty lines are passed over."""
    for line in source:
        if line.strip():
            target.write(json.dumps(evaluate(json.loads(line))) + "\n")
            target.flush()


if __name__ == "__main__":
    run(sys.stdin, sys.stdout)
