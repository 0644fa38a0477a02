"""The input of the check: one JSON object a group and window. THE INPUT CONTRACT.

Days D are "YYYY-MM-DD". Ids are strings. Lists are in canonical order (causal, then id).
Fields not named here are ignored; "?" = may be missing or null.

case: from, to, founded: D (window, both inclusive; signed day of founding); members, meetings,
  log, proposals: lists below; contract: {versions, texts}; closed_quarters: not used;
  policy?: [{from: D, share: "2/3"}], as in `status`; without it 2/3 (then the enacted
  proposals of kind policy, value = the share).
member: id; since: D (admission, Assist or founding; of an import: the file's first date); until?: D
  (first day no longer a member); roles?: [{from: D, as: "citizen"|"professional"|null}] (the last
  row with from <= day holds); voice: bool; voice_since?: D; assisted: bool (brought in without
  a device, whether or not they have one now); helper?: id;
  helpers?: [id] (every helper ever; also taken from enacted `helper` proposals: target, value);
  imported: bool (made by an attendance import); merged_into?: id (the survivor).
meeting: id; day: D; headcount?: int (then never held); imported: bool; opened_by?: id (used only if
  the log has no `open` of it); late?, set_aside?, refused?: bool. Meetings missing here are taken
  from their log entry. Presence and grades are recomputed.
log entry: id, kind, author (id of the SIGNING member), on_behalf_of?: id (whom a helper signs for),
  signed: D, date: D (event date), late, set_aside, refused: bool, and by kind:
  meeting       title, headcount?                  (day in `date`)
  open          meeting: id
  tap           meeting: id; member?: id (the subject; else on_behalf_of, else author);
                imported?: bool (else the meeting's)
  attest        entries: [id of a tap]; voice: bool (author had voice in the attestation's past)
  contribution  minutes: int >= 1; date: D; for: id | "group" | "outside"; on?: id or [id] (meeting,
                goal, task); phase?: commission|design|deliver|assess.
                Whose work = on_behalf_of, else author; the recorder = author.
  confirm       entry: id (a contribution, a goal_state, or its last correction); voice: bool
  dispute       entry: id (a contribution or a correction of it)
  correction    entry: id; fields: {any field above; `date` (or `day`) for a date;
                same_as: id = "entry is the same as that one, which stands"};
                after?: [ids of disputes in its past]
  goal_state    goal: id; state: word; the one that counts is "done"
  `refused` of an entry is taken as given, so the kind refuse is not read; nor are close, task,
  note, permission, anchor. "correct" = correction; "goal state", "goal-state" = goal_state.
proposal: id, kind, target?, value?; by: id; on_behalf_of?: id (proposer first); proposed: D;
  closes?: D; closed?: D (else closes); enacted, adopted: true or D or null; basis?: id of the
  proposal it replaces; answers: [{member, answer, signed: D, recorder?: id, confirmed_by?: id or
  [id]}]. Kinds read: text; settle (target: an entry; value: "counts" or "does-not"); helper; policy.
contract.versions: version: id; adopted?: D; contains: [id]; signatures: [{member, signed: D,
  recorder?, confirmed_by?: id or [id], withdrawn?: D}] (one row a yes).
contract.texts[version]: sections: [{id, kind, body}]; goals: [{id, measure?, due?: D}] in order;
  spans: [{section: id, from, to: int (scalars of the body, from 0, `to` excluded), member?: id,
  recorder?: id, confirmed_by?: id or [id], imported: bool}].
"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


def day(text: str) -> int:
    """A civil date as a day number (Window)."""
    return date.fromisoformat(text).toordinal()


def opt_day(text: Any) -> int | None:
    """A civil date or nothing."""
    return day(text) if isinstance(text, str) and text else None


def id_list(value: Any) -> list[str]:
    """An id, a list of ids or nothing, as a list."""
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


@dataclass(frozen=True)
class Window:
    """Both days inclusive (Window)."""
    start: int
    end: int

    def has(self, when: int) -> bool:
        """Is the day inside?"""
        return self.start <= when <= self.end


@dataclass
class Person:
    """A member, merged ones as one (M, n)."""
    id: str
    since: int
    until: int | None
    imported: bool
    assisted: bool
    helpers: set[str]
    roles: list[tuple[int, str | None]]
    voices: list[tuple[int, int | None]]

    def on(self, when: int) -> bool:
        """Does [since, until) contain the day?"""
        return self.since <= when and (self.until is None or when < self.until)

    def role(self, when: int) -> str | None:
        """citizen, professional or None on that day (Role)."""
        held = [role for start, role in self.roles if start <= when]
        return held[-1] if held and held[-1] in ("citizen", "professional") else None

    def voice(self, when: int) -> bool:
        """Had a part of this person voice on that day?"""
        return any(a <= when and (b is None or when < b) for a, b in self.voices)


@dataclass
class Answer:
    """A yes to a version, or any answer to a decision; `counted` = own or confirmed."""
    member: str
    signed: int
    counted: bool
    withdrawn: int | None = None


@dataclass
class Span:
    """Scalars with the person credited for them, or nobody (Text)."""
    section: str
    start: int
    stop: int
    owner: str | None


@dataclass
class Version:
    """A version with its text, goals and signatures."""
    id: str
    adopted: int | None
    contains: set[str]
    signatures: list[Answer]
    sections: list[Json]
    goals: list[Json]
    spans: list[Span]


@dataclass
class Decision:
    """A proposal of kind text (Decision)."""
    proposer: str | None
    proposed: int | None
    closed: int | None
    adopted: bool
    answers: list[Answer]


@dataclass
class Meeting:
    """A standing meeting; `present` maps persons to their number of others (Grade)."""
    id: str
    day: int
    headcount: bool
    opener: str | None = None
    present: dict[str, int] = field(default_factory=dict)


@dataclass
class Work:
    """A standing contribution after its corrections; `valid` = confirmed, not disputed, > 0."""
    author: str
    minutes: int
    date: int
    target: str
    on: frozenset[str]
    phase: str | None
    disputed: bool
    valid: bool


@dataclass
class GoalState:
    """A goal state and how many others with voice confirmed it (G1)."""
    goal: str
    state: str
    signed: int
    confirmers: int


@dataclass
class Case:
    """Everything the indicators need."""
    window: Window
    founded: int
    people: dict[str, Person]
    alias: dict[str, str]
    versions: list[Version]
    decisions: list[Decision]
    policy: list[tuple[int, Fraction]]
    meetings: list[Meeting] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    states: list[GoalState] = field(default_factory=list)

    def members(self, when: int) -> list[Person]:
        """Members on a day, ascending key (M, Order)."""
        return [self.people[k] for k in sorted(self.people) if self.people[k].on(when)]

    def held(self, win: Window | None = None) -> list[Meeting]:
        """Held meetings in a window or at all times (Held)."""
        return [m for m in self.meetings
                if m.present and not m.headcount and (win is None or win.has(m.day))]


@dataclass
class Cell:
    """One indicator: status, printed value, integers and the exact value if it is rational."""
    status: str
    value: Any = None
    num: int | None = None
    den: int | None = None
    reason: str | None = None
    exact: Fraction | None = None

    def shown(self) -> Json:
        """The JSON shape of cli.md."""
        return {"status": self.status, "value": self.value, "num": self.num, "den": self.den,
                "reason": self.reason}


def nc(reason: str) -> Cell:
    """Not computable, with the reason."""
    return Cell("not_computable", reason=reason)


def ratio(num: int, den: int, reason: str = "the denominator is 0") -> Cell:
    """num / den of integers, not computable if den is 0."""
    if den == 0:
        return nc(reason)
    exact = Fraction(num, den)
    return Cell("ok", float(exact), num, den, None, exact)


def number(exact: Fraction) -> Cell:
    """An exact number that is no plain ratio of two counts."""
    return Cell("ok", float(exact), exact=exact)


def thing(value: Any) -> Cell:
    """A value that is an object or a float."""
    return Cell("ok", value)
