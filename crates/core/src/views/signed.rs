//! Signed days, as evidence.md defines them.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::day::Day;
use crate::ledger::{Ledger, PersonIx, Place, Standing};

/// The two least days that people other than the author give an envelope.
#[derive(Clone, Copy, Default)]
struct Least(Option<Day>, Option<Day>);

impl Least {
    fn add(&mut self, day: Day) {
        match *self {
            Self(None, _) => self.0 = Some(day),
            Self(Some(first), _) if day < first => *self = Self(Some(day), Some(first)),
            Self(_, None) => self.1 = Some(day),
            Self(_, Some(second)) if day < second => self.1 = Some(day),
            Self(..) => {}
        }
    }
}

/// The signed day of every envelope: the least of its header's day and the second least of the days
/// that other members give it, each the least header's day of their counted envelopes that have
/// it in their past; its header's day if fewer than two do.
///
/// Each person's envelopes are taken from the earliest day on, and each walks back only to what
/// none of them has reached: envelopes × people at most.
pub(super) fn signed_days(ledger: &Ledger, standing: &Standing) -> HashMap<Place, Day> {
    let mut by_person: BTreeMap<PersonIx, Vec<(Day, Place)>> = BTreeMap::new();
    let mut authors = HashMap::new();
    for (place, placed) in ledger.envelopes() {
        if let Some(author) = standing.author(place) {
            let author = standing.goes_by(author);
            authors.insert(place, author);
            if standing.counts(place) {
                let day = placed.envelope().header().day;
                by_person.entry(author).or_default().push((day, place));
            }
        }
    }
    let mut least: HashMap<Place, Least> = HashMap::new();
    for (person, mut mine) in by_person {
        mine.sort_unstable();
        let mut seen = HashSet::new();
        for (day, place) in mine {
            let mut next = vec![place];
            while let Some(place) = next.pop() {
                for before in ledger.before(place) {
                    if seen.insert(*before) {
                        next.push(*before);
                        if authors.get(before) != Some(&person) {
                            least.entry(*before).or_default().add(day);
                        }
                    }
                }
            }
        }
    }
    ledger
        .envelopes()
        .map(|(place, placed)| {
            let day = placed.envelope().header().day;
            let second = least.get(&place).and_then(|least| least.1);
            (place, second.map_or(day, |second| day.min(second)))
        })
        .collect()
}
