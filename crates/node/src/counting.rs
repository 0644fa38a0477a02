//! Why a record that was just written does not count, in words for who wrote it.

use copact_core::entry::{Beneficiary, Record};
use copact_core::ids::EnvelopeId;
use serde::Serialize;

use crate::group::Group;

/// Something was written that may count nowhere.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    /// The entry.
    pub id: EnvelopeId,
    /// Why it does not count, if it does not and no word of others changes that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub does_not_count: Option<&'static str>,
}

impl Group {
    /// Why work counts nowhere, whoever confirms it.
    pub(crate) fn why_work_is_nothing(&self, work: EnvelopeId) -> Option<&'static str> {
        let place = self.ledger().place_of(work)?;
        let Some(Record::Contribution(given)) =
            self.ledger().at(place)?.entry().map(|one| &one.record)
        else {
            return None;
        };
        let views = self.views();
        let (journal, standing) = (views.journal(), self.ledger().now());
        if standing.verdict(place).is_err() {
            return Some("it is set aside (copact set-aside list).");
        }
        if journal.refused.contains(&place) {
            return Some("the member whose work it is refused it.");
        }
        if journal.late.contains(&place) {
            return Some("it came after its quarter was closed.");
        }
        if journal.settled.get(&place) == Some(&false) {
            return Some("the group decided that it does not.");
        }
        let now = journal.effective(self.ledger(), place);
        let day = now.day.unwrap_or(given.day);
        if day > self.clock().day {
            return Some("it is dated on a day that has not come yet.");
        }
        let worker = *journal.subjects.get(&place)?;
        let whom = now.beneficiary.as_ref().unwrap_or(&given.beneficiary);
        if let Beneficiary::Member(member) = whom {
            let Some(person) = standing.person(*member) else {
                return Some("nobody brought in whom it is for.");
            };
            if standing.goes_by(person) == worker {
                return Some("work for oneself is nothing given to others.");
            }
            if !views.membership().covers(person, day) {
                return Some("whom it is for was no member on its day.");
            }
        }
        if !views.membership().covers(worker, day) {
            return Some("whose work it is was no member on its day.");
        }
        None
    }

    /// Why a confirmation that was just written makes nothing count.
    pub(crate) fn why_confirming_is_nothing(&self, target: EnvelopeId) -> Option<&'static str> {
        let named = self.ledger().place_of(target)?;
        let views = self.views();
        // What is confirmed may be a correction of the work.
        let work = views.journal().corrected(named);
        let contribution = self.ledger().at(work)?.entry();
        if !matches!(contribution.map(|one| &one.record), Some(Record::Contribution(_))) {
            return None;
        }
        if let Some(why) = self.why_work_is_nothing(self.ledger().at(work)?.id()) {
            return Some(why);
        }
        if views.journal().confirmed(self.ledger(), &self.ledger().now(), work) {
            return None;
        }
        let corrections = views.journal().corrections.get(&work);
        if corrections.and_then(|all| all.last()).is_some_and(|last| *last != named) {
            return Some("it was corrected; confirm the last correction (copact log).");
        }
        Some(
            "a word counts of a member with voice who neither did the work nor recorded it; work \
             for somebody needs the word of that person.",
        )
    }
}
