"""Deciding and growing together: indicators D1 to D5, G1, B1, J1, J2."""
from __future__ import annotations

from fractions import Fraction

import attendance
import contract
import work
from facts import Case, Cell, Decision, Window, nc, number, opt_day, ratio, thing

PHASES = ("commission", "design", "deliver", "assess")
ROLES = ("citizen", "professional")


def closed(case: Case, win: Window) -> list[Decision]:
    """Decisions closed in the window (Decision)."""
    return [d for d in case.decisions if d.closed is not None and d.proposed is not None
            and win.has(d.closed)]


def voters(case: Case, decision: Decision) -> tuple[set[str], int]:
    """Members on the day proposed with an answer by the closing day, and those members (D1)."""
    assert decision.proposed is not None and decision.closed is not None
    then = {p.id for p in case.members(decision.proposed)}
    said = {a.member for a in decision.answers if a.counted and a.signed <= decision.closed}
    return then & said, len(then)


def d1(case: Case, win: Window) -> Cell:
    """Turnout: mean of voters / members on the day proposed (D1)."""
    shares = [Fraction(len(who), size) for who, size in
              (voters(case, d) for d in closed(case, win)) if size]
    return number(sum(shares, Fraction(0)) / len(shares)) if shares else nc("no decision closed")


def parity(case: Case, win: Window, amounts: dict[str, int]) -> Fraction | None:
    """Per head by role, the least / the greatest (D2)."""
    heads: dict[str, list[int]] = {}
    for person in case.members(win.end):
        role = person.role(win.end)
        if role is not None:
            heads.setdefault(role, []).append(amounts.get(person.id, 0))
    per_head = [Fraction(sum(v), len(v)) for v in heads.values()]
    return min(per_head) / max(per_head) if len(per_head) >= 2 and max(per_head) else None


def d2(case: Case, win: Window) -> Cell:
    """Role parity of authorship, decisions and hours (D2)."""
    version = contract.adopted_at(case, win.end)
    texts = contract.written(case, version, win.end) if version is not None else {}
    votes: dict[str, int] = {}
    for decision in closed(case, win):
        for who in voters(case, decision)[0]:
            votes[who] = votes.get(who, 0) + 1
    values = {"authorship": parity(case, win, texts), "decisions": parity(case, win, votes),
              "hours": parity(case, win, work.hours(case, win))}
    if all(v is None for v in values.values()):
        return nc("fewer than two roles, or nothing by either")
    return thing({k: None if v is None else float(v) for k, v in values.items()})


def d3(case: Case, win: Window) -> Cell:
    """Citizen initiative: adopted decisions proposed by citizens / adopted ones (D3)."""
    passed = [d for d in closed(case, win) if d.adopted]
    citizens = 0
    for decision in passed:
        person = case.people.get(decision.proposer or "")
        assert decision.proposed is not None
        citizens += person is not None and person.role(decision.proposed) == "citizen"
    return ratio(citizens, len(passed), "no adopted decision")


def d4(case: Case, win: Window) -> Cell:
    """Phases with counted work of two or more members, one a citizen / 4 (D4)."""
    if not work.logged(case, win.end):
        return nc(work.NO_WORK)
    here = {p.id: p.role(win.end) for p in case.members(win.end)}
    done = 0
    for phase in PHASES:
        crew = {w.author for w in work.placed(case, win)
                if w.valid and w.phase == phase and w.author in here}
        done += len(crew) >= 2 and any(here[who] == "citizen" for who in crew)
    return ratio(done, len(PHASES))


def d5(case: Case, win: Window) -> Cell:
    """Rotation: 1 - sum of squared shares of opened meetings, with its ceiling (D5)."""
    here = {p.id for p in case.members(win.end)}
    tally: dict[str, int] = {}
    for meeting in case.held(win):
        if meeting.opener in here:
            tally[meeting.opener] = tally.get(meeting.opener, 0) + 1
    total = sum(tally.values())
    if total == 0:
        return nc("no held meeting opened by a member")
    value = 1 - Fraction(sum(v * v for v in tally.values()), total * total)
    return thing({"value": float(value),
                  "ceiling": float(1 - Fraction(1, min(len(here), total)))})


def g1(case: Case, win: Window) -> Cell:
    """Goals met: due ones of the version adopted on their due day, said done, confirmed (G1)."""
    dues = {opt_day(g.get("due")) for v in case.versions for g in v.goals}
    met = due = 0
    for when in sorted(d for d in dues if d is not None and win.has(d)):
        version = contract.adopted_at(case, when)
        for goal in version.goals if version is not None else []:
            if opt_day(goal.get("due")) != when:
                continue
            due += 1
            said = [s for s in case.states if s.goal == goal["id"] and s.signed <= when]
            met += bool(said) and said[-1].state == "done" and said[-1].confirmers >= 2
    return ratio(met, due, "no goal due")


def b1(case: Case, win: Window) -> Cell:
    """Bridging: cross-role ties / ties among members with a role, with chance (B1)."""
    roles = {p.id: p.role(win.end) for p in case.members(win.end)}
    roles = {who: role for who, role in roles.items() if role is not None}
    pairs = {frozenset(arc) for arc in work.ties(case, win)
             if arc[0] in roles and arc[1] in roles}
    if not pairs:
        return nc("no ties between members with a role")
    cross = sum(1 for pair in pairs if len({roles[who] for who in pair}) == 2)
    sizes = [sum(1 for r in roles.values() if r == role) for role in ROLES]
    same = Fraction(sum(s * (s - 1) for s in sizes), len(roles) * (len(roles) - 1))
    return Cell("ok", {"value": float(Fraction(cross, len(pairs))), "chance": float(1 - same)},
                cross, len(pairs))


def joins(case: Case, win: Window) -> tuple[int, int]:
    """Who joined and who left in the window, imported ones never (J1)."""
    real = [p for p in case.people.values() if not p.imported]
    return (sum(1 for p in real if win.has(p.since)),
            sum(1 for p in real if p.until is not None and win.has(p.until)))


def j1(case: Case, win: Window) -> Cell:
    """Joining: joined, left, net (J1)."""
    joined, left = joins(case, win)
    return thing({"joined": joined, "left": left, "net": joined - left})


def j2(case: Case, win: Window) -> Cell:
    """Newcomers who signed or worked within 90 days / newcomers (J2)."""
    fresh = attendance.newcomers(case, win)
    doing = 0
    for person in fresh:
        days = Window(person.since, person.since + 90)
        signed = any(s.member == person.id and s.counted and days.has(s.signed)
                     for v in case.versions for s in v.signatures)
        doing += signed or any(w.valid and w.author == person.id
                               for w in work.placed(case, days))
    return ratio(doing, len(fresh), "no newcomers")
