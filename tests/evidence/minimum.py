"""The minimum copro-min/1.0: clauses, level and label of evidence.md."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

import attendance
import contract
import work
from attendance import quarters
from facts import Case, Cell, Json, Version, Window

PASS, FAIL, NC = "pass", "fail", "not_computable"
SPAN = 90


class Clause:
    """One clause with its figure, threshold and status."""

    def __init__(self, key: str, status: str, value: Any, least: Any,
                 reason: str | None = None) -> None:
        self.key, self.status, self.value = key, status, value
        self.least, self.reason = least, reason

    def shown(self) -> Json:
        """The JSON shape of cli.md."""
        def plain(item: Any) -> Any:
            """Fractions as floats, last."""
            return float(item) if isinstance(item, Fraction) else item
        return {"id": self.key, "status": self.status, "value": plain(self.value),
                "threshold": plain(self.least), "reason": self.reason}


def at_least(key: str, value: Any, least: Any) -> Clause:
    """value >= least."""
    return Clause(key, PASS if value >= least else FAIL, value, least)


def unknown(key: str, least: Any, reason: str | None) -> Clause:
    """A clause that cannot be computed."""
    return Clause(key, NC, None, least, reason)


def from_cell(key: str, cell: Cell, least: Fraction) -> Clause:
    """An indicator >= a threshold."""
    if cell.exact is None:
        return unknown(key, least, cell.reason)
    return at_least(key, cell.exact, least)


def all_of(clauses: list[Clause]) -> str:
    """`and`: fails if one fails, else not computable if one is, else passes."""
    states = {c.status for c in clauses}
    return FAIL if FAIL in states else NC if NC in states else PASS


def any_of(states: list[str]) -> str:
    """`or`: passes if one passes, not computable if none can be computed, else fails."""
    if PASS in states:
        return PASS
    return NC if all(s == NC for s in states) else FAIL


def window_of(end: int) -> Window:
    """[to-89, to]."""
    return Window(end - SPAN + 1, end)


def ratified(case: Case, version: Version, end: int) -> Clause:
    """C4 >= 2/3; with fewer than five members that day all of them signed by `to`."""
    key, share = "formed.ratified", Fraction(2, 3)
    then = {p.id for p in case.members(version.adopted or 0)}
    if len(then) >= 5 or not then:
        return from_cell(key, contract.c4(case, window_of(end)), share)
    signed = len(then & contract.signers(version, end))
    return at_least(key, Fraction(signed, len(then)), 1)


def formed(case: Case, end: int) -> list[Clause]:
    """The eight clauses of Formed at a day."""
    n = len(case.members(end))
    many = max(2, -(-min(n, 12) // 2))
    first = at_least("formed.members", n, 3)
    last = at_least("formed.amend", contract.ratify_need(case, end), 2)
    version = contract.adopted_at(case, end)
    if version is None:
        why = contract.NO_VERSION
        least = {"identity": 20, "purpose": 20, "authors": many, "share": Fraction(4, 5),
                 "own": Fraction(1, 2), "ratified": Fraction(2, 3)}
        return [first, *[unknown("formed." + k, v, why) for k, v in least.items()], last]
    longest = {kind: max((contract.counted(s["body"]) for s in version.sections
                          if s.get("kind") == kind), default=0)
               for kind in ("identity", "purpose")}
    top = contract.largest_share(case, version, end)
    share = unknown("formed.share", Fraction(4, 5), "no text by members") if top is None else \
        Clause("formed.share", PASS if top <= Fraction(4, 5) else FAIL, top, Fraction(4, 5))
    return [first, at_least("formed.identity", longest["identity"], 20),
            at_least("formed.purpose", longest["purpose"], 20),
            at_least("formed.authors", len(contract.authors(case, version, end)), many), share,
            from_cell("formed.own", contract.own_share(case, version, end), Fraction(1, 2)),
            ratified(case, version, end), last]


def mutual(case: Case, win: Window) -> Clause:
    """R3 >= 1/3 or R6 >= 1/3."""
    key, least = "coproducing.mutual", Fraction(1, 3)
    sides = {"R3": work.r3(case, win), "R6": work.r6(case, win)}
    state = any_of([from_cell(key, cell, least).status for cell in sides.values()])
    if state == NC:
        return unknown(key, least, sides["R6"].reason)
    return Clause(key, state, {k: c.value for k, c in sides.items()}, least)


def coproducing(case: Case, end: int, base: list[Clause]) -> list[Clause]:
    """The six clauses of Co-producing over the 90 days that end at a day."""
    win = window_of(end)
    days = sorted(m.day for m in case.held(win) if attendance.attested(case, m))
    state = all_of(base)
    start = Clause("coproducing.formed", state, sum(c.status == PASS for c in base), len(base),
                   "a clause of Formed is not computable" if state == NC else None)
    adopted = contract.first_adoption(case, end)
    after = unknown("coproducing.after", 1, contract.NO_VERSION) if adopted is None else \
        at_least("coproducing.after", sum(1 for d in days if d > adopted), 1)
    many = max(3, -(-len(case.members(end)) // 2))
    busy = sum(1 for h in work.hours(case, win).values() if h >= 30)
    workers = at_least("coproducing.workers", busy, many) if work.logged(case, end) else \
        unknown("coproducing.workers", many, work.NO_WORK)
    return [start, at_least("coproducing.meetings", len(days), 2),
            at_least("coproducing.apart", days[-1] - days[0] if len(days) >= 2 else 0, 7),
            after, workers, mutual(case, win)]


def passes(case: Case, end: int) -> bool:
    """Is the group co-producing at a day? Not computable has not passed."""
    return all_of(coproducing(case, end, formed(case, end))) == PASS


def sustained(case: Case, end: int) -> Clause:
    """Co-producing at the ends of three or more of the last four quarters that end by `to`."""
    last = quarters(Window(end - 800, end))[-4:]
    return at_least("sustained.quarters", sum(passes(case, q.end) for q in last), 3)


def label(case: Case, end: int) -> str:
    """public-service: a citizen and a professional each wrote, signed and worked."""
    version = contract.adopted_at(case, end)
    if version is None:
        return "community"
    wrote = contract.authors(case, version, end) & contract.signers(version, end)
    mine = work.hours(case, window_of(end))
    roles = {case.people[who].role(end) for who in wrote if mine[who] >= 30}
    return "public-service" if {"citizen", "professional"} <= roles else "community"


def level(n: int, base: list[Clause], more: list[Clause], last: Clause) -> str:
    """none, pair, formed, co-producing or sustained."""
    if all_of(base) != PASS:
        rest = [c for c in base if c.key != "formed.members"]
        return "pair" if n == 2 and all_of(rest) == PASS else "none"
    if all_of(more) != PASS:
        return "formed"
    return "sustained" if last.status == PASS else "co-producing"


def minimum(case: Case) -> Json:
    """Level, label and clauses at `to`."""
    end = case.window.end
    base = formed(case, end)
    more = coproducing(case, end, base)
    last = sustained(case, end)
    n = len(case.members(end))
    return {"n": n, "level": level(n, base, more, last), "label": label(case, end),
            "clauses": [c.shown() for c in [*base, *more, last]]}
