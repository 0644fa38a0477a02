//! The log, analysed once: what each entry is about, what replaced, refused, disputed, confirmed or
//! attested it. Definitions are those of evidence.md.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::day::Day;
use crate::entry::{Beneficiary, Corrected, Correction, Entry, Record};
use crate::envelope::Content;
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

/// The analysed log. Only entries that count are looked at.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The entries that count, in canonical order.
    pub entries: Vec<Place>,
    /// Whom an entry is about: on whose behalf, else its author.
    pub subjects: HashMap<Place, PersonIx>,
    /// Who wrote it.
    pub authors: HashMap<Place, PersonIx>,
    /// Corrections that count, by the entry they correct, in canonical order.
    pub corrections: HashMap<Place, Vec<Place>>,
    /// Entries that the member they are about refused.
    pub refused: BTreeSet<Place>,
    /// Disputes that stand, by entry.
    pub disputes: HashMap<Place, Vec<Place>>,
    /// Confirmations, by the exact envelope they name.
    pub confirms: HashMap<EnvelopeId, Vec<Place>>,
    /// Attestations, by entry.
    pub attests: HashMap<Place, Vec<Place>>,
    /// A record that is the same as another, which stands.
    pub same_as: BTreeMap<Place, Place>,
    /// Openings and closings, by the meeting they name.
    pub openings: BTreeMap<Place, Vec<(Place, bool)>>,
    /// Attendances by the meeting that stands; members in canonical order of their first tap.
    pub attendances: BTreeMap<Place, Vec<Attendance>>,
}

impl Journal {
    pub(super) fn of(ledger: &Ledger, standing: &Standing, signed: &HashMap<Place, Day>) -> Self {
        let mut journal = Self::default();
        for place in ledger.in_order() {
            let Some(entry) = ledger.at(place).and_then(crate::ledger::Placed::entry) else {
                continue;
            };
            let Ok(author) = standing.verdict(place) else { continue };
            let about = entry.on_behalf_of.and_then(|member| standing.person(member));
            journal.entries.push(place);
            journal.authors.insert(place, author);
            journal.subjects.insert(place, about.unwrap_or(author));
        }
        for place in journal.entries.clone() {
            if let Some(entry) = ledger.at(place).and_then(crate::ledger::Placed::entry) {
                journal.read(ledger, place, entry);
            }
        }
        journal.drop_settled_disputes(ledger);
        journal.gather_attendances(ledger, standing, signed);
        journal
    }

    fn read(&mut self, ledger: &Ledger, place: Place, entry: &Entry) {
        let subject = self.subjects.get(&place).copied();
        let at = |id: &EnvelopeId| ledger.place_of(*id);
        match &entry.record {
            Record::Attest(entries) => {
                for target in entries.iter().filter_map(at) {
                    self.attests.entry(target).or_default().push(place);
                }
            }
            Record::Open(id) | Record::Close(id) => {
                if let Some(meeting) = at(id) {
                    let opens = matches!(entry.record, Record::Open(_));
                    self.openings.entry(meeting).or_default().push((place, opens));
                }
            }
            Record::Confirm(id) => self.confirms.entry(*id).or_default().push(place),
            Record::Dispute { entry, .. } => {
                if let Some(target) = at(entry).map(|target| self.corrected(ledger, target)) {
                    self.disputes.entry(target).or_default().push(place);
                }
            }
            Record::Refuse(id) => {
                if let Some(target) = at(id)
                    && subject.is_some()
                    && self.subjects.get(&target).copied() == subject
                {
                    self.refused.insert(target);
                }
            }
            Record::Correct { entry, correction: Correction::Fields(_), .. } => {
                if let Some(target) = at(entry)
                    && self.authors.get(&target) == self.authors.get(&place)
                {
                    self.corrections.entry(target).or_default().push(place);
                }
            }
            Record::Correct { entry, correction: Correction::SameAs(other), .. } => {
                if let (Some(lapses), Some(stands)) = (at(entry), at(other)) {
                    let author = self.authors.get(&place);
                    let by_either =
                        [lapses, stands].iter().any(|one| self.authors.get(one) == author);
                    let known = [lapses, stands].iter().all(|one| self.authors.contains_key(one));
                    // One that would close a ring is nothing.
                    if by_either && known && self.stands_for(stands) != lapses {
                        self.same_as.entry(lapses).or_insert(stands);
                    }
                }
            }
            _ => {}
        }
    }

    /// The entry that a correction (of a correction …) is about in the end; else itself.
    #[must_use]
    pub fn corrected(&self, ledger: &Ledger, place: Place) -> Place {
        let mut place = place;
        while let Some(Record::Correct { entry, .. }) =
            ledger.at(place).and_then(|at| at.entry()).map(|entry| &entry.record)
            && let Some(target) = ledger.place_of(*entry)
        {
            place = target;
        }
        place
    }

    /// The record that stands for this one.
    #[must_use]
    pub fn stands_for(&self, place: Place) -> Place {
        let mut place = place;
        while let Some(stands) = self.same_as.get(&place) {
            place = *stands;
        }
        place
    }

    /// A dispute binds until the one who made it confirms a later correction.
    fn drop_settled_disputes(&mut self, ledger: &Ledger) {
        let settled = |target: &Place, dispute: &Place| {
            let author = self.authors.get(dispute);
            let corrections = self.corrections.get(target).into_iter().flatten();
            corrections.filter(|one| ledger.in_past(*dispute, **one)).any(|correction| {
                let id = ledger.at(*correction).map(crate::ledger::Placed::id);
                let confirms = id.and_then(|id| self.confirms.get(&id)).into_iter().flatten();
                confirms.into_iter().any(|confirm| self.authors.get(confirm) == author)
            })
        };
        let mut disputes = self.disputes.clone();
        for (target, all) in &mut disputes {
            all.retain(|dispute| !settled(target, dispute));
        }
        disputes.retain(|_, all| !all.is_empty());
        self.disputes = disputes;
    }

    /// What an entry says after its corrections: each replaces the fields that it gives. A
    /// meeting's day changes only before its first tap.
    #[must_use]
    pub fn effective(&self, ledger: &Ledger, place: Place) -> Corrected {
        let mut now = Corrected::default();
        for correction in self.corrections.get(&place).into_iter().flatten() {
            let Some(Record::Correct { correction: Correction::Fields(fields), .. }) =
                ledger.at(*correction).and_then(|at| at.entry()).map(|entry| &entry.record)
            else {
                continue;
            };
            let fields = fields.clone();
            if fields.day.is_some() && !self.tapped_before(ledger, place, *correction) {
                now.day = fields.day;
            }
            now.text = fields.text.or(now.text);
            now.minutes = fields.minutes.or(now.minutes);
            now.phase = fields.phase.or(now.phase);
            now.beneficiary = fields.beneficiary.or(now.beneficiary);
            now.on = fields.on.or(now.on);
            now.headcount = fields.headcount.or(now.headcount);
        }
        now
    }

    fn tapped_before(&self, ledger: &Ledger, meeting: Place, correction: Place) -> bool {
        let Some(id) = ledger.at(meeting).map(crate::ledger::Placed::id) else { return false };
        self.entries.iter().any(|place| {
            let entry = ledger.at(*place).and_then(|at| at.entry());
            matches!(entry.map(|entry| &entry.record), Some(Record::Tap { meeting, .. }) if *meeting == id)
                && ledger.in_past(*place, correction)
        })
    }

    /// The day of a meeting or contribution: what it gave, or a correction after it.
    #[must_use]
    pub fn event_day(&self, ledger: &Ledger, place: Place) -> Option<Day> {
        let given = match &ledger.at(place)?.entry()?.record {
            Record::Meeting { day, .. } => *day,
            Record::Contribution(contribution) => contribution.day,
            _ => return None,
        };
        Some(self.effective(ledger, place).day.unwrap_or(given))
    }

    fn gather_attendances(
        &mut self,
        ledger: &Ledger,
        standing: &Standing,
        signed: &HashMap<Place, Day>,
    ) {
        let mut taps: BTreeMap<Place, Vec<(PersonIx, Vec<Place>)>> = BTreeMap::new();
        for place in &self.entries {
            let Some(Record::Tap { meeting, .. }) =
                ledger.at(*place).and_then(|at| at.entry()).map(|entry| &entry.record)
            else {
                continue;
            };
            let (Some(person), Some(meeting)) =
                (self.subjects.get(place).copied(), ledger.place_of(*meeting))
            else {
                continue;
            };
            if self.refused.contains(place) || !self.authors.contains_key(&meeting) {
                continue;
            }
            let stands = self.stands_for(meeting);
            let day = self.event_day(ledger, stands);
            if !day.is_some_and(|day| within(ledger, standing, signed, person, day)) {
                continue;
            }
            let at_meeting = taps.entry(stands).or_default();
            match at_meeting.iter_mut().find(|(other, _)| *other == person) {
                Some((_, taps)) => taps.push(*place),
                None => at_meeting.push((person, vec![*place])),
            }
        }
        for (meeting, people) in taps {
            let present: BTreeSet<PersonIx> = people.iter().map(|(person, _)| *person).collect();
            let graded = people.into_iter().map(|(person, taps)| {
                let grade = self.grade(ledger, person, &taps, &present);
                Attendance { person, taps, grade }
            });
            self.attendances.insert(meeting, graded.collect());
        }
    }

    /// Distinct signing members over all taps, without the subject, every recorder of it and every
    /// helper the subject has had, who had voice in their attestation's past and were there.
    fn grade(
        &self,
        ledger: &Ledger,
        subject: PersonIx,
        taps: &[Place],
        present: &BTreeSet<PersonIx>,
    ) -> Grade {
        let helper = ledger.person(subject).and_then(|person| person.assisted).map(|a| a.helper);
        let recorders: BTreeSet<PersonIx> =
            taps.iter().filter_map(|tap| self.authors.get(tap).copied()).collect();
        let attests = taps.iter().filter_map(|tap| self.attests.get(tap)).flatten();
        let others: BTreeSet<PersonIx> = attests
            .filter(|attest| ledger.at(**attest).is_some_and(crate::ledger::Placed::voice))
            .filter_map(|attest| self.authors.get(attest).copied())
            .filter(|person| {
                *person != subject
                    && Some(*person) != helper
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

    /// Whether a contribution as it stands after its corrections is confirmed: by a signing member
    /// with voice in the confirmation's past, other than whose work it is and the recorder; work for
    /// a person by that person, or by a third if that person is assisted or recorded it; work for
    /// oneself never.
    #[must_use]
    pub fn confirmed(&self, ledger: &Ledger, standing: &Standing, place: Place) -> bool {
        let Some(Record::Contribution(given)) =
            ledger.at(place).and_then(|at| at.entry()).map(|entry| &entry.record)
        else {
            return false;
        };
        let corrections = self.corrections.get(&place);
        let last = corrections.and_then(|all| all.last()).copied().unwrap_or(place);
        let Some(last) = ledger.at(last).map(crate::ledger::Placed::id) else { return false };
        let worker = self.subjects.get(&place).copied();
        let recorder = self.authors.get(&place).copied();
        let effective = self.effective(ledger, place);
        let beneficiary = match effective.beneficiary.as_ref().unwrap_or(&given.beneficiary) {
            Beneficiary::Member(member) => match standing.person(*member) {
                Some(person) => Some(person),
                None => return false,
            },
            Beneficiary::Group | Beneficiary::Outside => None,
        };
        if beneficiary.is_some() && beneficiary == worker {
            return false;
        }
        let assisted = beneficiary
            .and_then(|one| ledger.person(one))
            .is_some_and(|one| one.assisted.is_some());
        let by_a_third = assisted || beneficiary == recorder;
        let confirms = self.confirms.get(&last).into_iter().flatten();
        confirms
            .into_iter()
            .filter(|confirm| ledger.at(**confirm).is_some_and(crate::ledger::Placed::voice))
            .filter_map(|confirm| self.authors.get(confirm).copied())
            .any(|by| {
                let other = Some(by) != worker && Some(by) != recorder;
                other
                    && match beneficiary {
                        Some(person) if by_a_third => by != person,
                        Some(person) => by == person,
                        None => true,
                    }
            })
    }

    /// Who confirmed words that were recorded for an assisted member: the first other signing
    /// member with voice.
    #[must_use]
    pub fn change_confirmed_by(&self, ledger: &Ledger, change: Place) -> Option<PersonIx> {
        let at = ledger.at(change)?;
        let Content::Change(_) = at.envelope().content() else { return None };
        let device = at.envelope().header().chain.device;
        let confirms = self.confirms.get(&at.id())?;
        confirms
            .iter()
            .filter(|confirm| {
                ledger.at(**confirm).is_some_and(|one| {
                    one.voice() && one.envelope().header().chain.device != device
                })
            })
            .find_map(|confirm| self.authors.get(confirm).copied())
    }
}

fn within(
    ledger: &Ledger,
    standing: &Standing,
    signed: &HashMap<Place, Day>,
    person: PersonIx,
    day: Day,
) -> bool {
    let Some(who) = ledger.person(person) else { return false };
    let acts = who.introductions.iter().map(|(place, ..)| *place);
    let first = acts.min_by_key(|place| ledger.canonical(*place));
    let imported = who.assisted.and_then(|assisted| assisted.imported);
    let since = imported.or_else(|| signed.get(&first?).copied());
    let leaves = standing.leaves(person);
    let until = leaves.first().and_then(|leave| signed.get(leave).copied());
    since.is_some_and(|since| since <= day) && until.is_none_or(|until| day < until)
}
