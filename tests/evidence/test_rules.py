"""Cases for the rules about entries, members, decisions and levels, worked out by hand."""
from __future__ import annotations

import unittest
from typing import Any

import main
from build import START, Group, member, plus, role
from facts import Json


def cells(group: Group) -> dict[str, Any]:
    """The indicators of a group."""
    return main.evaluate(group.raw)["indicators"]


def pair(group: Group, key: str) -> tuple[int, int]:
    """Numerator and denominator of an indicator."""
    cell = cells(group)[key]
    return cell["num"], cell["den"]


def four(**more: Any) -> Group:
    """Members a, b, c, d over 90 days."""
    return Group(START, plus(89), [member(k, **more) for k in "abcd"])


class Attendance(unittest.TestCase):
    """Taps, attestations, same-as."""

    def test_grade(self) -> None:
        """Three see each other: two others each; no voice or not there does not count."""
        group = four()
        group.meeting(plus(1), "abc", seen=True)
        self.assertEqual((pair(group, "P1"), pair(group, "P2")), ((3, 4), (3, 3)))
        for entry in group.raw["log"]:
            if entry["kind"] == "attest" and entry["author"] == "c":
                entry["voice"] = False
        self.assertEqual(pair(group, "P2"), (1, 3))
        tap = next(e for e in group.raw["log"] if e["kind"] == "tap" and e["author"] == "a")
        group.entry("attest", "d", plus(1), entries=[tap["id"]], voice=True)
        self.assertEqual(pair(group, "P2"), (1, 3))
        tap["refused"] = True
        self.assertEqual((pair(group, "P1"), pair(group, "P2")), ((2, 4), (0, 2)))

    def test_helper(self) -> None:
        """d is assisted by a, earlier by b: neither makes d attested."""
        group = four()
        group.raw["members"][3].update(assisted=True, helper="a", helpers=["b"])
        key = group.meeting(plus(1), "abc")
        tap = group.entry("tap", "a", plus(1), meeting=key, on_behalf_of="d")
        for who in "abc":
            group.entry("attest", who, plus(1), entries=[tap], voice=True)
        self.assertEqual(pair(group, "P2"), (0, 4))

    def test_same_meeting(self) -> None:
        """Two records of one meeting are one, and its contributions too; no ring."""
        group = four()
        one = group.meeting(plus(1), "ab")
        two = group.meeting(plus(1), "bc")
        group.work("a", 30, "group", plus(1), by="b", on=one)
        group.work("c", 30, "group", plus(1), by="b", on=[two])
        self.assertEqual(pair(group, "R6"), (0, 4))
        group.correct("c", two, same_as=one)
        group.correct("d", one, same_as=two)
        self.assertEqual((pair(group, "P1"), pair(group, "R6")), ((4, 8), (0, 4)))
        group.correct("a", two, same_as=one)
        self.assertEqual((pair(group, "P1"), pair(group, "R6")), ((3, 4), (2, 4)))
        group.correct("a", one, same_as=two)
        self.assertEqual(pair(group, "P1"), (3, 4))

    def test_quarters(self) -> None:
        """P4: {a, b, c} then {a, b}: 2/3; one quarter alone is not computable."""
        group = four()
        group.meeting(plus(1), "ab")
        group.work("c", 10, "group", plus(2), by="a")
        group.meeting(plus(91), "ab")
        self.assertEqual(cells(group)["P4"]["status"], "not_computable")
        group.raw["to"] = "2026-06-30"
        self.assertEqual(pair(group, "P4"), (2, 3))

    def test_newcomers(self) -> None:
        """d came on day 10 and came twice after; a founder on day 0 never did."""
        group = four()
        group.raw["members"][3]["since"] = plus(10)
        group.raw["members"][2]["imported"] = True
        group.meeting(plus(10), "ad")
        group.meeting(plus(20), "ad")
        group.meeting(plus(100), "d")
        group.raw.update({"from": plus(90), "to": plus(179)})
        self.assertEqual((pair(group, "P5"), pair(group, "J2")), ((2, 3), (0, 3)))
        group.raw["from"] = plus(91)
        self.assertEqual(pair(group, "P5"), (1, 1))
        group.work("d", 10, "group", plus(100), by="a")
        self.assertEqual(pair(group, "J2"), (1, 1))


class Contributions(unittest.TestCase):
    """Confirmations, corrections, disputes."""

    def hours(self, group: Group) -> tuple[int, int]:
        """H2: confirmed of claimed."""
        return pair(group, "H2")

    def test_who_confirms(self) -> None:
        """Only the receiver, or a third if the receiver is assisted or recorded it."""
        group = four()
        group.work("a", 10, "b", START, by="c")
        group.work("a", 20, "b", START, by="b")
        group.work("b", 40, "b", START, on_behalf_of="a", by="b")
        late = group.work("b", 80, "b", START, on_behalf_of="a", by="c")
        group.work("a", 160, "group", START, by="a")
        self.assertEqual(self.hours(group), (100, 310))
        group.raw["members"][1]["assisted"] = True
        self.assertEqual(self.hours(group), (110, 310))
        next(e for e in group.raw["log"] if e["id"] == late)["late"] = True
        self.assertEqual(self.hours(group), (30, 230))

    def test_correct(self) -> None:
        """A correction needs its own confirmation; a far future date counts 0."""
        group = four()
        key = group.work("a", 10, "b", plus(1), by="b")
        fix = group.correct("a", key, plus(2), minutes=30, date=plus(3))
        self.assertEqual(self.hours(group), (0, 30))
        group.correct("c", key, plus(2), minutes=5)
        group.confirm("b", fix)
        self.assertEqual(self.hours(group), (30, 30))
        fix = group.correct("a", fix, plus(2), date=plus(4))
        group.confirm("b", fix)
        self.assertEqual(cells(group)["H2"]["status"], "not_computable")

    def test_dispute(self) -> None:
        """Disputed minutes are in neither part until answered or settled."""
        group = four()
        group.work("b", 5, "c", START, by="c")
        key = group.work("a", 10, "b", START, by="b")
        dispute = group.entry("dispute", "d", START, entry=key)
        self.assertEqual(self.hours(group), (5, 5))
        fix = group.correct("a", key, minutes=8)
        group.raw["log"][-1]["after"] = [dispute]
        group.confirm("b", fix)
        self.assertEqual(self.hours(group), (5, 5))
        group.confirm("d", fix, voice=False)
        self.assertEqual(self.hours(group), (13, 13))
        group.entry("dispute", "c", START, entry=fix)
        self.assertEqual(self.hours(group), (5, 5))
        settle = {"id": "p1", "kind": "settle", "target": key, "value": "counts",
                  "enacted": True, "adopted": True}
        group.raw["proposals"].append(settle)
        self.assertEqual(self.hours(group), (13, 13))
        group.raw["proposals"].append(dict(settle, id="p2", value="does-not"))
        self.assertEqual(self.hours(group), (5, 5))
        group.raw["proposals"][1]["basis"] = "p1"
        self.assertEqual(self.hours(group), (5, 5))

    def test_merged(self) -> None:
        """What one confirmed for the other is their own word."""
        group = four()
        group.work("a", 10, "b", START, by="b")
        self.assertEqual(self.hours(group), (10, 10))
        group.raw["members"][1]["merged_into"] = "a"
        self.assertEqual(self.hours(group), (0, 10))
        self.assertEqual(main.evaluate(group.raw)["n"], 3)


class Deciding(unittest.TestCase):
    """Decisions, roles, goals."""

    def group(self) -> Group:
        """Two citizens, a professional, one without a role."""
        group = four()
        for row, word in zip(group.raw["members"], ("citizen", "citizen", "professional")):
            row["roles"] = role(word)
        return group

    def test_votes(self) -> None:
        """Turnouts 2/4 and 1/4; parity of decisions (1/1) to (2/2)... by head."""
        group = self.group()

        def answers(**said: str) -> list[Json]:
            return [{"member": k, "answer": "yes", "signed": v} for k, v in said.items()]
        base = {"kind": "text", "by": "a", "proposed": plus(1), "closes": plus(31)}
        group.raw["proposals"] = [
            dict(base, id="p", closed=plus(5), adopted=True,
                 answers=answers(a=plus(2), c=plus(5), b=plus(6))),
            dict(base, id="q", closed=None, adopted=False, answers=answers(d=plus(9))),
            dict(base, id="r", closed=plus(95), adopted=True, answers=answers(d=plus(9))),
            dict(base, id="s", by="c", closed=plus(5), adopted=True, answers=[
                {"member": "a", "answer": "no", "signed": plus(2), "recorder": "c",
                 "confirmed_by": ["c"]}])]
        got = cells(group)
        self.assertEqual(got["D1"]["value"], (0.5 + 0.25 + 0) / 3)
        self.assertEqual(both(got["D3"]), (1, 2))
        self.assertEqual(got["D2"]["value"], {"authorship": None, "decisions": 0.5,
                                              "hours": None})

    def test_bridging(self) -> None:
        """Ties a-b, a-c, c-d: d has no role, so 1/2; chance 1 - 1/3."""
        group = self.group()
        for one, two in ("ab", "ac", "dc", "ba"):
            group.work(one, 10, two, START, by=two)
        got = cells(group)["B1"]
        self.assertEqual(both(got), (1, 2))
        self.assertAlmostEqual(got["value"]["chance"], 2 / 3, 14)

    def test_phases_and_turns(self) -> None:
        """One phase of four; openers a, a, b: 1 - 5/9, ceiling 1 - 1/3."""
        group = self.group()
        for who in "ad":
            group.work(who, 10, "group", START, by="c", phase="deliver")
        for who in "cd":
            group.work(who, 10, "group", START, by="a", phase="design")
        for when, who in enumerate("aabz"):
            group.meeting(plus(when), "cd", opener=who)
        got = cells(group)
        self.assertEqual(both(got["D4"]), (1, 4))
        self.assertAlmostEqual(got["D5"]["value"]["value"], 4 / 9, 14)
        self.assertAlmostEqual(got["D5"]["value"]["ceiling"], 2 / 3, 14)

    def test_goals(self) -> None:
        """Three goals are due, one is met in time and seen by two others."""
        group = self.group()
        goals = tuple({"id": k, "due": plus(40), "measure": ""} for k in "xyz")
        signs = {k: plus(2) for k in "abcd"}
        group.version("v1", plus(2), signs, [], goals=goals)
        group.version("v2", plus(50), signs, [], contains=("v1",))
        for goal, when, seen in (("x", 30, "bc"), ("y", 30, "ab"), ("z", 41, "bc")):
            key = group.entry("goal_state", "a", plus(when), goal=goal, state="done")
            for who in seen:
                group.confirm(who, key, plus(60))
        self.assertEqual(pair(group, "G1"), (1, 3))


def both(cell: Json) -> tuple[int, int]:
    """Numerator and denominator."""
    return cell["num"], cell["den"]


class Levels(unittest.TestCase):
    """The minimum and the trends, over two years."""

    def group(self) -> Group:
        """Five members meet monthly, seen by all, and work more each month."""
        group = Group("2026-01-01", "2026-12-31", [member(k) for k in "abcde"])
        for row, word in zip(group.raw["members"], ("citizen", "professional", "citizen")):
            row["roles"] = role(word)
        group.version("v", plus(5), {k: plus(5) for k in "abcd"}, [
            ("identity", [("a", "x" * 40), ("b", "y" * 40)]), ("purpose", [("c", "z" * 40)])])
        for month in range(12):
            when = f"2026-{month + 1:02d}-20"
            key = group.meeting(when, "abcde", seen=True, opener="abcde"[month % 5])
            for who, other in ("ab", "bc", "ca"):
                group.work(who, 30 + month, other, when, by=other, on=key)
        return group

    def test_sustained(self) -> None:
        """All clauses hold at four quarter ends."""
        got = main.evaluate(self.group().raw)
        bad = [c for c in got["clauses"] if c["status"] != "pass"]
        self.assertEqual((bad, got["level"], got["label"]), ([], "sustained", "public-service"))
        self.assertEqual(got["clauses"][-1]["value"], 4)

    def test_levels(self) -> None:
        """Fewer quarters, no second witness, two members."""
        group = self.group()
        group.raw["to"] = "2026-08-31"
        self.assertEqual(main.evaluate(group.raw)["level"], "co-producing")
        group.raw["log"] = [e for e in group.raw["log"] if e["kind"] != "attest"]
        got = main.evaluate(group.raw)
        self.assertEqual(got["level"], "formed")
        status = {c["id"]: c["status"] for c in got["clauses"]}
        self.assertEqual(status["coproducing.apart"], "fail")
        group.raw["members"] = group.raw["members"][:2]
        self.assertEqual(main.evaluate(group.raw)["level"], "pair")

    def test_rise(self) -> None:
        """Nine months from April, minutes strictly rising: p 1/9!, slope 3; R3 flat."""
        got = {t["id"]: t for t in main.evaluate(self.group().raw)["trends"]}
        rise = got["minutes"]
        self.assertEqual((rise["months"][0], rise["months"][-1], rise["s"], rise["slope"]),
                         ("2026-04", "2026-12", 36, 3.0))
        self.assertEqual((rise["p"], rise["claim"]), (1 / 362880, "rise"))
        # The family: minutes, attendances, net_joins, H3, R3, R6, P2 have nine values, D1 none.
        self.assertEqual(rise["p_adjusted"], 7 / 362880)
        self.assertEqual((got["R3"]["p"], got["R3"]["claim"]), (1.0, "not_shown"))
        self.assertEqual((got["D1"]["values"], got["D1"]["p"]), ([], None))

    def test_primary(self) -> None:
        """A goal that names a trend before the window makes it primary."""
        group = self.group()
        group.raw["from"] = "2026-02-01"
        group.raw["contract"]["texts"]["v"]["goals"] = [{"id": "g", "measure": "minutes"}]
        got = main.evaluate(group.raw)["trends"][0]
        self.assertEqual((got["primary"], got["p"], got["p_adjusted"]),
                         (True, 1 / 362880, 1 / 362880))


if __name__ == "__main__":
    unittest.main()
