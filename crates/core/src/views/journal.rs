//! The log, analysed once: what each entry is about, what replaced, refused, disputed, confirmed or
//! attested it. Definitions are those of evidence.md.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Attendance, Grade, Membership};
use crate::day::Day;
use crate::entry::{Corrected, Correction, Record};
use crate::ids::EnvelopeId;
use crate::ledger::{Ledger, PersonIx, Place, Standing};

/// The analysed log. Only entries that count are looked at; those that were refused are listed, and
/// nothing follows from them.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The entries that count, in canonical order.
    pub entries: Vec<Place>,
    /// Whom an entry is about: on whose behalf, else its author.
    pub subjects: HashMap<Place, PersonIx>,
    /// Who wrote it.
    pub authors: HashMap<Place, PersonIx>,
    /// Corrections that count, by the entry they correct in the end, in canonical order.
    pub corrections: HashMap<Place, Vec<Place>>,
    /// Entries that the member they are about refused.
    pub refused: BTreeSet<Place>,
    /// Contributions about which the group decided, and whether they count.
    pub settled: HashMap<Place, bool>,
    /// Entries that came after their quarter was closed.
    pub late: BTreeSet<Place>,
    /// Disputes that stand, by entry.
    pub disputes: HashMap<Place, Vec<Place>>,
    /// Confirmations, by the exact envelope they name.
    pub confirms: HashMap<EnvelopeId, Vec<Place>>,
    /// Attestations, by entry.
    pub attests: HashMap<Place, Vec<Place>>,
    /// A record that is the same as another, which stands.
    pub same_as: BTreeMap<Place, Place>,
    /// Openings (true) and closings, by the meeting that stands, in canonical order.
    pub openings: BTreeMap<Place, Vec<(Place, bool)>>,
    /// Attendances by the meeting that stands; members in canonical order of their first tap.
    pub attendances: BTreeMap<Place, Vec<Attendance>>,
    /// The day of each meeting and contribution, and the entry or correction that gave it.
    days: HashMap<Place, (Day, Place)>,
    /// Taps that count, by the meeting that stands, in canonical order.
    pub(super) taps: BTreeMap<Place, Vec<Place>>,
    /// The grade of the attendance that a tap is part of.
    pub(super) grades: HashMap<Place, Grade>,
    /// What an entry about an entry (about an entry …) is about in the end. Of all entries, set
    /// aside ones too. Never asked for by walking: chains of these can be as long as the log.
    about: HashMap<Place, Place>,
    /// The same of corrections of corrections.
    corrected: HashMap<Place, Place>,
}

/// The day that a meeting or contribution gave when it was made.
pub(super) fn given_day(record: &Record) -> Option<Day> {
    match record {
        Record::Meeting { day, .. } => Some(*day),
        Record::Contribution(contribution) => Some(contribution.day),
        _ => None,
    }
}

pub(super) fn corrected_day(ledger: &Ledger, correction: Place) -> Option<Day> {
    match record(ledger, correction)? {
        Record::Correct { correction: Correction::Fields(fields), .. } => fields.day,
        _ => None,
    }
}

pub(super) fn record(ledger: &Ledger, place: Place) -> Option<&Record> {
    Some(&ledger.at(place)?.entry()?.record)
}

impl Journal {
    pub(super) fn of(ledger: &Ledger, standing: &Standing, membership: &Membership) -> Self {
        Self::over(ledger, standing, membership, &ledger.in_order())
    }

    /// The same of some entries only, in canonical order: with all that is about an entry among
    /// them, it says of that entry what the whole journal does.
    pub(super) fn over(
        ledger: &Ledger,
        standing: &Standing,
        membership: &Membership,
        places: &[Place],
    ) -> Self {
        let mut journal = Self::default();
        for place in places.iter().copied() {
            let Some(entry) = ledger.at(place).and_then(crate::ledger::Placed::entry) else {
                continue;
            };
            journal.follow(ledger, place, &entry.record);
            let Ok(author) = standing.verdict(place) else { continue };
            journal.entries.push(place);
            journal.authors.insert(place, standing.goes_by(author));
            let subject = match entry.on_behalf_of {
                None => Some(author),
                Some(member) => standing.person(member).filter(|who| standing.is_brought_in(*who)),
            };
            // What was recorded for somebody whom nobody who counts brought in is nobody's.
            if let Some(subject) = subject {
                journal.subjects.insert(place, standing.goes_by(subject));
            }
        }
        journal.gather_late(ledger, standing);
        journal.gather_refusals(ledger);
        journal.gather_settlements(ledger, standing);
        for place in journal.entries.clone() {
            if let Some(record) = record(ledger, place)
                && !journal.is_out(place)
            {
                journal.read(ledger, place, record);
            }
        }
        journal.gather_same(ledger, standing);
        for lapsed in journal.same_as.keys().copied().collect::<Vec<_>>() {
            journal.shorten(lapsed);
        }
        journal.drop_settled_disputes(ledger);
        journal.gather_at_meetings(ledger);
        journal.gather_days(ledger);
        journal.gather_moved_late(ledger, standing);
        journal.gather_attendances(ledger, standing, membership);
        journal
    }

    /// Notes what an entry is about. Those before it were noted before.
    fn follow(&mut self, ledger: &Ledger, place: Place, record: &Record) {
        let target = match record {
            Record::Open(id)
            | Record::Close(id)
            | Record::Tap { meeting: id, .. }
            | Record::Confirm(id)
            | Record::Dispute { entry: id, .. }
            | Record::Refuse(id)
            | Record::Correct { entry: id, .. } => Some(id),
            Record::Attest(ids) => ids.first(),
            _ => None,
        };
        let Some(target) = target.and_then(|id| ledger.place_of(*id)) else { return };
        if ledger.at(target).and_then(|at| at.entry()).is_none() {
            return;
        }
        self.about.insert(place, self.about.get(&target).copied().unwrap_or(target));
        if matches!(record, Record::Correct { .. }) {
            self.corrected.insert(place, self.corrected(target));
        }
    }

    /// The latest first, so that a refusal which its author refused in turn does nothing.
    fn gather_refusals(&mut self, ledger: &Ledger) {
        let mut refusals: HashMap<Place, Vec<Place>> = HashMap::new();
        for place in self.entries.iter().rev() {
            let Some(Record::Refuse(id)) = record(ledger, *place) else { continue };
            let Some(target) = ledger.place_of(*id) else { continue };
            let subject = self.subjects.get(place);
            let about_them = subject.is_some() && self.subjects.get(&target) == subject;
            if about_them && !self.refused.contains(place) && !self.late.contains(place) {
                self.refused.insert(target);
                refusals.entry(target).or_default().push(*place);
            }
        }
        // A meeting at which others were is no longer only its author's to take back; but who knew
        // that it was taken back was at none.
        for place in &self.entries {
            if let Some(Record::Tap { meeting, .. }) = record(ledger, *place)
                && let Some(meeting) = ledger.place_of(*meeting)
                && !self.is_out(*place)
                && self.subjects.get(place) != self.subjects.get(&meeting)
                && !refusals
                    .get(&meeting)
                    .is_some_and(|all| all.iter().any(|refusal| ledger.in_past(*refusal, *place)))
            {
                self.refused.remove(&meeting);
            }
        }
    }

    fn read(&mut self, ledger: &Ledger, place: Place, record: &Record) {
        let at = |id: &EnvelopeId| ledger.place_of(*id);
        match record {
            Record::Attest(entries) => {
                for target in entries.iter().filter_map(at) {
                    self.attests.entry(target).or_default().push(place);
                }
            }
            Record::Confirm(id) => self.confirms.entry(*id).or_default().push(place),
            Record::Dispute { entry, .. } => {
                if let Some(target) = at(entry).map(|target| self.corrected(target)) {
                    self.disputes.entry(target).or_default().push(place);
                }
            }
            Record::Correct { correction: Correction::Fields(_), .. } => {
                let target = self.corrected(place);
                if self.authors.get(&target) == self.authors.get(&place) {
                    self.corrections.entry(target).or_default().push(place);
                }
            }
            _ => {}
        }
    }

    fn gather_same(&mut self, ledger: &Ledger, standing: &Standing) {
        let moved = self.moved_late(ledger, standing);
        for place in self.entries.clone() {
            if let Some(Record::Correct { entry, correction: Correction::SameAs(other), .. }) =
                record(ledger, place)
                && !self.is_out(place)
                && let Some((lapses, stands)) = ledger.place_of(*entry).zip(ledger.place_of(*other))
                && !moved.contains(&lapses)
                && !moved.contains(&stands)
            {
                self.read_same(ledger, place, lapses, stands);
            }
        }
    }

    fn read_same(&mut self, ledger: &Ledger, place: Place, lapses: Place, stands: Place) {
        let both = [lapses, stands];
        let author = self.authors.get(&place);
        let by_either = both.iter().any(|one| self.authors.get(one) == author);
        // Nothing goes to a record that was taken back.
        let known = both.iter().all(|one| self.authors.contains_key(one) && !self.is_out(*one));
        // Work by two people is never the same work.
        let fits = match record(ledger, lapses) {
            Some(Record::Contribution(_)) => {
                self.subjects.get(&lapses) == self.subjects.get(&stands)
            }
            _ => true,
        };
        // One that would close a ring is nothing.
        if by_either && known && fits && self.shorten(stands) != lapses {
            self.same_as.entry(lapses).or_insert(stands);
        }
    }

    /// The entry that a correction (of a correction …) is about in the end; else itself.
    #[must_use]
    pub fn corrected(&self, place: Place) -> Place {
        self.corrected.get(&place).copied().unwrap_or(place)
    }

    /// The entry that an entry (about an entry …) is about in the end; else itself.
    #[must_use]
    pub fn about(&self, place: Place) -> Place {
        self.about.get(&place).copied().unwrap_or(place)
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

    /// The record that stands for this one, which all on the way to it are then joined to directly.
    fn shorten(&mut self, place: Place) -> Place {
        let stands = self.stands_for(place);
        let mut next = place;
        while let Some(joined) = self.same_as.get_mut(&next) {
            next = std::mem::replace(joined, stands);
        }
        stands
    }

    /// Whether an entry counts nowhere: refused, settled as not counting, or late.
    #[must_use]
    pub fn is_out(&self, place: Place) -> bool {
        self.refused.contains(&place)
            || self.late.contains(&place)
            || self.settled.get(&place) == Some(&false)
    }

    /// What the group decided about disputed work.
    fn gather_settlements(&mut self, ledger: &Ledger, standing: &Standing) {
        for place in &self.entries {
            let id = ledger.at(*place).map(crate::ledger::Placed::id);
            if let Some(counts) = id.and_then(|id| standing.settled(id)) {
                self.settled.insert(*place, counts);
            }
        }
    }

    /// A dispute binds until the member whose it is confirms a later correction, or the group
    /// decides. It is theirs also when a helper signed it: another helper may, and nobody in their
    /// own name.
    fn drop_settled_disputes(&mut self, ledger: &Ledger) {
        let mut disputes = std::mem::take(&mut self.disputes);
        for (target, all) in &mut disputes {
            let mut confirmed: Vec<(PersonIx, Place)> = Vec::new();
            for correction in self.corrections.get(target).into_iter().flatten() {
                let Some(id) = ledger.at(*correction).map(crate::ledger::Placed::id) else {
                    continue;
                };
                let confirms = self.confirms.get(&id).into_iter().flatten();
                let by = confirms.filter_map(|one| self.subjects.get(one).copied());
                confirmed.extend(by.map(|by| (by, *correction)));
            }
            let settles = |dispute: &Place, (by, correction): &(PersonIx, Place)| {
                self.subjects.get(dispute) == Some(by) && ledger.in_past(*dispute, *correction)
            };
            all.retain(|dispute| !confirmed.iter().any(|one| settles(dispute, one)));
        }
        disputes.retain(|target, all| !all.is_empty() && !self.settled.contains_key(target));
        self.disputes = disputes;
    }

    /// What an entry says after its corrections: each replaces the fields that it gives.
    #[must_use]
    pub fn effective(&self, ledger: &Ledger, place: Place) -> Corrected {
        let mut now = Corrected::default();
        for correction in self.corrections.get(&place).into_iter().flatten() {
            let Some(Record::Correct { correction: Correction::Fields(fields), .. }) =
                record(ledger, *correction)
            else {
                continue;
            };
            let fields = fields.clone();
            now.text = fields.text.or(now.text);
            now.minutes = fields.minutes.or(now.minutes);
            now.phase = fields.phase.or(now.phase);
            now.beneficiary = fields.beneficiary.or(now.beneficiary);
            now.on = fields.on.or(now.on);
            now.headcount = fields.headcount.or(now.headcount);
        }
        now.day = self.days.get(&place).filter(|(_, by)| *by != place).map(|(day, _)| *day);
        now
    }

    /// The day of every meeting and contribution, and which entry gave it; once, because every row
    /// about one asks.
    fn gather_days(&mut self, ledger: &Ledger) {
        for place in &self.entries {
            let Some(given) = record(ledger, *place).and_then(given_day) else { continue };
            let corrections = self.corrections.get(place).into_iter().flatten().rev();
            let last = corrections.filter_map(|at| Some((corrected_day(ledger, *at)?, *at)));
            let mut last = last.filter(|(_, at)| self.before_taps(ledger, *place, *at));
            let day = last.next().unwrap_or((given, *place));
            self.days.insert(*place, day);
        }
    }

    /// A meeting's day changes only before its first tap: a correction that not all who tapped had
    /// seen would move them to a day on which they never said they were there.
    fn before_taps(&self, ledger: &Ledger, meeting: Place, correction: Place) -> bool {
        let taps = self.taps.get(&meeting).into_iter().flatten();
        taps.into_iter().all(|tap| ledger.in_past(correction, *tap))
    }

    /// The day of a meeting or contribution: what it gave, or a correction after it.
    #[must_use]
    pub fn event_day(&self, ledger: &Ledger, place: Place) -> Option<Day> {
        let known = self.days.get(&place).map(|(day, _)| *day);
        known.or_else(|| record(ledger, place).and_then(given_day))
    }

    /// The entry or correction that gave the event's day: the day is held against when it was
    /// signed.
    #[must_use]
    pub fn dated_by(&self, place: Place) -> Place {
        self.days.get(&place).map_or(place, |(_, by)| *by)
    }
}
