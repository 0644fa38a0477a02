//! The function of the ledger as the plainest possible code over a whole set.
//!
//! This is the section "Standing and consent, exactly" of ARCHITECTURE.md, rule by rule: a number in
//! a comment is the number of a rule there. It is slow and keeps nothing between two calls. The
//! rules ask about *closed sets*: the past of an envelope, or everything ([`closed::Closed`]). What
//! an envelope's past alone decides ([`Final`]) is worked out once for each, ancestors first, so
//! that whatever looks at a past finds it done.
//!
//! Not here: the gate's verdict on changes, and which entries speak of the wrong kind of thing.
//! These come as an argument ([`judge`]).

pub mod closed;
mod consent;
mod people;
mod standing;
mod void;
pub mod whole;

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Verified;
use copact_core::ids::{EnvelopeId, MemberId, ProposalId};
use copact_core::keys::DeviceKey;
use copact_core::proposal::{Matter, Proposal, Share};

use closed::Closed;
use whole::Whole;

/// A person: all admissions of one device, or one Assist (rule 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Who founded or was admitted with this device.
    Device(DeviceKey),
    /// Whom this act brought in.
    Assisted(EnvelopeId),
}

/// What an envelope's past alone decides (†).
#[derive(Clone, Debug, Default)]
pub struct Final {
    /// Whose its device was in its past.
    pub author: Option<Who>,
    /// Whether it stands in its own past.
    pub stood: bool,
    /// Whether its author had voice there.
    pub voice: bool,
    /// Whether it can never count.
    pub void: bool,
    /// An Enact: whether the need was reached in its past.
    pub holds: bool,
    /// An Enact that holds: the voices of its past that have a device, each with all its parts.
    pub asked: Vec<BTreeSet<Who>>,
}

/// Why an envelope does not count. Several can be true at once; the first one is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Void,
    Removed,
    Recovered,
    NoMember,
    Left,
}

/// What is true of a person in the whole set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonNow {
    /// The ids that working acts gave them, the one they go by first.
    pub ids: Vec<MemberId>,
    pub is_brought_in: bool,
    /// Whether they, or a part that they were merged with, are brought in, not removed, not gone.
    pub is_member: bool,
    /// Whether they, or a part that they were merged with, have voice.
    pub voice: bool,
    pub removed: bool,
    pub left: bool,
    pub helpers: BTreeSet<Who>,
    /// The person that the merged parts go by.
    pub goes_by: Who,
    /// Their devices that are brought in, and that no recovery ended.
    pub devices: BTreeSet<DeviceKey>,
}

/// How far a proposal is, in the whole set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub have: usize,
    pub need: usize,
    pub voices: usize,
    /// Whether the need is reached, or what else suffices is there.
    pub reached: bool,
}

/// Everything that the function says about a set.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The envelopes that belong in the set at all, with why each does not count; none: it does.
    pub verdicts: BTreeMap<EnvelopeId, BTreeSet<Reason>>,
    /// Whose device wrote each.
    pub authors: BTreeMap<EnvelopeId, Who>,
    /// Those that are void.
    pub void: BTreeSet<EnvelopeId>,
    /// Those whose author had voice in their past.
    pub voice: BTreeSet<EnvelopeId>,
    /// The Enacts that hold.
    pub holds: BTreeSet<EnvelopeId>,
    pub people: BTreeMap<Who, PersonNow>,
    /// How many voices there are; merged people are one.
    pub voices: usize,
    /// Who a member id means, if the act that gave it is not void.
    pub members: BTreeMap<MemberId, Who>,
    pub share: Share,
    pub proposals: BTreeMap<ProposalId, Proposal>,
    pub in_effect: BTreeSet<ProposalId>,
    pub tallies: BTreeMap<ProposalId, Tally>,
    /// The disputes that are settled, and how.
    pub settled: BTreeMap<EnvelopeId, bool>,
}

impl Judged {
    pub fn counts(&self, envelope: EnvelopeId) -> bool {
        self.verdicts[&envelope].is_empty()
    }

    pub fn why_not(&self, envelope: EnvelopeId) -> Vec<Reason> {
        self.verdicts[&envelope].iter().copied().collect()
    }

    pub fn has_voice(&self, who: Who) -> bool {
        self.people.get(&who).is_some_and(|person| person.voice)
    }

    pub fn is_member(&self, who: Who) -> bool {
        self.people.get(&who).is_some_and(|person| person.is_member)
    }

    pub fn is_in_effect(&self, proposal: &Proposal) -> bool {
        self.in_effect.contains(&proposal.id())
    }
}

/// Judges a set. `void` are the envelopes that are void for what is not about standing: changes
/// that the gate refuses, entries about the wrong kind of thing or what is not in their past.
#[must_use]
pub fn judge(envelopes: &[Verified], void: &BTreeSet<EnvelopeId>) -> Judged {
    let whole = Whole::of(envelopes, void);
    let mut finals: Vec<Final> = Vec::new();
    for at in 0..whole.all.len() {
        let past = Closed::of(&whole, &finals, whole.past[at].clone());
        let decided = past.decide(at);
        finals.push(decided);
    }
    let now = Closed::of(&whole, &finals, (0..whole.all.len()).collect());
    describe(&whole, &finals, &now)
}

fn describe(whole: &Whole, finals: &[Final], now: &Closed) -> Judged {
    let ids = |wanted: &dyn Fn(&Final) -> bool| {
        let at = (0..finals.len()).filter(|at| wanted(&finals[*at]));
        at.map(|at| whole.all[at].id()).collect::<BTreeSet<_>>()
    };
    let valid = whole.proposals.iter().filter(|(at, _)| !finals[**at].void);
    let proposals: BTreeMap<ProposalId, Proposal> =
        valid.map(|(_, (id, proposal))| (*id, (*proposal).clone())).collect();
    let members = whole.members.iter().filter(|(_, (act, _))| !finals[*act].void);
    let authors =
        whole.all.iter().filter_map(|one| Some((one.id(), now.owner(&one.header().chain.device)?)));
    Judged {
        verdicts: (0..finals.len()).map(|at| (whole.all[at].id(), now.reasons(at))).collect(),
        authors: authors.collect(),
        void: ids(&|one| one.void),
        voice: ids(&|one| one.voice),
        holds: ids(&|one| one.holds),
        people: now.everybody().into_iter().map(|who| (who, now.person(who))).collect(),
        voices: now.voices.len(),
        members: members.map(|(id, (_, who))| (*id, *who)).collect(),
        share: now.share(),
        in_effect: now.in_effect.iter().map(|(id, _)| *id).collect(),
        tallies: proposals.iter().map(|(id, one)| (*id, now.tally(one))).collect(),
        settled: settled(now),
        proposals,
    }
}

/// Disputes about which the decisions in effect say one thing.
fn settled(now: &Closed) -> BTreeMap<EnvelopeId, bool> {
    let mut said: BTreeMap<EnvelopeId, BTreeSet<bool>> = BTreeMap::new();
    for (_, proposal) in &now.in_effect {
        if let Matter::Settle { entry, counts } = proposal.matter {
            said.entry(entry).or_default().insert(counts);
        }
    }
    let one = said.into_iter().filter(|(_, words)| words.len() == 1);
    one.filter_map(|(entry, words)| Some((entry, *words.first()?))).collect()
}

impl Closed<'_> {
    fn person(&self, who: Who) -> PersonNow {
        let brought = self.brought.iter().copied();
        let own = |device: &DeviceKey| {
            self.owner(device) == Some(who) && self.ended_at(who, *device).is_empty()
        };
        let stays = |part| self.is_brought_in(part) && !self.removed(part) && !self.has_left(part);
        PersonNow {
            ids: self.ids(who),
            is_brought_in: self.is_brought_in(who),
            is_member: self.parts(who).into_iter().any(stays),
            voice: self.voices.contains(&self.one(who)),
            removed: self.removed(who),
            left: self.has_left(who),
            helpers: self.helpers(who),
            goes_by: self.goes_by(who),
            devices: brought.filter(own).collect(),
        }
    }
}
