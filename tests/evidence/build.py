"""Helpers that write small cases for the tests, in the words of facts.py."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from facts import Json

START = "2026-01-01"


def plus(days: int, start: str = START) -> str:
    """A day some days after the first of January 2026."""
    return (date.fromisoformat(start) + timedelta(days)).isoformat()


def member(key: str, since: str = START, **more: Any) -> Json:
    """A member with voice from the start."""
    row = {"id": key, "since": since, "until": None, "roles": [], "voice": True,
           "voice_since": since, "assisted": False, "helper": None, "imported": False,
           "merged_into": None}
    row.update(more)
    return row


def role(word: str, start: str = START) -> list[Json]:
    """One role from a day on."""
    return [{"from": start, "as": word}]


class Group:
    """A case in the making; every adder returns the new entry's id."""

    def __init__(self, start: str, end: str, members: list[Json]) -> None:
        self.raw: Json = {"from": start, "to": end, "founded": START, "members": members,
                          "meetings": [], "log": [], "proposals": [],
                          "contract": {"versions": [], "texts": {}}, "closed_quarters": []}

    def entry(self, kind: str, author: str, when: str, **more: Any) -> str:
        """Any entry."""
        key = f"e{len(self.raw['log']):04d}"
        row = {"id": key, "kind": kind, "author": author, "on_behalf_of": None, "day": when,
               "signed": when, "date": when, "late": False, "set_aside": False,
               "refused": False}
        row.update(more)
        self.raw["log"].append(row)
        return key

    def meeting(self, when: str, here: str, seen: bool = False, opener: str = "") -> str:
        """A meeting with one tap for each letter; `seen`: all attest all taps."""
        key = self.entry("meeting", here[0], when)
        self.raw["meetings"].append({"id": key, "day": when, "headcount": None,
                                     "imported": False, "opened_by": opener or None})
        taps = [self.entry("tap", who, when, meeting=key) for who in here]
        for who in here if seen else "":
            self.entry("attest", who, when, entries=taps, voice=True)
        return key

    def work(self, who: str, minutes: int, whom: str, when: str, by: str = "",
             **more: Any) -> str:
        """A contribution, confirmed by `by` if given."""
        more["for"] = whom
        key = self.entry("contribution", who, when, minutes=minutes, **more)
        if by:
            self.confirm(by, key, when)
        return key

    def confirm(self, who: str, entry: str, when: str = START, voice: bool = True) -> str:
        """A confirmation."""
        return self.entry("confirm", who, when, entry=entry, voice=voice)

    def correct(self, who: str, entry: str, when: str = START, **fields: Any) -> str:
        """A correction."""
        return self.entry("correction", who, when, entry=entry, fields=fields)

    def version(self, key: str, adopted: str | None, signs: dict[str, str],
                sections: list[tuple[str, list[tuple[str, str]]]],
                contains: tuple[str, ...] = (), goals: tuple[Json, ...] = ()) -> None:
        """A version; a section is (kind, [(author, text), ...])."""
        body: list[Json] = []
        spans: list[Json] = []
        for at, (kind, parts) in enumerate(sections):
            text = ""
            for who, piece in parts:
                spans.append({"section": f"s{at}", "from": len(text),
                              "to": len(text) + len(piece), "member": who or None,
                              "recorder": None, "confirmed_by": None, "imported": not who})
                text += piece
            body.append({"id": f"s{at}", "kind": kind, "heading": kind, "body": text})
        self.raw["contract"]["versions"].append(
            {"version": key, "adopted": adopted, "contains": list(contains),
             "signatures": [{"member": who, "signed": when, "recorder": None,
                             "confirmed_by": None, "withdrawn": None}
                            for who, when in signs.items()]})
        self.raw["contract"]["texts"][key] = {"sections": body, "goals": list(goals),
                                              "spans": spans}
