//! The scalars that differ between two texts.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// One place at which two texts differ, in scalars of the old and of the new one. One of the two
/// ranges may be empty, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Up to this many pairs of scalars (a page against a page), the shortest difference is searched
/// for. Beyond, lines are compared first and words within them, which bounds the time: the search
/// takes a step for each pair when nothing is alike.
const PAIRS: usize = 1 << 22;

/// The places at which `new` differs from `old`, in ascending order. The same two texts always
/// give the same places.
pub(super) fn hunks(old: &[char], new: &[char]) -> Vec<Hunk> {
    let mut found = Vec::new();
    refine(old, new, &mut found, (0, 0), Grain::Lines);
    found
}

/// What is compared as a unit.
#[derive(Clone, Copy)]
enum Grain {
    Lines,
    Words,
    Scalars,
}

/// Adds the differences of two stretches that start at `at` in the whole texts.
fn refine(old: &[char], new: &[char], found: &mut Vec<Hunk>, at: (usize, usize), grain: Grain) {
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(front..).unwrap_or(&[]), new.get(front..).unwrap_or(&[]));
    let back = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old.len() - back, new.len() - back);
    let (old, new) = (old.get(..old_len).unwrap_or(&[]), new.get(..new_len).unwrap_or(&[]));
    let at = (at.0 + front, at.1 + front);
    if old.is_empty() && new.is_empty() {
        return;
    }
    let whole = Hunk { old: at.0..at.0 + old_len, new: at.1..at.1 + new_len };
    if old.is_empty() || new.is_empty() {
        return found.push(whole);
    }
    if old_len.saturating_mul(new_len) <= PAIRS {
        let ops = capture_diff_slices(Algorithm::RawMyers, old, new);
        return found.extend(replaced(&ops).map(|(o, n)| Hunk {
            old: at.0 + o.start..at.0 + o.end,
            new: at.1 + n.start..at.1 + n.end,
        }));
    }
    let next = match grain {
        Grain::Lines => Grain::Words,
        Grain::Words => Grain::Scalars,
        Grain::Scalars => return found.push(whole),
    };
    let (old_units, new_units) = (units(old, grain), units(new, grain));
    let old_ends = ends(&old_units);
    let new_ends = ends(&new_units);
    let place = |ends: &[usize], unit: usize| ends.get(unit).copied().unwrap_or_default();
    for (o, n) in replaced(&capture_diff_slices(Algorithm::Myers, &old_units, &new_units)) {
        let o = place(&old_ends, o.start)..place(&old_ends, o.end);
        let n = place(&new_ends, n.start)..place(&new_ends, n.end);
        let from = (at.0 + o.start, at.1 + n.start);
        refine(old.get(o).unwrap_or(&[]), new.get(n).unwrap_or(&[]), found, from, next);
    }
}

fn replaced(ops: &[DiffOp]) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    ops.iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| (op.old_range(), op.new_range()))
}

/// Lines with their line break, or words and the white space between them.
fn units(text: &[char], grain: Grain) -> Vec<&[char]> {
    match grain {
        Grain::Lines => text.split_inclusive(|&c| c == '\n').collect(),
        Grain::Words | Grain::Scalars => {
            text.chunk_by(|a, b| a.is_whitespace() == b.is_whitespace()).collect()
        }
    }
}

/// Where each unit starts, and where the last one ends.
fn ends(units: &[&[char]]) -> Vec<usize> {
    let mut end = 0;
    std::iter::once(0)
        .chain(units.iter().map(|unit| {
            end += unit.len();
            end
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn apply(old: &[char], new: &[char]) -> String {
        let mut text = String::new();
        let mut kept = 0;
        for hunk in hunks(old, new) {
            assert!(hunk.old.start >= kept && !(hunk.old.is_empty() && hunk.new.is_empty()));
            text.extend(&old[kept..hunk.old.start]);
            text.extend(&new[hunk.new]);
            kept = hunk.old.end;
        }
        text.extend(&old[kept..]);
        text
    }

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn touched(old: &str, new: &str) -> usize {
        hunks(&chars(old), &chars(new)).iter().map(|h| h.old.len() + h.new.len()).sum()
    }

    /// The length of the shortest difference, from the textbook table.
    fn shortest(old: &[char], new: &[char]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut diagonal = 0;
            for (j, b) in new.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if a == b { diagonal + 1 } else { above.max(row[j]) };
                diagonal = above;
            }
        }
        old.len() + new.len() - 2 * row[new.len()]
    }

    #[test]
    fn only_what_differs_is_touched() {
        assert_eq!(touched("We meet on Tuesday.", "We meet on Tuesday."), 0);
        assert_eq!(touched("We meet on Tuesday.", "We meet every Tuesday."), 7);
        assert_eq!(touched("caf\u{e9}", "cafe\u{301}"), 3);
        assert_eq!(touched("a \u{1F600} b", "a \u{1F601} b"), 2);
    }

    #[test]
    fn long_texts_are_compared_in_bounded_time_and_keep_what_is_alike() {
        let line = |i: usize| format!("Rule {i} says that we meet in hall {}.\n", i * 7919 % 101);
        let old: String = (0..400).map(line).collect();
        let new = old.replace("hall 13.", "hall thirteen.").replace("Rule 77 ", "Rule seventy ");
        assert!(old.len() > 14_000);
        assert_eq!(apply(&chars(&old), &chars(&new)), new);
        assert!(touched(&old, &new) < 120, "{}", touched(&old, &new));
        let one_line = (old.replace('\n', " "), new.replace('\n', " "));
        assert_eq!(apply(&chars(&one_line.0), &chars(&one_line.1)), one_line.1);
        assert!(touched(&one_line.0, &one_line.1) < 120);
        // One word of 16 000 letters against another: nothing to hold on to.
        let noise = |seed: usize| -> String {
            (0..16_000).map(|i| ['a', 'b', 'c', 'd'][(i * i * seed + i / 7) % 4]).collect()
        };
        let (old, new) = (noise(3), noise(5));
        assert_eq!(apply(&chars(&old), &chars(&new)), new);
    }

    proptest! {
        #[test]
        fn texts_up_to_a_page_differ_by_the_least(
            old in "[ab \u{301}\u{1F600}\n]{0,40}",
            new in "[ab \u{301}\u{1F600}\n]{0,40}",
        ) {
            let (old, new) = (chars(&old), chars(&new));
            prop_assert_eq!(apply(&old, &new), new.iter().collect::<String>());
            let least = shortest(&old, &new);
            let touched: usize =
                hunks(&old, &new).iter().map(|h| h.old.len() + h.new.len()).sum();
            prop_assert_eq!(touched, least);
        }
    }
}
