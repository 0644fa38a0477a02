//! What the group decides about records, and about how it decides.

use copact_core::entry::Record;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::SetAside;
use copact_core::limits;
use copact_core::proposal::{Matter, Named, Share};
use copact_core::quarter::Quarter;

use super::{Answered, Ask};
use crate::error::{NodeError, Result};
use crate::group::Group;

impl Group {
    /// Asks the group to count envelopes that a removal or a recovery set aside: those that are
    /// named, and all of a member's.
    ///
    /// # Errors
    /// None, too many, or not what a decision set aside.
    pub fn restore(&mut self, typed: &[String], of: Option<&str>, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let mut named: Vec<EnvelopeId> = Vec::new();
        for one in typed {
            let id = self.envelope(one)?;
            self.must_be_restorable(id)?;
            named.push(id);
        }
        if let Some(of) = of {
            let (_, member) = self.member(of)?;
            let rows = self.set_aside().into_iter();
            let theirs = rows.filter(|row| row.author == Some(member) && is_restorable(&row.why));
            let before = named.len();
            named.extend(theirs.map(|row| row.id));
            if named.len() == before {
                return Err(NodeError::input(
                    "nothing_set_aside",
                    format_args!("no decision set anything of {} aside", self.called(member)),
                )
                .hint("`copact set-aside list` shows what is set aside, and why"));
            }
        }
        let count = named.len();
        let named = Named::new(named).filter(|named| !named.ids().is_empty()).ok_or_else(|| {
            NodeError::input(
                "too_many",
                format_args!("one proposal names 1 to {} envelopes, not {count}", limits::NAMED),
            )
            .hint("name some of them by their ids, and ask again for the rest")
        })?;
        self.decide(Matter::Restore(named), ask)
    }

    fn must_be_restorable(&self, id: EnvelopeId) -> Result<()> {
        let now = self.ledger().now();
        let verdict = self.ledger().place_of(id).map(|place| now.verdict(place));
        let short = id.to_string();
        let short = short.get(..8).unwrap_or(&short);
        match verdict {
            Some(Err(SetAside::Removed | SetAside::Recovered)) => Ok(()),
            Some(Err(why)) => Err(NodeError::input(
                "not_restorable",
                format_args!("{short} is set aside by no decision: {}", why.sentence()),
            )
            .hint("only what a removal or a lost device set aside can be counted again")),
            _ => Err(NodeError::input("counts_already", format_args!("{short} counts already"))
                .hint("`copact set-aside list` shows what does not")),
        }
    }

    /// Asks the group to settle a dispute about a contribution.
    ///
    /// # Errors
    /// No such contribution, or nobody disputes it.
    pub fn settle(&mut self, typed: &str, counts: bool, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let typed = self.entry(typed)?;
        let views = self.views();
        let journal = views.journal();
        let place = self.ledger().place_of(typed).map(|place| journal.about(place));
        let entry = place.and_then(|place| self.ledger().at(place));
        let contribution = |record: &Record| matches!(record, Record::Contribution(_));
        let is_one = entry.and_then(|at| at.entry()).is_some_and(|one| contribution(&one.record));
        let Some((entry, place)) = entry.map(|at| at.id()).zip(place).filter(|_| is_one) else {
            return Err(NodeError::input("not_a_contribution", "only work can be settled")
                .hint("name the contribution that is disputed: `copact log` lists all"));
        };
        let disputed =
            journal.disputes.contains_key(&place) || journal.settled.contains_key(&place);
        drop(views);
        if !disputed {
            return Err(NodeError::input("not_disputed", "nobody disputes this contribution")
                .hint("who thinks that it is wrong says so first: `copact dispute`"));
        }
        self.decide(Matter::Settle { entry, counts }, ask)
    }

    /// Asks the group to ask for another share of the voices for its contract and the like.
    ///
    /// # Errors
    /// No share, or the one that holds already.
    pub fn set_policy(&mut self, typed: &str, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let share = Share::parse(typed)?;
        if self.ledger().now().share() == share {
            return Err(NodeError::input(
                "policy_already",
                format_args!("the group decides with {share} of the voices already"),
            )
            .hint("name another share, from 1/2 to 4/5"));
        }
        self.decide(Matter::Policy(share), ask)
    }

    /// Asks the group to close a quarter with what this device knows.
    ///
    /// # Errors
    /// No quarter, one that is not over, or one that is closed with nothing late in it.
    pub fn close_quarter(&mut self, typed: &str, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let quarter = Quarter::parse(typed)?;
        if quarter.last_day()? >= self.clock().day {
            return Err(NodeError::input(
                "quarter_not_over",
                format_args!("{quarter} is not over before {}", quarter.last_day()?.plus(1)),
            )
            .hint("close it afterwards, once everybody's bundles have come together"));
        }
        let rows = self.quarters();
        if rows.iter().any(|row| row.quarter == quarter && row.closed && row.late == 0) {
            return Err(NodeError::input(
                "closed_already",
                format_args!("{quarter} is closed already, and nothing came late"),
            )
            .hint("`copact quarter list` shows the quarters"));
        }
        let frontier = self.heads()?;
        self.decide(Matter::Quarter { quarter, frontier }, ask)
    }
}

/// Whether a decision set it aside, so that another can count it again.
#[must_use]
pub fn is_restorable(why: &str) -> bool {
    [SetAside::Removed, SetAside::Recovered].into_iter().any(|one| one.word() == why)
}
