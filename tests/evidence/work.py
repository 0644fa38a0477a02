"""Work: confirmed minutes, exchange, indicators H1 to H5 and R1 to R6."""
from __future__ import annotations

from fractions import Fraction
from math import comb

from facts import Case, Cell, Window, Work, nc, number, ratio, thing

NO_WORK = "no contribution dated by the end of the window"
FEW = "fewer than two members"
Ties = dict[tuple[str, str], int]


def logged(case: Case, when: int) -> bool:
    """Is there any contribution dated by that day (NC)?"""
    return any(w.date <= when for w in case.works)


def placed(case: Case, win: Window) -> list[Work]:
    """Contributions dated in the window and in their author's [since, until) (h, e_ij)."""
    return [w for w in case.works if win.has(w.date) and w.author in case.people
            and case.people[w.author].on(w.date)]


def hours(case: Case, win: Window) -> dict[str, int]:
    """h_i: confirmed minutes of every member of M, ascending key (h, e_ij)."""
    result = {p.id: 0 for p in case.members(win.end)}
    for work in placed(case, win):
        if work.valid and work.author in result:
            result[work.author] += work.minutes
    return result


def ties(case: Case, win: Window) -> Ties:
    """e_ij > 0: minutes of i for person j, both in M (h, e_ij)."""
    here = {p.id for p in case.members(win.end)}
    result: Ties = {}
    for work in placed(case, win):
        if work.valid and work.author in here and work.target in here:
            key = (work.author, work.target)
            result[key] = result.get(key, 0) + work.minutes
    return result


def in_hours(minutes: Fraction) -> float:
    """Minutes divided by 60, last."""
    return float(minutes / 60)


def h1(case: Case, win: Window) -> Cell:
    """Confirmed hours, in all and per member (H1)."""
    if not logged(case, win.end):
        return nc(NO_WORK)
    mine = hours(case, win)
    if not mine:
        return nc("no members")
    total = Fraction(sum(mine.values()))
    return thing({"total": in_hours(total), "per_member": in_hours(total / len(mine))})


def h2(case: Case, win: Window) -> Cell:
    """Confirmed / claimed minutes of members of M, disputed ones in neither (H2)."""
    here = {p.id for p in case.members(win.end)}
    mine = [w for w in placed(case, win) if w.author in here and not w.disputed]
    return ratio(sum(w.minutes for w in mine if w.valid), sum(w.minutes for w in mine),
                 "no claimed minutes")


def h3(case: Case, win: Window) -> Cell:
    """Equality: 1 - G n/(n-1), G over all of M with zeros (H3)."""
    mine = list(hours(case, win).values())
    n, total = len(mine), sum(mine)
    if n < 2:
        return nc(FEW)
    if total == 0:
        return nc("no confirmed minutes")
    apart = sum(abs(a - b) for a in mine for b in mine)
    return number(1 - Fraction(apart, 2 * n * total) * Fraction(n, n - 1))


def h4(case: Case, win: Window) -> Cell:
    """Contributing share (H4)."""
    if not logged(case, win.end):
        return nc(NO_WORK)
    mine = hours(case, win)
    return ratio(sum(1 for h in mine.values() if h > 0), len(mine), "no members")


def h5(case: Case, win: Window) -> Cell:
    """Dependence: the largest share of confirmed minutes (H5)."""
    mine = hours(case, win)
    return ratio(max(mine.values(), default=0), sum(mine.values()), "no confirmed minutes")


def chance_of_mutual(n: int, arcs: int, mutual: int) -> Fraction:
    """Exact p: at least so many mutual pairs among random digraphs of L arcs (R1)."""
    pairs = n * (n - 1) // 2
    ways = sum(comb(pairs, k) * comb(pairs - k, arcs - 2 * k) * 2 ** (arcs - 2 * k)
               for k in range(mutual, arcs // 2 + 1) if k <= pairs)
    return Fraction(ways, comb(2 * pairs, arcs))


def r1(case: Case, win: Window) -> Cell:
    """Reciprocity rho = (r-d)/(1-d), with its exact p (R1)."""
    n = len(case.members(win.end))
    if n < 2:
        return nc(FEW)
    arcs = ties(case, win)
    size = len(arcs)
    d = Fraction(size, n * (n - 1))
    if d in (0, 1):
        return nc("no exchange" if d == 0 else "everybody gives to everybody")
    mutual = sum(1 for a, b in arcs if a < b and (b, a) in arcs)
    r = Fraction(2 * mutual, size)
    return thing({"value": float((r - d) / (1 - d)),
                  "p": float(chance_of_mutual(n, size, mutual)), "r": float(r),
                  "d": float(d), "L": size, "m": mutual})


def exchange(case: Case, win: Window) -> tuple[int, Ties] | Cell:
    """n and the ties, or why R2 to R4 are not computable (NC)."""
    n = len(case.members(win.end))
    if n < 2:
        return nc(FEW)
    arcs = ties(case, win)
    return (n, arcs) if arcs else nc("no exchange between members")


def r2(case: Case, win: Window) -> Cell:
    """Weighted reciprocity: sum of min(e_ij, e_ji) / E (R2)."""
    got = exchange(case, win)
    if isinstance(got, Cell):
        return got
    arcs = got[1]
    return ratio(sum(min(w, arcs.get((b, a), 0)) for (a, b), w in arcs.items()),
                 sum(arcs.values()))


def r3(case: Case, win: Window) -> Cell:
    """Give and receive: members with both / n (R3)."""
    got = exchange(case, win)
    if isinstance(got, Cell):
        return got
    n, arcs = got
    return ratio(len({a for a, _ in arcs} & {b for _, b in arcs}), n)


def r4(case: Case, win: Window) -> Cell:
    """Balance: 1 - sum |out - in| / 2E (R4)."""
    got = exchange(case, win)
    if isinstance(got, Cell):
        return got
    net: dict[str, int] = {}
    for (a, b), minutes in got[1].items():
        net[a] = net.get(a, 0) + minutes
        net[b] = net.get(b, 0) - minutes
    return number(1 - Fraction(sum(abs(v) for v in net.values()), 2 * sum(got[1].values())))


def r5(case: Case, win: Window) -> Cell:
    """Density d = L / (n(n-1)) (R5)."""
    n = len(case.members(win.end))
    if n < 2:
        return nc(FEW)
    if not logged(case, win.end):
        return nc(NO_WORK)
    return ratio(len(ties(case, win)), n * (n - 1))


def r6(case: Case, win: Window) -> Cell:
    """Joint work: members who worked for the group on the same thing as another / n (R6)."""
    here = {p.id for p in case.members(win.end)}
    if len(here) < 2:
        return nc(FEW)
    if not logged(case, win.end):
        return nc(NO_WORK)
    crews: dict[str, set[str]] = {}
    for work in placed(case, win):
        if work.valid and work.author in here and work.target == "group":
            for topic in work.on:
                crews.setdefault(topic, set()).add(work.author)
    joint = {who for crew in crews.values() if len(crew) >= 2 for who in crew}
    return ratio(len(joint), len(here))
