"""From the JSON object of facts.py to a Case: people, versions, decisions, policy."""
from __future__ import annotations

from fractions import Fraction

import records
from facts import (Answer, Case, Decision, Json, Person, Span, Version, Window, day, id_list,
                   opt_day)


def survivors(rows: list[Json]) -> dict[str, str]:
    """Every member id with the id of the person it is now (M, n: merged members are one)."""
    into = {r["id"]: r.get("merged_into") for r in rows}
    alias: dict[str, str] = {}
    for start in into:
        here, seen = start, {start}
        while into.get(here) and into[here] in into and into[here] not in seen:
            here = into[here]
            seen.add(here)
        alias[start] = here
    return alias


def one_person(key: str, parts: list[Json], alias: dict[str, str],
               helpers: set[str]) -> Person:
    """The rows of one person as one: earliest since, the survivor's role (M, n; Role)."""
    own = next(p for p in parts if p["id"] == key)
    sinces = [day(p["since"]) for p in parts]
    untils = [opt_day(p.get("until")) for p in parts]
    since = min(sinces)
    firsts = [p for p, s in zip(parts, sinces) if s == since]
    voices: list[tuple[int, int | None]] = []
    for part, begin, end in zip(parts, sinces, untils):
        start = opt_day(part.get("voice_since"))
        if start is None and part.get("voice"):
            start = begin
        if start is not None:
            voices.append((start, end))
    for part in parts:
        helpers |= set(id_list(part.get("helper"))) | set(id_list(part.get("helpers")))
    roles = [(day(r["from"]), r.get("as")) for r in own.get("roles") or []]
    gone = None if None in untils else max(u for u in untils if u is not None)
    return Person(key, since, gone, all(p.get("imported") for p in firsts),
                  any(p.get("assisted") for p in parts),
                  {alias.get(h, h) for h in helpers}, roles, voices)


def people(rows: list[Json], alias: dict[str, str], proposals: list[Json]) -> dict[str, Person]:
    """All persons, the departed too."""
    found: dict[str, list[Json]] = {}
    for row in rows:
        if row.get("since"):
            found.setdefault(alias[row["id"]], []).append(row)
    result: dict[str, Person] = {}
    for key, parts in found.items():
        ids = {p["id"] for p in parts}
        helpers = {p["value"] for p in proposals if p["kind"] == "helper" and p.get("enacted")
                   and p.get("target") in ids and isinstance(p.get("value"), str)}
        if not any(p["id"] == key for p in parts):
            parts = parts + [dict(parts[0], id=key)]
        result[key] = one_person(key, parts, alias, helpers)
    return result


def answer(row: Json, alias: dict[str, str]) -> Answer:
    """An answer; one that a helper recorded counts once another member confirmed it."""
    who = alias.get(row["member"], row["member"])
    recorder = row.get("recorder")
    recorder = alias.get(recorder, recorder) if recorder else None
    counted = True
    if recorder is not None:
        seconds = {alias.get(c, c) for c in id_list(row.get("confirmed_by"))}
        counted = bool(seconds - {who, recorder})
    return Answer(who, day(row["signed"]), counted, opt_day(row.get("withdrawn")))


def span(row: Json, alias: dict[str, str]) -> Span:
    """A blame span and whom its scalars belong to, or nobody (Text)."""
    owner = row.get("member")
    owner = alias.get(owner, owner) if owner else None
    recorder = row.get("recorder")
    recorder = alias.get(recorder, recorder) if recorder else None
    if row.get("imported"):
        owner = None
    elif recorder is not None and recorder != owner:
        seconds = {alias.get(c, c) for c in id_list(row.get("confirmed_by"))}
        if not seconds - {recorder}:
            owner = None
    return Span(row["section"], row["from"], row["to"], owner)


def versions(contract: Json, alias: dict[str, str]) -> list[Version]:
    """The versions with their texts; one without a text is kept without sections."""
    texts = contract.get("texts") or {}
    result = []
    for row in contract.get("versions") or []:
        text = texts.get(row["version"]) or {}
        result.append(Version(
            row["version"], opt_day(row.get("adopted")),
            set(row.get("contains") or []) - {row["version"]},
            [answer(s, alias) for s in row.get("signatures") or []],
            text.get("sections") or [], text.get("goals") or [],
            [span(s, alias) for s in text.get("spans") or []]))
    return result


def decisions(rows: list[Json], alias: dict[str, str]) -> list[Decision]:
    """Proposals of kind text (Decision)."""
    result = []
    for row in rows:
        if row["kind"] != "text":
            continue
        by = row.get("on_behalf_of") or row.get("by")
        closed = opt_day(row.get("closed"))
        if closed is None:
            closed = opt_day(row.get("closes"))
        result.append(Decision(alias.get(by, by) if by else None, opt_day(row.get("proposed")),
                               closed, bool(row.get("adopted")),
                               [answer(a, alias) for a in row.get("answers") or []]))
    return result


def policy(case: Json) -> list[tuple[int, Fraction]]:
    """The share that ratifying needs, by the day it starts (ledger.md, Consent; default 2/3)."""
    rows = case.get("policy")
    if rows:
        return [(day(r["from"]), Fraction(str(r["share"]))) for r in rows]
    found = [(day(case["founded"]), Fraction(2, 3))]
    for row in case.get("proposals") or []:
        start = opt_day(row.get("closed"))
        if row["kind"] == "policy" and row.get("enacted") and start is not None:
            found.append((start, Fraction(str(row["value"]))))
    return sorted(found, key=lambda item: item[0])


def parse(raw: Json) -> Case:
    """The whole input."""
    rows = raw.get("members") or []
    proposals = raw.get("proposals") or []
    alias = survivors(rows)
    case = Case(Window(day(raw["from"]), day(raw["to"])), day(raw["founded"]),
                people(rows, alias, proposals), alias,
                versions(raw.get("contract") or {}, alias), decisions(proposals, alias),
                policy(raw))
    log = records.Log(raw.get("log") or [], case, proposals)
    case.meetings = records.meetings(log, raw.get("meetings") or [])
    case.works = records.works(log)
    case.states = records.goal_states(log)
    return case
