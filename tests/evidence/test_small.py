"""Exact small cases worked out by hand; run `python3 -m unittest` in this folder."""
from __future__ import annotations

import csv
import io
import json
import math
import unittest
from fractions import Fraction
from itertools import combinations, permutations, product
from pathlib import Path

import contract
import main
import trends
import work
from build import START, Group, member, plus
from facts import Json

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def values(group: Group) -> dict[str, object]:
    """Every indicator's value of a group."""
    return {k: v["value"] for k, v in main.evaluate(group.raw)["indicators"].items()}


def both(cell: Json) -> tuple[int, int]:
    """Numerator and denominator."""
    return cell["num"], cell["den"]


class SouthernWomen(unittest.TestCase):
    """The published case."""

    def test_published(self) -> None:
        """n 18, P1 89/252, P2 0/89, P3 6/18, P6 95/153, J1 joined 0."""
        with (DATA / "southern-women.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        first = min(r["date"] for r in rows)
        people = [member(k, first, imported=True, voice=False, voice_since=None)
                  for k in sorted({r["member"] for r in rows})]
        group = Group("1936-02-23", "1936-11-21", people + [member("importer")])
        for when, key in sorted({(r["date"], r["meeting"]) for r in rows}):
            group.raw["meetings"].append({"id": key, "day": when, "headcount": None,
                                          "imported": True, "opened_by": None})
        for r in rows:
            group.entry("tap", "importer", START, meeting=r["meeting"], member=r["member"],
                        date=r["date"])
        got = main.evaluate(group.raw)
        cells = got["indicators"]
        self.assertEqual(got["n"], 18)
        self.assertEqual({k: both(cells[k]) for k in ("P1", "P2", "P3", "P6")},
                         {"P1": (89, 252), "P2": (0, 89), "P3": (6, 18), "P6": (95, 153)})
        self.assertEqual(cells["J1"]["value"], {"joined": 0, "left": 0, "net": 0})
        self.assertEqual(cells["H1"]["status"], "not_computable")


class MannKendall(unittest.TestCase):
    """The exact test against all orders."""

    def brute(self, items: tuple[int, ...]) -> Fraction:
        """P(S >= s) by listing every order."""
        least = trends.score([Fraction(x) for x in items])
        all_scores = [trends.score(p) for p in permutations(items)]  # type: ignore[arg-type]
        return Fraction(sum(s >= least for s in all_scores), len(all_scores))

    def test_all_up_to_five(self) -> None:
        """Every series of three letters up to five long."""
        for n in range(2, 6):
            for items in product(range(3), repeat=n):
                self.assertEqual(trends.p_rise([Fraction(x) for x in items]), self.brute(items))

    def test_up_to_eight(self) -> None:
        """Longer ones with ties; 6 rising values give 1/720."""
        for items in [(1, 2, 3, 4, 5, 6), (0, 0, 1, 1, 2, 2), (2, 0, 2, 1, 3, 3, 3),
                      (0, 0, 0, 1, 0, 2, 5, 2), (1, 2, 3, 3, 4, 5, 6, 7), (5, 5, 5, 5, 5, 5)]:
            self.assertEqual(trends.p_rise([Fraction(x) for x in items]), self.brute(items))
        self.assertEqual(trends.p_rise([Fraction(x) for x in range(6)]), Fraction(1, 720))

    def test_slope_and_holm(self) -> None:
        """Slopes 1, 3/2, 2 have median 3/2; Holm of 1/100, 4/100, 3/100."""
        self.assertEqual(trends.slope([0, 1, 2], [Fraction(x) for x in (0, 1, 3)]),
                         Fraction(3, 2))
        self.assertEqual(trends.slope([0, 2, 3], [Fraction(x) for x in (0, 1, 4)]),
                         Fraction(4, 3))
        ps = {"a": Fraction(1, 100), "b": Fraction(4, 100), "c": Fraction(3, 100)}
        self.assertEqual(trends.holm(ps), {"a": Fraction(3, 100), "b": Fraction(6, 100),
                                           "c": Fraction(6, 100)})


class Reciprocity(unittest.TestCase):
    """R1's exact null against all directed graphs."""

    def test_brute(self) -> None:
        """n = 3 and 4, every L and m."""
        for n in (3, 4):
            arcs = list(permutations(range(n), 2))
            for size in range(1, len(arcs)):
                seen = [sum((b, a) in g and a < b for a, b in g)
                        for g in map(set, combinations(arcs, size))]
                for m in range(max(seen) + 1):
                    self.assertEqual(work.chance_of_mutual(n, size, m),
                                     Fraction(sum(s >= m for s in seen), len(seen)))

    def test_ring_and_swap(self) -> None:
        """a-b swap 60/30, b gives c 30: L 3, m 1, r 2/3, d 1/2, rho 1/3."""
        group = Group(START, plus(89), [member(k) for k in "abc"])
        group.work("a", 60, "b", START, by="b")
        group.work("b", 30, "a", START, by="a")
        group.work("b", 30, "c", START, by="c")
        group.work("c", 99, "c", START, by="a")
        group.work("c", 99, "a", START, by="b")
        got = values(group)
        # p: of C(6,3) = 20 graphs, 3 pairs * 2 * C(2,1) = 12 have a mutual pair.
        self.assertEqual(got["R1"], {"value": 1 / 3, "p": 0.6, "r": 2 / 3, "d": 0.5,
                                     "L": 3, "m": 1})
        # E = 120; min sums 60; out-in: a +30, b 0, c -30.
        self.assertEqual((got["R2"], got["R3"], got["R4"]), (0.5, 2 / 3, 0.75))
        self.assertEqual(got["R6"], 0)
        # h: 60, 60, 0; claimed 318. G = 4*60*... = 240/(2*3*120) = 1/3, H3 = 1 - 1/2.
        self.assertEqual((got["H1"], got["H3"], got["H5"]),
                         ({"total": 2.0, "per_member": 2 / 3}, 0.5, 0.5))
        self.assertEqual(got["H2"], 120 / 318)


class Texts(unittest.TestCase):
    """Scalars and clauses."""

    def test_blocks(self) -> None:
        """Blank lines and list markers split, a bare dash word does not."""
        body = "We cook\ntogether\n \u200b\n- one\n  2) two\n-three\n\n123456789. x\n1234567890. y"
        self.assertEqual(len(contract.blocks(body)), 4)
        self.assertEqual(contract.counted("a b\u00ad\u3164\U000E0100\u00e9"), 3)

    def test_shares(self) -> None:
        """a 60, b 40 of 120 counted, 20 imported: C1 2/3, C2 by hand, C3 1/2."""
        group = Group(START, plus(89), [member(k) for k in "abc"])
        group.version("v", plus(5), {"a": plus(3), "b": plus(5), "c": plus(6)},
                      [("identity", [("a", "x" * 30), ("b", "y" * 20)]),
                       ("purpose", [("a", "z " * 30), ("b", "q" * 20), ("", "w" * 20)])])
        group.meeting(plus(0), "ab")
        group.meeting(plus(5), "ab")
        group.meeting(plus(6), "abc")
        got = main.evaluate(group.raw)
        cells = got["indicators"]
        self.assertEqual([both(cells[k]) for k in ("C1", "C3", "C4", "C6")],
                         [(2, 3), (2, 2), (2, 3), (3, 3)])
        self.assertAlmostEqual(cells["C2"]["value"], -(0.6 * math.log(0.6)
                                                       + 0.4 * math.log(0.4)) / math.log(3), 12)
        self.assertEqual(cells["C5"]["value"], {"days": 5, "meetings": 2})
        clauses = {c["id"]: (c["status"], c["value"]) for c in got["clauses"]}
        self.assertEqual(clauses["formed.own"], ("pass", 100 / 120))
        self.assertEqual(clauses["formed.share"], ("pass", 0.6))
        self.assertEqual(clauses["formed.ratified"], ("pass", 1.0))
        self.assertEqual(clauses["formed.amend"], ("pass", 2))
        self.assertEqual(got["level"], "formed")


class Lines(unittest.TestCase):
    """JSON Lines in and out."""

    def test_empty(self) -> None:
        """An empty group computes, with reasons."""
        out = io.StringIO()
        main.run(io.StringIO(json.dumps(Group(START, plus(9), []).raw) + "\n\n"), out)
        got = json.loads(out.getvalue())
        self.assertEqual((got["n"], got["level"], len(got["indicators"])), (0, "none", 32))
        for key, cell in got["indicators"].items():
            if key != "J1":
                self.assertEqual(cell["status"], "not_computable", key)
                self.assertTrue(cell["reason"])


if __name__ == "__main__":
    unittest.main()
