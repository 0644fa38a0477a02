//! Meetings with graded attendance.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Grade, Labels, Views};
use crate::day::Day;
use crate::entry::Record;
use crate::ids::{EnvelopeId, MemberId};
use crate::ledger::{PersonIx, Place};

/// The list of meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meetings {
    /// One row a meeting, by day, then canonical order.
    pub meetings: Vec<MeetingRow>,
    /// Sums.
    pub totals: Totals,
}

/// Sums over meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// How many meetings, records that are the same as another not counted.
    pub meetings: usize,
    /// One a member and meeting.
    pub attendances: usize,
    /// Different members who were at any.
    pub members: usize,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeetingRow {
    /// The entry.
    pub id: EnvelopeId,
    /// The title; `None` when it was erased or has not arrived.
    pub title: Option<String>,
    /// The agreed day.
    pub day: Day,
    /// Whether anybody attended.
    pub held: bool,
    /// People present, when no names were taken.
    pub headcount: Option<u32>,
    /// Taken over from an attendance list.
    pub imported: bool,
    /// Who opened it first; whoever signed that for them.
    pub opened_by: Option<MemberId>,
    /// Whether it is open now.
    pub open: bool,
    /// How many attended.
    pub present: usize,
    /// How many were members on its day.
    pub members: usize,
    /// The attendances by grade.
    pub grades: Grades,
    /// Who attended, with grade.
    pub attendances: Vec<AttendanceRow>,
}

/// One member at a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttendanceRow {
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: Option<String>,
    /// `claimed`, `witnessed` or `attested`.
    pub grade: &'static str,
    /// Recorded by somebody else.
    pub recorded: bool,
    /// The taps.
    pub taps: Vec<EnvelopeId>,
}

/// How many attendances of each grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Grades {
    /// Own word only.
    pub claimed: usize,
    /// One other signer.
    pub witnessed: usize,
    /// Two or more.
    pub attested: usize,
}

impl Grades {
    const fn add(&mut self, grade: Grade) {
        match grade {
            Grade::Claimed => self.claimed += 1,
            Grade::Witnessed => self.witnessed += 1,
            Grade::Attested => self.attested += 1,
        }
    }
}

impl Views<'_> {
    /// Every meeting that counts; of records that are the same, the one that stands.
    #[must_use]
    pub fn meetings(&self, labels: &Labels) -> Meetings {
        let journal = self.journal();
        let mut people: BTreeSet<PersonIx> = BTreeSet::new();
        let mut attendances = 0;
        let mut rows = Vec::new();
        for place in &journal.entries {
            if journal.same_as.contains_key(place) || journal.is_out(*place) {
                continue;
            }
            let Some(row) = self.meeting_row(*place, labels) else { continue };
            let here = journal.attendances.get(place).map(Vec::as_slice).unwrap_or_default();
            people.extend(here.iter().map(|one| one.person));
            attendances += here.len();
            rows.push(((row.day, self.ledger.canonical(*place)), row));
        }
        rows.sort_by_key(|(key, _)| *key);
        let meetings: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        let totals = Totals { meetings: meetings.len(), attendances, members: people.len() };
        Meetings { meetings, totals }
    }

    pub(super) fn meeting_row(&self, place: Place, labels: &Labels) -> Option<MeetingRow> {
        let at = self.ledger.at(place)?;
        let Record::Meeting { day, title, headcount, imported } = &at.entry()?.record else {
            return None;
        };
        let journal = self.journal();
        let now = journal.effective(self.ledger, place);
        let day = now.day.unwrap_or(*day);
        let mut grades = Grades::default();
        let here = journal.attendances.get(&place).map(Vec::as_slice).unwrap_or_default();
        here.iter().for_each(|one| grades.add(one.grade));
        let attendances = here.iter().filter_map(|one| self.attendance_row(one, labels)).collect();
        let (opened_by, open) = self.opening(place);
        Some(MeetingRow {
            id: at.id(),
            title: (labels.text)(now.text.unwrap_or(*title)),
            day,
            held: !here.is_empty(),
            headcount: if headcount.is_some() { now.headcount.or(*headcount) } else { None },
            imported: *imported,
            opened_by,
            open,
            present: here.len(),
            members: self.membership.count(day),
            grades,
            attendances,
        })
    }

    fn attendance_row(&self, one: &super::Attendance, labels: &Labels) -> Option<AttendanceRow> {
        let member = self.standing.id(one.person)?;
        let authors = &self.journal().authors;
        let tap_id = |tap: &Place| self.ledger.at(*tap).map(crate::ledger::Placed::id);
        Some(AttendanceRow {
            member,
            name: (labels.name)(member),
            grade: one.grade.word(),
            recorded: one.taps.iter().all(|tap| authors.get(tap) != Some(&one.person)),
            taps: one.taps.iter().filter_map(tap_id).collect(),
        })
    }

    /// Who opened a meeting first, and whether it is open: opened, and not closed by an entry that
    /// no later opening has in its past.
    fn opening(&self, meeting: Place) -> (Option<MemberId>, bool) {
        let journal = self.journal();
        let all = journal.openings.get(&meeting).map(Vec::as_slice).unwrap_or_default();
        let only =
            |kind: bool| all.iter().filter(move |(_, opens)| *opens == kind).map(|(at, _)| *at);
        let (opens, closes): (Vec<Place>, Vec<Place>) =
            (only(true).collect(), only(false).collect());
        let first = opens.first().and_then(|place| journal.subjects.get(place));
        let still = opens
            .iter()
            .any(|open| !closes.iter().rev().any(|close| !self.ledger.in_past(*close, *open)));
        (first.and_then(|person| self.standing.id(*person)), still)
    }
}
