//! What can never count for reasons of standing: rules 1, 11 and 12.

use std::collections::BTreeSet;

use copact_core::act::{Act, NewDevice};
use copact_core::change::Origin;
use copact_core::entry::Record;
use copact_core::envelope::Content;
use copact_core::ids::MemberId;
use copact_core::keys::Purpose;
use copact_core::limits;

use super::Who;
use super::closed::Closed;

impl Closed<'_> {
    /// Whether the envelope, whose past this is, is void. An author who does not stand there is
    /// nobody.
    pub fn is_void(&self, at: usize, author: Option<Who>, stood: bool) -> bool {
        let author = author.filter(|_| stood);
        match self.whole.all[at].content() {
            Content::Act(act) => self.act_is_void(act, author),
            Content::Entry(entry) => match entry.on_behalf_of {
                None => false,
                Some(member) if gives_word(&entry.record) => !self.speaks_for(author, member),
                Some(member) => !self.knows_member(member, &self.set),
            },
            Content::Change(change) => match change.origin {
                Origin::For(member) => !self.speaks_for(author, member),
                Origin::Own | Origin::Imported => false,
            },
            // No member's ledger has such a one.
            Content::Withheld(_) => true,
        }
    }

    fn act_is_void(&self, act: &Act, author: Option<Who>) -> bool {
        let speaks = act.on_behalf_of().is_none_or(|member| self.speaks_for(author, member));
        let stands = match act {
            Act::Admit { .. } | Act::Assist { .. } | Act::AddDevice { .. } | Act::Leave => {
                author.is_some()
            }
            _ => true,
        };
        let sound = match act {
            Act::Admit { .. } => self.below_limit(author),
            Act::Assist { helper, .. } => {
                self.below_limit(author) && self.knows_member(*helper, &self.set)
            }
            Act::AddDevice { device } => self.consented(device, author),
            _ => true,
        };
        !(speaks && stands && sound)
    }

    /// Rule 11: only their helper, or who was merged with them, speaks for an assisted member whom
    /// an act that works brought in.
    fn speaks_for(&self, author: Option<Who>, member: MemberId) -> bool {
        let (Some(author), Some(who)) = (author, self.whole.who(member)) else { return false };
        self.knows_member(member, &self.set)
            && !self.ids(who).is_empty()
            && self.helpers(who).into_iter().any(|helper| self.one(helper) == self.one(author))
    }

    /// A device joins a person under one of the ids that acts in the past gave them.
    fn consented(&self, device: &NewDevice, author: Option<Who>) -> bool {
        let ids = self.whole.members.iter().filter(|(member, (_, who))| {
            Some(*who) == author && self.knows_member(**member, &self.set)
        });
        ids.into_iter().any(|(member, _)| {
            device.check(Purpose::Device, Some(*member.as_bytes()), None).is_ok()
        })
    }

    /// Rule 12: a sponsor who brought in 256 others that have no voice brings in nobody more.
    fn below_limit(&self, author: Option<Who>) -> bool {
        let brought = self.acts().filter(|(at, act)| {
            matches!(act, Act::Admit { .. } | Act::Assist { .. })
                && self.finals[*at].author == author
        });
        let people = brought.flat_map(|(at, _)| self.whole.brings(at)).map(|(_, who, _)| who);
        let others: BTreeSet<Who> = people
            .filter(|who| Some(*who) != author && !self.voices.contains(&self.one(*who)))
            .collect();
        others.len() < limits::SPONSORED
    }
}

/// Whether an entry is somebody's word, and not a record of what they did.
const fn gives_word(record: &Record) -> bool {
    matches!(
        record,
        Record::Attest(_)
            | Record::Confirm(_)
            | Record::Dispute { .. }
            | Record::Refuse(_)
            | Record::Permission { .. }
    )
}
