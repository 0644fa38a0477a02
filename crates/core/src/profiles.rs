//! Which profile record holds, and what was erased.
//!
//! Profiles and side texts lie beside the ledger. Which of them may be kept and shown is a function
//! of the ledger and of the records at hand: an [`Act::Erase`] kills every record that is not after
//! it, so a device that was away cannot bring a name back.

use std::collections::{BTreeMap, BTreeSet};

use crate::act::{Act, Erased};
use crate::entry::{Entry, Record};
use crate::ids::{EnvelopeId, MemberId, TextHash};
use crate::ledger::{Closed, Ledger, PersonIx, Place, SetAside, Standing};
use crate::profile::Profile;

impl Ledger {
    /// The person a record is about, if its author may write it: their own device, or for an
    /// assisted member the helper's. A record that names another device's envelope as its author's
    /// newest is nobody's: it would stand before all that its author writes.
    #[must_use]
    pub fn profile_subject(&self, standing: &Standing, record: &Profile) -> Option<PersonIx> {
        let author = standing.of_device(&record.statement.author)?;
        let after = record.statement.after.and_then(|id| self.get(id));
        if after.is_some_and(|at| at.envelope().header().chain.device != record.statement.author) {
            return None;
        }
        match record.statement.about {
            None => Some(author),
            Some(member) => {
                let subject = standing.person(member)?;
                let after = record.statement.after.and_then(|id| self.place_of(id));
                let helper = self.helped_then(subject, author, after?, standing);
                helper.then_some(subject)
            }
        }
    }

    /// Whether a record may be kept: its author may write it, and no erasure of the member's
    /// profile is missing from what it comes after.
    #[must_use]
    pub fn profile_lives(&self, standing: &Standing, record: &Profile) -> bool {
        let Some(subject) = self.profile_subject(standing, record) else { return false };
        let after = record.statement.after.and_then(|id| self.place_of(id));
        // What a lost device writes, its owner did not write. The record with which somebody joined
        // comes after nothing, and stays until the new device has said the name again: else whoever
        // loses a phone loses the name.
        if after.is_some_and(|after| self.is_strangers(standing, after)) {
            return false;
        }
        self.erasures().iter().all(|erase| {
            let Some(Act::Erase { what: Erased::Profile(member) }) =
                self.at(*erase).and_then(crate::ledger::Placed::act)
            else {
                return true;
            };
            let about = standing.person(*member) == Some(subject);
            let allowed = self.may_erase(standing, subject, *erase);
            let later = after.is_some_and(|after| after == *erase || self.in_past(*erase, after));
            !(about && allowed) || later
        })
    }

    /// Of each member, the record that holds: the living one whose author's newest envelope is
    /// the last in canonical order; of equal ones that with the lowest signature.
    #[must_use]
    pub fn current_profiles<'r>(
        &self,
        standing: &Standing,
        records: impl IntoIterator<Item = &'r Profile>,
    ) -> BTreeMap<MemberId, &'r Profile> {
        type Key = (Option<(u32, EnvelopeId)>, std::cmp::Reverse<crate::keys::SignatureBytes>);
        let mut current: BTreeMap<MemberId, (Key, &Profile)> = BTreeMap::new();
        for record in records {
            if !self.profile_lives(standing, record) {
                continue;
            }
            let subject = self.profile_subject(standing, record);
            let Some(member) = subject.and_then(|person| standing.id(person)) else { continue };
            let after = record.statement.after.and_then(|id| self.place_of(id));
            let key =
                (after.map(|place| self.canonical(place)), std::cmp::Reverse(record.signature));
            match current.get(&member) {
                Some((held, _)) if *held >= key => {}
                _ => drop(current.insert(member, (key, record))),
            }
        }
        current.into_iter().map(|(member, (_, record))| (member, record)).collect()
    }

    /// The side texts that were erased by the author of an entry that names them, its subject or
    /// the subject's helper. An erasure is heeded even when its author has left since.
    #[must_use]
    pub fn erased_texts(&self, standing: &Standing) -> BTreeSet<TextHash> {
        self.erased_among(standing, |_| true)
    }

    /// Those of some texts that were erased, as [`Self::erased_texts`]. It goes through the whole
    /// ledger only if somebody asks to erase one of them, so who keeps no erased text waits for
    /// nothing.
    #[must_use]
    pub fn erased_among(
        &self,
        standing: &Standing,
        wanted: impl Fn(&TextHash) -> bool,
    ) -> BTreeSet<TextHash> {
        let mut asked: BTreeMap<TextHash, Vec<Place>> = BTreeMap::new();
        for erase in self.erasures() {
            let Some(Act::Erase { what: Erased::Texts(texts) }) =
                self.at(*erase).and_then(crate::ledger::Placed::act)
            else {
                continue;
            };
            if self.is_strangers(standing, *erase) {
                continue;
            }
            for text in texts.iter().filter(|text| wanted(text)) {
                asked.entry(*text).or_default().push(*erase);
            }
        }
        if asked.is_empty() {
            return BTreeSet::new();
        }
        // Whoever read a text can name it in an entry of their own, also from an old past. So all
        // who first named it must agree: who reads along can keep a text, and erase nobody's.
        let mut naming: BTreeMap<TextHash, Vec<(Place, Option<MemberId>)>> = BTreeMap::new();
        for (place, placed) in self.envelopes() {
            let texts = match (placed.entry(), placed.act()) {
                (Some(entry), _) => entry.texts(),
                (_, Some(act)) => act.texts(),
                _ => continue,
            };
            for text in texts.into_iter().filter(|text| asked.contains_key(text)) {
                // Not asked of every entry: it goes back through corrections of corrections.
                let about = match placed.entry() {
                    Some(entry) => self.written_about(entry),
                    None => placed.act().and_then(Act::on_behalf_of),
                };
                naming.entry(text).or_default().push((place, about));
            }
        }
        let may = |(place, about): &(Place, Option<MemberId>), erase: &Place| {
            let subject = about.and_then(|member| standing.person(member));
            let wrote = standing.author(*place).map(|by| standing.goes_by(by));
            (wrote.is_some() && wrote == standing.author(*erase).map(|by| standing.goes_by(by)))
                || subject.is_some_and(|subject| self.may_erase(standing, subject, *erase))
        };
        let erased = asked.into_iter().filter(|(text, by)| {
            let named = naming.get(text).map(Vec::as_slice).unwrap_or_default();
            let first = named
                .iter()
                .filter(|(place, _)| !named.iter().any(|(other, _)| self.in_past(*other, *place)));
            let mut first = first.into_iter().peekable();
            first.peek().is_some() && first.all(|one| by.iter().any(|by| may(one, by)))
        });
        erased.map(|(text, _)| text).collect()
    }

    /// Whom an entry is about when somebody else recorded it; of a correction, whom the entry is
    /// about that it corrects in the end.
    #[must_use]
    pub fn written_about(&self, entry: &Entry) -> Option<MemberId> {
        let mut entry = entry;
        while let Record::Correct { entry: corrected, .. } = &entry.record
            && let Some(before) = self.get(*corrected).and_then(crate::ledger::Placed::entry)
        {
            entry = before;
        }
        entry.on_behalf_of
    }

    /// The side texts that any envelope names: nothing else is taken in.
    #[must_use]
    pub fn named_texts(&self) -> BTreeSet<TextHash> {
        let mut named = BTreeSet::new();
        for (_, placed) in self.envelopes() {
            if let Some(entry) = placed.entry() {
                named.extend(entry.texts());
            }
            named.extend(placed.act().into_iter().flat_map(Act::texts));
        }
        named
    }

    /// Whether an envelope is of a lost device, after what was left of it, or of one that nobody
    /// who counts brought in: a thief's, not its owner's.
    fn is_strangers(&self, standing: &Standing, place: Place) -> bool {
        matches!(standing.stands(place), Err(SetAside::Recovered | SetAside::NoMember))
    }

    /// A person may have erased what is about them, and so may who helped them then. An erasure
    /// is heeded in spite of any cut.
    fn may_erase(&self, standing: &Standing, subject: PersonIx, erase: Place) -> bool {
        let by = standing.author(erase).filter(|_| !self.is_strangers(standing, erase));
        by.is_some_and(|by| {
            standing.goes_by(by) == standing.goes_by(subject)
                || self.helped_then(subject, by, erase, standing)
        })
    }

    /// Whether somebody signed for a person by the time of an envelope: in its past, or by it.
    fn helped_then(&self, who: PersonIx, by: PersonIx, at: Place, standing: &Standing) -> bool {
        let brought = self.person(who).into_iter().flat_map(|one| &one.introductions);
        let mut brought = brought.filter(|one| one.act == at);
        let first = self.person(who).and_then(|one| one.assisted).map(|one| one.helper);
        let first = first.map(|helper| standing.goes_by(helper));
        self.standing(Closed::Past(at)).helps(by, who)
            || (brought.next().is_some() && first == Some(standing.goes_by(by)))
    }
}
