//! Attendance: taps at meetings, and how well each is witnessed (evidence.md, Attend and Grade).

use std::collections::{BTreeSet, HashMap};

use super::journal::record;
use super::{Journal, Membership};
use crate::entry::Record;
use crate::ids::EnvelopeId;
use crate::ledger::{Ledger, PersonIx, Place, Standing};

/// How well an attendance is witnessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The member's own word, or their helper's.
    Claimed,
    /// One other signing member's.
    Witnessed,
    /// Two or more other signing members'.
    Attested,
}

impl Grade {
    /// The word in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Witnessed => "witnessed",
            Self::Attested => "attested",
        }
    }
}

/// All taps of one member at one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// The member.
    pub person: PersonIx,
    /// The taps, none refused.
    pub taps: Vec<Place>,
    /// How well it is witnessed.
    pub grade: Grade,
}

impl Journal {
    /// How well the attendance is witnessed that a tap is part of; none for a tap that counts
    /// nowhere.
    #[must_use]
    pub fn grade(&self, tap: Place) -> Option<Grade> {
        self.grades.get(&tap).copied()
    }

    /// The same for the tap with that id.
    #[must_use]
    pub fn grade_of_tap(&self, ledger: &Ledger, tap: EnvelopeId) -> Option<Grade> {
        self.grade(ledger.place_of(tap)?)
    }

    pub(super) fn gather_at_meetings(&mut self, ledger: &Ledger) {
        for place in &self.entries {
            let (meeting, opens) = match record(ledger, *place) {
                Some(Record::Tap { meeting, .. }) => (meeting, None),
                Some(Record::Open(meeting)) => (meeting, Some(true)),
                Some(Record::Close(meeting)) => (meeting, Some(false)),
                _ => continue,
            };
            let Some(meeting) = ledger.place_of(*meeting) else { continue };
            if self.is_out(*place) || self.is_out(meeting) || !self.authors.contains_key(&meeting) {
                continue;
            }
            let stands = self.stands_for(meeting);
            match opens {
                Some(opens) => self.openings.entry(stands).or_default().push((*place, opens)),
                None => self.taps.entry(stands).or_default().push(*place),
            }
        }
    }

    pub(super) fn gather_attendances(
        &mut self,
        ledger: &Ledger,
        standing: &Standing,
        membership: &Membership,
    ) {
        for (meeting, taps) in &self.taps {
            let Some(day) = self.event_day(ledger, *meeting) else { continue };
            let mut people: Vec<(PersonIx, Vec<Place>)> = Vec::new();
            let mut seat: HashMap<PersonIx, usize> = HashMap::new();
            for tap in taps {
                let Some(person) = self.subjects.get(tap).copied() else { continue };
                let at = *seat.entry(person).or_insert(people.len());
                match people.get_mut(at) {
                    Some((_, taps)) => taps.push(*tap),
                    None => people.push((person, vec![*tap])),
                }
            }
            people.retain(|(person, _)| membership.covers(*person, day));
            let present: BTreeSet<PersonIx> = people.iter().map(|(person, _)| *person).collect();
            let graded = people.into_iter().map(|(person, taps)| {
                let grade = self.graded(ledger, standing, person, &taps, &present);
                Attendance { person, taps, grade }
            });
            let graded: Vec<Attendance> = graded.collect();
            if !graded.is_empty() {
                self.attendances.insert(*meeting, graded);
            }
        }
        let all = self.attendances.values().flatten();
        self.grades = all.flat_map(|one| one.taps.iter().map(|tap| (*tap, one.grade))).collect();
    }

    /// Distinct signing members over all taps, without the subject, every recorder of it and every
    /// helper the subject has had, who had voice in their attestation's past and were there. Whom a
    /// list names was seen by whoever wrote the list: what is attested of it counts nothing.
    fn graded(
        &self,
        ledger: &Ledger,
        standing: &Standing,
        subject: PersonIx,
        taps: &[Place],
        present: &BTreeSet<PersonIx>,
    ) -> Grade {
        let helpers = standing.ever_helped(subject);
        let recorders: BTreeSet<PersonIx> =
            taps.iter().filter_map(|tap| self.authors.get(tap).copied()).collect();
        let own = taps.iter().filter(|tap| {
            !matches!(record(ledger, **tap), Some(Record::Tap { imported: true, .. }))
        });
        let attests = own.filter_map(|tap| self.attests.get(tap)).flatten();
        let others: BTreeSet<PersonIx> = attests
            .filter(|attest| ledger.at(**attest).is_some_and(crate::ledger::Placed::voice))
            .filter_map(|attest| self.authors.get(attest).copied())
            .filter(|person| {
                *person != subject
                    && !helpers.contains(person)
                    && !recorders.contains(person)
                    && present.contains(person)
            })
            .collect();
        match others.len() {
            0 => Grade::Claimed,
            1 => Grade::Witnessed,
            _ => Grade::Attested,
        }
    }
}
