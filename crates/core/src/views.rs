//! Views: what people see, each a pure function of the ledger.
//!
//! Everything is named by id. Names and free texts are not part of the ledger; who shows a view
//! hands in [`Labels`] that look them up. The [`Views::digest`] is made without any, so that an
//! erased name changes nothing.

use std::collections::HashMap;

use serde::Serialize;

use crate::day::Day;
use crate::ids::{MemberId, TextHash, tagged_hash};
use crate::ledger::{Ledger, Place, Standing};

mod attendance;
mod authorship;
mod confirmation;
mod contract;
mod decisions;
mod first_screen;
mod journal;
mod late;
mod log;
mod meetings;
mod membership;
mod policies;
mod roster;
mod set_aside;
mod signed;

pub use attendance::{Attendance, Grade};
pub use authorship::{AuthorSpan, Authorship};
pub use contract::{ContractStatus, Signature, SignedVersion, VersionStatus};
pub use decisions::{AnswerRow, ProposalRow, ProposedValue};
pub use first_screen::{FirstScreen, OpenMeeting, OpenProposal, Present, Screening, Seat};
pub use journal::Journal;
pub use log::{CorrectedRow, EntryRow, Fields, ForWhom, OnWhat};
pub use meetings::{AttendanceRow, Grades, MeetingRow, Meetings, Totals};
pub use membership::Membership;
pub use roster::{DeviceRow, MemberRow, RoleRow};
pub use set_aside::SetAsideRow;

/// How to show what the ledger only names.
pub struct Labels<'a> {
    /// A member's name.
    pub name: &'a dyn Fn(MemberId) -> Option<String>,
    /// A side text.
    pub text: &'a dyn Fn(TextHash) -> Option<String>,
}

impl Labels<'static> {
    /// No names; texts by their hash.
    #[must_use]
    pub fn none() -> Self {
        Self { name: &|_| None, text: &|hash| Some(hash.to_string()) }
    }
}

/// The read models of one state of a ledger.
pub struct Views<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Who stands in it.
    pub standing: Standing<'a>,
    signed: HashMap<Place, Day>,
    membership: Membership,
    journal: Journal,
}

/// What `copact status` counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Envelopes placed.
    pub envelopes: usize,
    /// Members that have not left.
    pub members: usize,
    /// Those whose word counts in common decisions.
    pub voices: usize,
    /// Entries of the log that count.
    pub entries: usize,
    /// Envelopes set aside.
    pub set_aside: usize,
    /// Entries that carry a flag, and chains that were continued twice.
    pub flags: usize,
}

impl<'a> Views<'a> {
    /// Reads a ledger.
    #[must_use]
    pub fn of(ledger: &'a Ledger) -> Self {
        let standing = ledger.now();
        let signed = signed::signed_days(ledger, &standing);
        let membership = Membership::of(ledger, &standing, &signed);
        let journal = Journal::of(ledger, &standing, &membership);
        Self { ledger, standing, signed, membership, journal }
    }

    /// The analysed log.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The signed day of an envelope (evidence.md): the least of its header's day and the second
    /// least of the days that other members give it.
    #[must_use]
    pub fn signed(&self, place: Place) -> Option<Day> {
        self.signed.get(&place).copied()
    }

    /// The numbers for the status.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let (entries, set_aside) = self.counted();
        let people = self.standing.members().filter(|(ix, ..)| self.standing.goes_by(*ix) == *ix);
        let flagged = self.log(&Labels::none()).iter().filter(|row| !row.flags.is_empty()).count();
        let chains = self.ledger.frontier().chains().values();
        Counts {
            envelopes: self.ledger.len(),
            members: people.filter(|(ix, ..)| self.standing.is_member(*ix)).count(),
            voices: self.standing.voices(),
            entries,
            set_aside,
            flags: flagged + chains.filter(|tips| tips.len() > 1).count(),
        }
    }

    /// How many entries count, and how many envelopes are set aside.
    fn counted(&self) -> (usize, usize) {
        let (mut entries, mut set_aside) = (0, 0);
        for (place, placed) in self.ledger.envelopes() {
            match self.standing.verdict(place) {
                Ok(_) => entries += usize::from(placed.entry().is_some()),
                Err(_) => set_aside += 1,
            }
        }
        (entries, set_aside)
    }

    /// BLAKE3 of everything that the views show, names and free texts apart. Devices with equal
    /// sets of envelopes have equal digests.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let labels = Labels::none();
        let mut log = self.log(&labels);
        // When others saw an entry moves with every later envelope; it is no state of the group.
        log.iter_mut().for_each(|row| row.signed = row.day);
        let shown = (
            self.roster(&labels),
            self.meetings(&labels),
            log,
            self.proposal_rows(&labels),
            self.contract_status(),
            self.contract_content(None),
            self.blame(None),
            self.set_aside(),
            self.minutes_digests(),
        );
        let bytes = serde_json::to_vec(&shown).unwrap_or_default();
        tagged_hash("copact view 1", &[self.ledger.group().as_bytes(), &bytes])
    }
}
