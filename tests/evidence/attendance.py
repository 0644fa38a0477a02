"""Indicators P1 to P6 of evidence.md, attested meetings and newcomers."""
from __future__ import annotations

from datetime import date
from itertools import combinations

from facts import Case, Cell, Meeting, Person, Window, nc, ratio


def month_window(year: int, month: int, months: int = 1) -> Window:
    """The days of `months` calendar months from the first of one (months from 0 = January)."""
    start = date(year + month // 12, month % 12 + 1, 1).toordinal()
    month += months
    return Window(start, date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)


def quarters(win: Window) -> list[Window]:
    """Calendar quarters wholly in the window, consecutive (P4)."""
    first = date.fromordinal(win.start)
    step, result = first.year * 4 + (first.month - 1) // 3, []
    while True:
        quarter = month_window(step // 4, step % 4 * 3, 3)
        step += 1
        if quarter.end > win.end:
            return result
        if quarter.start >= win.start:
            result.append(quarter)


def attendances(case: Case, win: Window) -> int:
    """All attendances of held meetings: P1's numerator."""
    return sum(len(m.present) for m in case.held(win))


def attested(case: Case, meeting: Meeting) -> bool:
    """Attested attendances >= max(3, ceil(m/3)), m members on its day (Grade)."""
    count = sum(1 for others in meeting.present.values() if others >= 2)
    return count >= max(3, -(-len(case.members(meeting.day)) // 3))


def p1(case: Case, win: Window) -> Cell:
    """Attendance: attendances / members on the day, over held meetings (P1)."""
    return ratio(attendances(case, win),
                 sum(len(case.members(m.day)) for m in case.held(win)), "no held meeting")


def p2(case: Case, win: Window) -> Cell:
    """Attestation: attendances with two or more others / P1's numerator (P2)."""
    count = sum(1 for m in case.held(win) for others in m.present.values() if others >= 2)
    return ratio(count, attendances(case, win), "no attendance")


def p3(case: Case, win: Window) -> Cell:
    """Core share: members at half or more of the meetings since they came (P3)."""
    held = case.held(win)
    core = able = 0
    for person in case.members(win.end):
        mine = [m for m in held if m.day >= person.since]
        came = sum(1 for m in mine if person.id in m.present)
        able += bool(mine)
        core += bool(mine) and 2 * came >= len(mine)
    return ratio(core, able, "no held meeting since any member came")


def active(case: Case, win: Window) -> set[str]:
    """Members, since left too, with attendance or confirmed work in a quarter (P4)."""
    people = {who for m in case.held(win) for who in m.present}
    for work in case.works:
        person = case.people.get(work.author)
        if work.valid and win.has(work.date) and person is not None and person.on(work.date):
            people.add(work.author)
    return people


def p4(case: Case, win: Window) -> Cell:
    """Retention from quarter to quarter (P4)."""
    groups = [active(case, q) for q in quarters(win)]
    if len(groups) < 2:
        return nc("fewer than two quarters wholly in the window")
    return ratio(sum(len(a & b) for a, b in zip(groups, groups[1:])),
                 sum(len(a) for a in groups[:-1]), "nobody active in the earlier quarters")


def newcomers(case: Case, win: Window) -> list[Person]:
    """Those whose since lies in [from-90, to-90], leavers too, imported ones never (P5)."""
    early = Window(win.start - 90, win.end - 90)
    return [case.people[k] for k in sorted(case.people)
            if early.has(case.people[k].since) and not case.people[k].imported]


def p5(case: Case, win: Window) -> Cell:
    """Newcomers on two or more distinct later days within 90 days (P5)."""
    fresh, held = newcomers(case, win), case.held()
    back = 0
    for person in fresh:
        days = {m.day for m in held if person.id in m.present
                and person.since < m.day <= person.since + 90}
        back += len(days) >= 2
    return ratio(back, len(fresh), "no newcomers")


def p6(case: Case, win: Window) -> Cell:
    """Pairs of members with two or more shared meetings / all pairs (P6)."""
    here = [p.id for p in case.members(win.end)]
    if len(here) < 2:
        return nc("fewer than two members")
    held = case.held(win)
    sets = {who: {m.id for m in held if who in m.present} for who in here}
    near = sum(1 for a, b in combinations(here, 2) if len(sets[a] & sets[b]) >= 2)
    return ratio(near, len(here) * (len(here) - 1) // 2)
