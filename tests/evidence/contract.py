"""The contract: which version is adopted, who wrote what, indicators C1 to C6."""
from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

from facts import Case, Cell, Json, Version, Window, nc, ratio, thing

NO_VERSION = "no version adopted at the end of the window"
SPACES = frozenset([*range(0x9, 0xE), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
                    0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
IGNORABLE = ((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5),
             (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
             (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
             (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF))
MARKER = re.compile(r" *(?:[-*+]|[0-9]{1,9}[.)]) ")


@lru_cache(maxsize=4096)
def counts(char: str) -> bool:
    """Neither White_Space nor Default_Ignorable, Unicode 16 (Text)."""
    code = ord(char)
    return code not in SPACES and not any(a <= code <= b for a, b in IGNORABLE)


def counted(text: str) -> int:
    """Counted scalars of a text."""
    return sum(1 for char in text if counts(char))


def signers(version: Version, when: int) -> set[str]:
    """Those whose latest counted answer signed by a day is yes (Adopted)."""
    return {s.member for s in version.signatures if s.counted and s.signed <= when
            and (s.withdrawn is None or s.withdrawn > when)}


def adopted_at(case: Case, when: int) -> Version | None:
    """The ledger's choice among versions adopted by a day, with signers by that day (Adopted)."""
    live = [v for v in case.versions if v.adopted is not None and v.adopted <= when]
    tops = [v for v in live if not any(v.id in w.contains for w in live)]

    def rank(version: Version) -> tuple[int, str]:
        """Most signers with voice first, then the lowest id."""
        voiced = [s for s in signers(version, when)
                  if s in case.people and case.people[s].voice(when)]
        return -len(voiced), version.id
    return min(tops, key=rank) if tops else None


def first_adoption(case: Case, when: int) -> int | None:
    """The day of the first adoption, if it is by that day (C5)."""
    days = [v.adopted for v in case.versions if v.adopted is not None]
    return min(days) if days and min(days) <= when else None


def owners(version: Version, section: Json) -> list[str | None]:
    """Whom each scalar of a section's body belongs to (Text)."""
    result: list[str | None] = [None] * len(section["body"])
    for piece in version.spans:
        if piece.section == section["id"]:
            for at in range(max(piece.start, 0), min(piece.stop, len(result))):
                result[at] = piece.owner
    return result


def written(case: Case, version: Version, when: int) -> dict[str, int]:
    """t_i of every member of M, ascending key (Text)."""
    result = {p.id: 0 for p in case.members(when)}
    for section in version.sections:
        for char, owner in zip(section["body"], owners(version, section)):
            if owner in result and counts(char):
                result[owner] += 1
    return result


def total_scalars(version: Version) -> int:
    """Counted scalars of all section bodies."""
    return sum(counted(s["body"]) for s in version.sections)


def blocks(body: str) -> list[list[int]]:
    """The clauses of a body, each as the positions of its counted scalars (Clause)."""
    result: list[list[int]] = []
    at, inside = 0, False
    for line in body.split("\n"):
        here = [at + k for k, char in enumerate(line) if counts(char)]
        at += len(line) + 1
        if not here:
            inside = False
            continue
        if not inside or MARKER.match(line):
            result.append([])
        inside = True
        result[-1].extend(here)
    return result


def authors(case: Case, version: Version, when: int) -> set[str]:
    """Members with t_i >= max(20, min(T/100, T/(4n))) (C1)."""
    parts = written(case, version, when)
    if not parts:
        return set()
    total = sum(parts.values())
    least = max(Fraction(20), min(Fraction(total, 100), Fraction(total, 4 * len(parts))))
    return {who for who, t in parts.items() if t >= least}


def c1(case: Case, win: Window) -> Cell:
    """Author breadth (C1)."""
    version = adopted_at(case, win.end)
    if version is None:
        return nc(NO_VERSION)
    return ratio(len(authors(case, version, win.end)), len(case.members(win.end)), "no members")


def c2(case: Case, win: Window) -> Cell:
    """Author evenness: entropy of the shares / ln n (C2)."""
    version = adopted_at(case, win.end)
    if version is None:
        return nc(NO_VERSION)
    parts = written(case, version, win.end)
    total = sum(parts.values())
    if len(parts) < 2:
        return nc("fewer than two members")
    if total == 0:
        return nc("no text by members")
    terms = [-(t / total) * math.log(t / total) for t in parts.values() if t]
    return thing(math.fsum(terms) / math.log(len(parts)) + 0.0)


def c3(case: Case, win: Window) -> Cell:
    """Clauses with two or more members of ten or more scalars each / clauses (C3)."""
    version = adopted_at(case, win.end)
    if version is None:
        return nc(NO_VERSION)
    here = {p.id for p in case.members(win.end)}
    shared = clauses = 0
    for section in version.sections:
        who = owners(version, section)
        for block in blocks(section["body"]):
            clauses += 1
            tally: dict[str, int] = {}
            for at in block:
                owner = who[at]
                if owner in here:
                    tally[owner] = tally.get(owner, 0) + 1
            shared += sum(1 for t in tally.values() if t >= 10) >= 2
    return ratio(shared, clauses, "no clauses")


def c4(case: Case, win: Window) -> Cell:
    """Ratification: signers and members on the adoption day / members that day (C4)."""
    version = adopted_at(case, win.end)
    if version is None or version.adopted is None:
        return nc(NO_VERSION)
    then = {p.id for p in case.members(version.adopted)}
    return ratio(len(then & signers(version, version.adopted)), len(then), "no members that day")


def c5(case: Case, win: Window) -> Cell:
    """Days and held meetings from founding to the first adoption (C5)."""
    first = first_adoption(case, win.end)
    if first is None:
        return nc(NO_VERSION)
    return thing({"days": first - case.founded,
                  "meetings": len(case.held(Window(case.founded, first)))})


def c6(case: Case, win: Window) -> Cell:
    """Living contract: signers by `to` in M / n (C6)."""
    version = adopted_at(case, win.end)
    if version is None:
        return nc(NO_VERSION)
    here = {p.id for p in case.members(win.end)}
    return ratio(len(here & signers(version, win.end)), len(here), "no members")


def largest_share(case: Case, version: Version, when: int) -> Fraction | None:
    """max p_i, nothing if T = 0 (formed.share)."""
    parts = written(case, version, when)
    total = sum(parts.values())
    return Fraction(max(parts.values()), total) if total else None


def own_share(case: Case, version: Version, when: int) -> Cell:
    """T / all counted scalars (formed.own)."""
    total = sum(written(case, version, when).values())
    return ratio(total, total_scalars(version), "no text")


def ratify_need(case: Case, when: int) -> int:
    """Signatures ratifying needs: the policy's share and more than half (ledger.md, Consent)."""
    voices = sum(1 for p in case.members(when) if p.voice(when))
    shares = [share for start, share in case.policy if start <= when]
    share = shares[-1] if shares else Fraction(2, 3)
    return max(math.ceil(share * voices), voices // 2 + 1)


