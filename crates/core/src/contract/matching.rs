//! Which section or goal of the document a written one is.
//!
//! A part that is found again is edited, and keeps its authors; one that is not is made anew. So a
//! changed heading must not cost people their words.

use super::content::{Goal, Placed, Section};
use super::kind::SectionKind;
use super::markdown::{WrittenGoal, WrittenSection};
use super::written;

/// Two texts are taken for one if at least half of their pairs of neighbouring letters agree.
const ALIKE: usize = 500;

/// For each written part, the place of the part of the document that it is.
struct Matches {
    found: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Matches {
    fn none(written: usize, existing: usize) -> Self {
        Self { found: vec![None; written], taken: vec![false; existing] }
    }

    fn open(&self, new: usize, old: usize) -> bool {
        self.found.get(new) == Some(&None) && self.taken.get(old) == Some(&false)
    }

    fn join(&mut self, new: usize, old: usize) {
        if let (true, Some(found), Some(taken)) =
            (self.open(new, old), self.found.get_mut(new), self.taken.get_mut(old))
        {
            *found = Some(old);
            *taken = true;
        }
    }

    /// Joins what is still open on both sides and the same, in order.
    fn join_same<A, B>(&mut self, new: &[A], old: &[B], same: impl Fn(&A, &B) -> bool) {
        for (i, a) in new.iter().enumerate() {
            let open = |&(j, b): &(usize, &B)| self.open(i, j) && same(a, b);
            if let Some((j, _)) = old.iter().enumerate().find(open) {
                self.join(i, j);
            }
        }
    }

    /// Joins what is still open on both sides and alike, the most alike first.
    fn join_alike(&mut self, new: &[&str], old: &[String]) {
        let new: Vec<_> = new.iter().map(|text| letter_pairs(text)).collect();
        let old: Vec<_> = old.iter().map(|text| letter_pairs(text)).collect();
        let mut pairs = Vec::new();
        for (i, a) in new.iter().enumerate() {
            for (j, b) in old.iter().enumerate().filter(|(j, _)| self.open(i, *j)) {
                let per_mille = alike(a, b);
                if per_mille >= ALIKE {
                    pairs.push((std::cmp::Reverse(per_mille), i, j));
                }
            }
        }
        pairs.sort_unstable();
        for (_, i, j) in pairs {
            self.join(i, j);
        }
    }
}

pub(super) fn sections(new: &[WrittenSection], old: &[Placed<Section>]) -> Vec<Option<usize>> {
    let headings: Vec<String> = old.iter().map(|o| written::line(&o.part.heading)).collect();
    let bodies: Vec<String> = old.iter().map(|o| written::body(&o.part.body)).collect();
    let known: Vec<_> = old.iter().map(|o| &o.part).zip(&headings).collect();
    let mut matches = Matches::none(new.len(), old.len());
    matches.join_same(new, &known, |n, o| n.id == Some(o.0.id));
    matches.join_same(new, &known, |n, o| n.heading == *o.1 && n.kind == o.0.kind);
    matches.join_same(new, &known, |n, o| n.heading == *o.1);
    let new_bodies: Vec<&str> = new.iter().map(|n| n.body.as_str()).collect();
    matches.join_alike(&new_bodies, &bodies);
    matches.join_same(new, &known, |n, o| n.kind != SectionKind::Other && n.kind == o.0.kind);
    matches.found
}

pub(super) fn goals(new: &[&WrittenGoal], old: &[Placed<Goal>]) -> Vec<Option<usize>> {
    let texts: Vec<String> = old.iter().map(|o| written::line(&o.part.text)).collect();
    let mut matches = Matches::none(new.len(), old.len());
    matches.join_same(new, &texts, |n, o| n.text == *o);
    let new_texts: Vec<&str> = new.iter().map(|n| n.text.as_str()).collect();
    matches.join_alike(&new_texts, &texts);
    matches.found
}

fn letter_pairs(text: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// Dice's coefficient of two sorted lists, in thousandths.
fn alike(a: &[(char, char)], b: &[(char, char)]) -> usize {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut common = 0usize;
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => _ = left.next(),
            std::cmp::Ordering::Greater => _ = right.next(),
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    (2_000 * common).checked_div(a.len() + b.len()).unwrap_or(0)
}
