//! Whose word makes a record count (evidence.md, h and e).

use super::Journal;
use crate::entry::{Beneficiary, Record};
use crate::envelope::Content;
use crate::ledger::{Ledger, PersonIx, Place, Standing};

impl Journal {
    /// Whether a contribution as it stands after its corrections is confirmed: by a signing member
    /// with voice in the confirmation's past, other than whose work it is and the recorder; work
    /// for a person by that person, or by a third if that person is assisted or recorded it; work
    /// for oneself never.
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
                Some(person) => Some(standing.goes_by(person)),
                None => return false,
            },
            Beneficiary::Group | Beneficiary::Outside => None,
        };
        if self.is_out(place) || (beneficiary.is_some() && beneficiary == worker) {
            return false;
        }
        let Some(worker) = worker else { return false };
        // Who was assisted once and has a device now confirms with it, or a third did before; so
        // does whoever was merged with somebody assisted, whichever of the two goes on.
        let parts = beneficiary.map(|one| standing.parts(one)).unwrap_or_default();
        let mut parts = parts.into_iter().filter_map(|part| ledger.person(part));
        let assisted = parts.any(|part| part.assisted.is_some());
        let by_themselves = beneficiary != recorder;
        let by_a_third = assisted || !by_themselves;
        let confirms = self.confirms.get(&last).into_iter().flatten();
        confirms
            .into_iter()
            .filter(|confirm| ledger.at(**confirm).is_some_and(crate::ledger::Placed::voice))
            .filter_map(|confirm| self.authors.get(confirm).copied())
            .any(|by| {
                let other = by != worker && Some(by) != recorder;
                other
                    && match beneficiary {
                        Some(person) if by == person => by_themselves,
                        Some(_) => by_a_third,
                        None => true,
                    }
            })
    }

    /// Who confirmed words that were recorded for an assisted member: the first other signing
    /// member with voice.
    #[must_use]
    pub fn change_confirmed_by(
        &self,
        ledger: &Ledger,
        standing: &Standing,
        change: Place,
    ) -> Option<PersonIx> {
        let at = ledger.at(change)?;
        let Content::Change(_) = at.envelope().content() else { return None };
        let recorder = standing.author(change).map(|by| standing.goes_by(by));
        let confirms = self.confirms.get(&at.id())?.iter();
        let confirms =
            confirms.filter(|one| ledger.at(**one).is_some_and(crate::ledger::Placed::voice));
        let mut by = confirms.filter_map(|confirm| self.authors.get(confirm).copied());
        by.find(|by| Some(*by) != recorder)
    }
}
