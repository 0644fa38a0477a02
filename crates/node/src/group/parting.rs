//! Whether this device's member is one still, and what to tell them if not.

use copact_core::day::Day;
use copact_core::ids::{MemberId, ProposalId};
use copact_core::ledger::{PersonIx, Place};
use copact_core::proposal::Matter;
use serde::Serialize;

use super::Group;
use crate::error::{NodeError, Result};

/// Why what this device writes does not count any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyParted {
    /// Its member left.
    Left,
    /// The group removed its member.
    Removed,
    /// The group ended the device as lost.
    LostDevice,
    /// Nobody who counts has brought the device in any more.
    NotBroughtIn,
}

/// This device's member, or the device, is of the group no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parted {
    /// Why.
    pub why: WhyParted,
    /// Since when, as far as can be told.
    pub day: Option<Day>,
    /// The decision, unless they left.
    pub proposal: Option<ProposalId>,
    /// The reason that whoever proposed it gave.
    pub reason: Option<String>,
}

impl Group {
    /// Whether this device's member or this device has parted from the group.
    #[must_use]
    pub fn parted(&self) -> Option<Parted> {
        let device = self.secrets.device.public();
        let now = self.ledger.now();
        let me = now.of_device(&device)?;
        if let Some(proposal) = now.removals(me).first() {
            return Some(self.parted_by(WhyParted::Removed, *proposal));
        }
        if now.is_ended(&device, me) {
            let ending = self.ledger.proposals().find(|id| {
                let matter = self.ledger.proposal(*id).map(|one| &one.matter);
                matches!(matter, Some(Matter::Recover { member, .. })
                    if self.ledger.person_with_id(*member) == Some(me))
                    && now.in_effect(*id)
            });
            return Some(match ending {
                Some(proposal) => self.parted_by(WhyParted::LostDevice, proposal),
                None => {
                    Parted { why: WhyParted::LostDevice, day: None, proposal: None, reason: None }
                }
            });
        }
        if !now.is_device_brought_in(&device) {
            let (why, day) = (WhyParted::NotBroughtIn, None);
            return Some(Parted { why, day, proposal: None, reason: None });
        }
        let leave = now.leaves(me).first().copied()?;
        let day = self.day_of([leave]);
        Some(Parted { why: WhyParted::Left, day, proposal: None, reason: None })
    }

    fn parted_by(&self, why: WhyParted, proposal: ProposalId) -> Parted {
        let reason = self.proposals().into_iter().find(|row| row.id == proposal);
        Parted {
            why,
            day: self.day_of(self.ledger.enacted_by(proposal)),
            proposal: Some(proposal),
            reason: reason.and_then(|row| row.reason),
        }
    }

    fn day_of(&self, places: impl IntoIterator<Item = Place>) -> Option<Day> {
        let views = self.views();
        places.into_iter().filter_map(|place| views.signed(place)).min()
    }

    /// Refuses what only a member can do, on a device that has parted from the group.
    ///
    /// # Errors
    /// This device's member has left or was removed, or the device was ended as lost.
    pub fn must_stand(&self) -> Result<(PersonIx, MemberId)> {
        let me = self.me()?;
        let Some(parted) = self.parted() else { return Ok(me) };
        Err(parted.refusal())
    }
}

impl Parted {
    /// What to tell whoever wants to write all the same.
    #[must_use]
    pub fn refusal(&self) -> NodeError {
        let on = self.day.map_or_else(String::new, |day| format!(" on {day}"));
        let reason = self.reason.as_ref();
        let reason = reason.map_or_else(String::new, |text| format!(" (reason: “{text}”)"));
        match self.why {
            WhyParted::Left => NodeError::failed(
                "left",
                "you have left this group, so what you write would not count",
            )
            .hint("ask a member for a new invite, and join with a home of its own: `copact --home DIR join TICKET`"),
            WhyParted::Removed => NodeError::failed(
                "removed",
                format_args!(
                    "the group removed you{on}{reason}, so what you write from now on would not count"
                ),
            )
            .hint(
                "what you wrote before stays; the others can count more of it again (`copact \
                 set-aside restore`), or invite you anew, to join with a home of its own: `copact \
                 --home DIR join TICKET`",
            ),
            WhyParted::NotBroughtIn => NodeError::failed(
                "not_brought_in",
                "what brought this device in is set aside, so what it writes would not count",
            )
            .hint("ask a member whose word counts to let you in again: `copact invite`; what you \
                   wrote then counts, too"),
            WhyParted::LostDevice => NodeError::failed(
                "lost_device",
                format_args!(
                    "the group gave this device up as lost{on}{reason}, so what it writes would not count"
                ),
            )
            .hint("write with the device that took its place, or ask the others for a new one: \
                   `copact member recover`"),
        }
    }
}
