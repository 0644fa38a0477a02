"""The log: corrections, same-as, attendance with grades, contributions, goal states."""
from __future__ import annotations

from typing import Any

from facts import Case, GoalState, Json, Meeting, Work, day, id_list, opt_day

JOINED = ("meeting", "contribution", "task")
KINDS = {"correct": "correction", "goal state": "goal_state", "goal-state": "goal_state"}


def flagged(entry: Json) -> bool:
    """Late, set aside, refused: counts nowhere."""
    return bool(entry.get("late") or entry.get("set_aside") or entry.get("refused"))


def settled(proposals: list[Json]) -> dict[str, set[str]]:
    """The words in effect on each entry: counts, does-not (h, e_ij)."""
    live = [p for p in proposals if p["kind"] == "settle" and p.get("enacted")]
    gone = {p["basis"] for p in live if p.get("basis")}
    words: dict[str, set[str]] = {}
    for item in live:
        if item["id"] not in gone:
            words.setdefault(item.get("target") or "", set()).add(str(item.get("value")))
    return words


class Log:
    """Entries that count, in canonical order, with corrections and same-as applied (Correct)."""

    def __init__(self, entries: list[Json], case: Case, proposals: list[Json]) -> None:
        self.case = case
        self.all = {e["id"]: e for e in entries}
        self.place = {e["id"]: k for k, e in enumerate(entries)}
        self.words = settled(proposals)
        self.entries = [e for e in entries if not self.out(e)]
        self.root: dict[str, str] = {}
        self.chain: dict[str, list[Json]] = {}
        self.same: dict[str, str] = {}
        for entry in self.entries:
            if self.kind(entry) == "correction":
                self.correct(entry)

    def out(self, entry: Json) -> bool:
        """Counts nowhere; what is settled `does-not` is like what is refused (h, e_ij)."""
        return flagged(entry) or self.words.get(entry["id"]) == {"does-not"}

    def kind(self, entry: Json) -> str:
        """The kind word."""
        return KINDS.get(entry["kind"], entry["kind"])

    def of(self, kind: str) -> list[Json]:
        """Counted entries of a kind."""
        return [e for e in self.entries if self.kind(e) == kind]

    def person(self, key: Any) -> str:
        """The person that a member id belongs to."""
        return self.case.alias.get(key, key)

    def signer(self, entry: Json) -> str:
        """Who signed: a helper's signature is the helper's."""
        return self.person(entry["author"])

    def voice_of(self, entry: Json) -> str:
        """Whose entry it is: the member it was recorded for, else the signer."""
        return self.person(entry.get("on_behalf_of") or entry["author"])

    def correct(self, entry: Json) -> None:
        """Applies one correction (Correct): by the author of what it corrects (ledger.md)."""
        named = entry.get("entry", "")
        target = self.first(named)
        base = self.all.get(target)
        if base is None:
            return
        self.root[entry["id"]] = target
        fields = entry.get("fields") or {}
        if fields.get("same_as"):
            self.join(entry, named, fields["same_as"])
        elif self.signer(entry) == self.signer(base):
            self.chain.setdefault(target, []).append(entry)

    def join(self, entry: Json, lapses: str, stands: str) -> None:
        """Applies a same-as, by either author (ledger.md): what lapsed before lapses no more,
        nothing goes to what counts nowhere, and work of two people is not the same."""
        one, other = self.all.get(lapses), self.all.get(stands)
        if one is None or other is None or self.out(one) or self.out(other):
            return
        kind = self.kind(one)
        if kind != self.kind(other) or kind not in JOINED or lapses in self.same:
            return
        if kind == "contribution" and self.voice_of(one) != self.voice_of(other):
            return
        either = self.signer(entry) in (self.signer(one), self.signer(other))
        if either and self.stands(stands) != lapses:
            self.same[lapses] = stands

    def first(self, key: str) -> str:
        """The original that a correction is about."""
        return self.root.get(key, key)

    def last(self, key: str) -> str:
        """The last correction of an original, or itself: what a confirmation must name."""
        chain = self.chain.get(key)
        return chain[-1]["id"] if chain else key

    def stands(self, key: str) -> str:
        """The record that stands for this one after same-as."""
        while key in self.same:
            key = self.same[key]
        return key

    def merged(self, entry: Json) -> tuple[Json, str]:
        """Fields after corrections, and the signed day its date is held against."""
        now, held = dict(entry), entry["signed"]
        for fix in self.chain.get(entry["id"], []):
            fields = dict(fix.get("fields") or {})
            moved = fields.get("date") or fields.get("day")
            fields.pop("day", None)
            if moved:
                fields["date"] = moved
                held = fix["signed"]
            now.update(fields)
        return now, held

    def writers(self, entry: Json) -> set[str]:
        """Who signed the entry and its corrections."""
        return {self.signer(e) for e in [entry, *self.chain.get(entry["id"], [])]}

    def standing(self, kind: str) -> list[Json]:
        """Originals of a kind that count and did not lapse by same-as."""
        return [e for e in self.of(kind) if e["id"] not in self.same]


def meeting_rows(log: Log, rows: list[Json]) -> dict[str, tuple[Meeting, bool]]:
    """Standing meetings, each with whether it came from an import."""
    found: dict[str, tuple[Meeting, bool]] = {}
    for row in rows:
        entry = log.all.get(row["id"])
        if flagged(row) or (entry is not None and log.out(entry)) or row["id"] in log.same:
            continue
        opener = row.get("opened_by")
        found[row["id"]] = (Meeting(row["id"], day(row["day"]), row.get("headcount") is not None,
                                    log.person(opener) if opener else None),
                            bool(row.get("imported")))
    for entry in log.standing("meeting"):
        if entry["id"] not in found:
            found[entry["id"]] = (Meeting(entry["id"], day(entry["date"]),
                                          entry.get("headcount") is not None),
                                  bool(entry.get("imported")))
    return found


def openers(log: Log, found: dict[str, tuple[Meeting, bool]]) -> None:
    """Sets who opened each meeting first in canonical order, from the log if it says (D5)."""
    told = {log.stands(e.get("meeting", "")) for e in log.all.values()
            if log.kind(e) == "open"}
    for key in told & set(found):
        found[key][0].opener = None
    for entry in log.of("open"):
        key = log.stands(entry["meeting"])
        if key in found and found[key][0].opener is None:
            found[key][0].opener = log.voice_of(entry)


def meetings(log: Log, rows: list[Json]) -> list[Meeting]:
    """Meetings with their attendances and how many others attested each (Attend, Grade)."""
    found = meeting_rows(log, rows)
    openers(log, found)
    taps: dict[tuple[str, str], list[Json]] = {}
    where: dict[str, tuple[str, str]] = {}
    own: set[str] = set()
    for entry in log.standing("tap"):
        now, _ = log.merged(entry)
        subject = log.person(now.get("member") or now.get("on_behalf_of") or now["author"])
        key = log.stands(now["meeting"])
        who = log.case.people.get(subject)
        if key not in found or who is None or not who.on(found[key][0].day):
            continue
        taps.setdefault((key, subject), []).append(entry)
        where[entry["id"]] = (key, subject)
        if not now.get("imported", found[key][1]):
            own.add(entry["id"])
    seen: dict[tuple[str, str], set[str]] = {}
    for entry in log.of("attest"):
        for named in id_list(entry.get("entries")):
            if entry.get("voice") and named in own:
                seen.setdefault(where[named], set()).add(log.signer(entry))
    for (key, subject), records in taps.items():
        barred = {subject} | log.case.people[subject].helpers
        for entry in records:
            barred |= log.writers(entry)
        others = {s for s in seen.get((key, subject), set()) - barred if (key, s) in taps}
        found[key][0].present[subject] = len(others)
    return [found[key][0] for key in found]


def open_dispute(log: Log, entry: Json) -> bool:
    """Is a dispute still unanswered by its author's confirming a later correction (h, e_ij)?"""
    fixes = {c["id"]: set(c.get("after") or []) for c in log.chain.get(entry["id"], [])}
    yes = [c for c in log.of("confirm") if c.get("entry") in fixes]
    for dispute in log.of("dispute"):
        if log.first(dispute["entry"]) != entry["id"]:
            continue
        if not any(log.voice_of(c) == log.voice_of(dispute)
                   and dispute["id"] in fixes[c["entry"]] for c in yes):
            return True
    return False


def confirmed(log: Log, entry: Json, author: str, target: str) -> bool:
    """Did a fitting member with voice confirm the last state of it (h, e_ij)?"""
    if target == author:
        return False
    last = log.last(entry["id"])
    signers = {log.signer(c) for c in log.of("confirm")
               if c.get("entry") == last and c.get("voice")}
    recorders = log.writers(entry)
    if target in ("group", "outside"):
        return bool(signers - recorders - {author})
    third = bool(signers - recorders - {author, target})
    if target in recorders:
        return third
    person = log.case.people.get(target)
    return target in signers or (person is not None and person.assisted and third)


def works(log: Log) -> list[Work]:
    """Standing contributions after their corrections (h, e_ij; Date)."""
    result = []
    for entry in log.standing("contribution"):
        now, held = log.merged(entry)
        author, when = log.voice_of(entry), day(now["date"])
        if author not in log.case.people:
            continue
        target = now.get("for") or "group"
        if target not in ("group", "outside"):
            target = log.person(target)
        minutes = 0 if when - day(held) > 1 else int(now["minutes"])
        disputed = len(log.words.get(entry["id"], ())) != 1 and open_dispute(log, entry)
        valid = minutes > 0 and not disputed and confirmed(log, entry, author, target)
        topics = frozenset(log.stands(log.first(t)) for t in id_list(now.get("on")))
        result.append(Work(author, minutes, when, target, topics, now.get("phase"),
                           disputed, valid))
    return result


def goal_states(log: Log) -> list[GoalState]:
    """Goal states in canonical order with their confirmers (G1)."""
    result = []
    for entry in log.standing("goal_state"):
        now, _ = log.merged(entry)
        last = log.last(entry["id"])
        signers = {log.signer(c) for c in log.of("confirm")
                   if c.get("entry") == last and c.get("voice")}
        others = signers - log.writers(entry) - {log.voice_of(entry)}
        signed = opt_day(now["signed"])
        result.append(GoalState(now["goal"], str(now["state"]), signed or 0, len(others)))
    return result
