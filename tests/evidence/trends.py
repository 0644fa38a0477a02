"""Increase and improvement: monthly series, exact Mann-Kendall, Theil-Sen, Holm, claims."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import factorial

import attendance
import contract
import deciding
import work
from facts import Case, Json, Window

Value = Fraction
Flow = Callable[[Case, Window], int]
FLOWS: dict[str, Flow] = {
    "minutes": lambda case, win: sum(work.hours(case, win).values()),
    "attendances": attendance.attendances,
    "net_joins": lambda case, win: (lambda a: a[0] - a[1])(deciding.joins(case, win)),
}
RATIOS = {"H3": work.h3, "R3": work.r3, "R6": work.r6, "D1": deciding.d1, "P2": attendance.p2}
IDS = (*FLOWS, *RATIOS)
SHORT, LEAST = 12, 6


def months(case: Case) -> list[int]:
    """Month numbers (12 year + month, January 0) inside the window, after the first three."""
    days = [m.day for m in case.held()] + [w.date for w in case.works]
    if not days:
        return []
    first = date.fromordinal(min(days))
    step, result = first.year * 12 + first.month - 1 + 3, []
    while attendance.month_window(0, step).end <= case.window.end:
        if attendance.month_window(0, step).start >= case.window.start:
            result.append(step)
        step += 1
    return result


def series(case: Case, key: str) -> tuple[list[int], list[Value]]:
    """Months and exact values; a ratio that is not computable is left out."""
    at, values = [], []
    for step in months(case):
        win = attendance.month_window(0, step)
        got = Fraction(FLOWS[key](case, win)) if key in FLOWS else RATIOS[key](case, win).exact
        if got is not None:
            at.append(step)
            values.append(got)
    return at, values


def score(values: Sequence[Value]) -> int:
    """Mann-Kendall's S."""
    return sum((values[j] > values[i]) - (values[j] < values[i])
               for j in range(len(values)) for i in range(j))


def inversions(ties: Sequence[int], top: int) -> list[int]:
    """Orders of a multiset by inversions, up to `top`: the q-multinomial's coefficients."""
    coeffs = [1] + [0] * top
    for k in range(1, sum(ties) + 1):
        for at in range(top, k - 1, -1):
            coeffs[at] -= coeffs[at - k]
    for size in ties:
        for k in range(1, size + 1):
            for at in range(k, top + 1):
                coeffs[at] += coeffs[at - k]
    return coeffs


def p_rise(values: Sequence[Value]) -> Fraction:
    """Exact P(S >= s) under all orders of the values, ties kept."""
    ties = list(Counter(values).values())
    n = len(values)
    untied = n * (n - 1) // 2 - sum(t * (t - 1) // 2 for t in ties)
    top = (untied - score(values)) // 2
    orders = factorial(n)
    for size in ties:
        orders //= factorial(size)
    return Fraction(sum(inversions(ties, top)), orders)


def slope(at: Sequence[int], values: Sequence[Value]) -> Fraction | None:
    """Theil-Sen: the median slope, the mean of the middle two."""
    steps = sorted((values[j] - values[i]) / (at[j] - at[i])
                   for j in range(len(at)) for i in range(j))
    if not steps:
        return None
    return (steps[(len(steps) - 1) // 2] + steps[len(steps) // 2]) / 2


def holm(ps: dict[str, Fraction]) -> dict[str, Fraction]:
    """Holm's step-down adjusted p-values."""
    result: dict[str, Fraction] = {}
    least = Fraction(0)
    for place, key in enumerate(sorted(ps, key=lambda k: (ps[k], k))):
        least = max(least, min(Fraction(1), (len(ps) - place) * ps[key]))
        result[key] = least
    return result


def primaries(case: Case) -> set[str]:
    """Measures of the first three goals that name a trend, adopted before `from`."""
    version = contract.adopted_at(case, case.window.start - 1)
    goals = version.goals if version is not None else []
    return set([g["measure"] for g in goals if g.get("measure") in IDS][:3])


@dataclass
class Side:
    """p and adjusted p of one direction, by trend id."""
    p: dict[str, Fraction]
    adjusted: dict[str, Fraction]


def side(found: dict[str, list[Value]], first: set[str]) -> Side:
    """One direction: primary ones as they are, the others Holm-adjusted (a family)."""
    ps = {k: p_rise(v) for k, v in found.items() if len(v) >= 2}
    long = {k: p for k, p in ps.items() if len(found[k]) >= LEAST}
    adjusted = holm({k: p for k, p in long.items() if k not in first})
    adjusted.update({k: p for k, p in long.items() if k in first})
    return Side(ps, adjusted)


def claim(key: str, count: int, rise: Side, fall: Side) -> str:
    """rise, fall or not_shown, by the threshold of the series' own length."""
    most = Fraction(1, 100) if count <= SHORT else Fraction(3, 1000)
    for word, one in (("rise", rise), ("fall", fall)):
        if key in one.adjusted and one.adjusted[key] <= most:
            return word
    return "not_shown"


def number(value: Fraction | None) -> float | None:
    """Floats last."""
    return None if value is None else float(value)


def trends(case: Case) -> list[Json]:
    """All series with their tests, in the order of evidence.md."""
    got = {key: series(case, key) for key in IDS}
    first = primaries(case)
    rise = side({k: v for k, (_, v) in got.items()}, first)
    fall = side({k: [-x for x in v] for k, (_, v) in got.items()}, first)
    result = []
    for key, (at, values) in got.items():
        word = claim(key, len(values), rise, fall)
        told = fall if word == "fall" else rise
        result.append({
            "id": key, "primary": key in first,
            "months": [f"{step // 12:04d}-{step % 12 + 1:02d}" for step in at],
            "values": [float(v) for v in values],
            "s": score(values) if len(values) >= 2 else None,
            "p": number(told.p.get(key)), "p_adjusted": number(told.adjusted.get(key)),
            "slope": number(slope(at, values)), "claim": word})
    return result
