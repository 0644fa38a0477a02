//! What can never count, judged from an envelope and its past alone.

use super::{Closed, Ledger, Place};
use crate::act::Act;
use crate::change::{Change, DocumentId, Origin, Withheld};
use crate::document::{Gate, VoidChange};
use crate::entry::{Correction, Entry, Occasion, Record};
use crate::envelope::Content;
use crate::ids::{EnvelopeId, MemberId};

/// Why an envelope can never count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// It speaks of an envelope that its author cannot have known.
    #[error("it is about something that is not in its past")]
    NotInPast,
    /// It speaks of the wrong kind of thing, as a tap at what is no meeting.
    #[error("it is about the wrong kind of thing")]
    WrongKind,
    /// It speaks of a member who was not brought in in its past.
    #[error("it names a member whom its author cannot have known")]
    NoSuchMember,
    /// The author did not stand in its past, so the act brings nobody in and ends nothing.
    #[error("its author was no member when they wrote it")]
    NoStanding,
    /// A device that did not consent to belong to that member.
    #[error("the device did not consent to belong to this member")]
    NoConsent,
    /// The author is not the helper of the member they speak for.
    #[error("its author is not the helper of the member they speak for")]
    NotTheHelper,
    /// The sponsor brought in as many members as one may.
    #[error("its sponsor has brought in too many members already")]
    TooMany,
    /// Whoever made this copy says so of a body that they withheld.
    #[error("it is void, by the word of whoever withheld its body")]
    Withheld,
    /// The gate refused the change.
    #[error("the change is not in order: {0}")]
    Change(#[from] VoidChange),
}

impl Void {
    /// A word for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInPast => "not_in_past",
            Self::WrongKind => "wrong_kind",
            Self::NoSuchMember => "no_such_member",
            Self::NoStanding => "no_standing",
            Self::NoConsent => "no_consent",
            Self::NotTheHelper => "not_the_helper",
            Self::TooMany => "too_many",
            Self::Withheld => "withheld",
            Self::Change(change) => change.code(),
        }
    }
}

impl Ledger {
    /// Decides once, at placing. `None` is not void.
    pub(super) fn judge_past(&mut self, place: Place) -> Option<Void> {
        let envelope = self.at(place)?.envelope.clone();
        match envelope.content() {
            Content::Act(act) => self.judge_act(place, act).err(),
            Content::Entry(entry) => self.judge_entry(place, entry).err(),
            Content::Change(change) => self.judge_change(place, change).err(),
            Content::Withheld(withheld) => self.judge_withheld(place, withheld).err(),
        }
    }

    fn judge_act(&self, place: Place, act: &Act) -> Result<(), Void> {
        match act {
            Act::Leave if self.author_in_past(place).is_none() => Err(Void::NoStanding),
            Act::Admit { .. } => self.below_limit(place),
            Act::Assist { helper, .. } => {
                self.below_limit(place)?;
                self.member_in_past(*helper, place)
            }
            Act::AddDevice { device } if !self.consented_to_join(place, device) => {
                Err(Void::NoConsent)
            }
            Act::Confirm { act } => {
                self.known(&[*act], place)?;
                let act = self.get(*act).and_then(super::Placed::act);
                act.is_some().then_some(()).ok_or(Void::WrongKind)
            }
            Act::Role { on_behalf_of: Some(member), .. }
            | Act::Propose { on_behalf_of: Some(member), .. }
            | Act::Answer { on_behalf_of: Some(member), .. } => self.helps(*member, place),
            _ => Ok(()),
        }
    }

    /// The one limit on sets, judged in the act's past: at most so many brought in by one sponsor.
    fn below_limit(&self, place: Place) -> Result<(), Void> {
        let Some(sponsor) = self.author_in_past(place) else { return Err(Void::NoStanding) };
        let brought = self.brought_before(place, sponsor);
        if brought < crate::limits::SPONSORED { Ok(()) } else { Err(Void::TooMany) }
    }

    fn helps(&self, member: MemberId, place: Place) -> Result<(), Void> {
        self.member_in_past(member, place)?;
        let past = self.standing(Closed::Past(place));
        let person = past.person(member).ok_or(Void::NoSuchMember)?;
        let author = past.stands(place).ok();
        let helps = author.is_some_and(|author| past.helps(author, person));
        helps.then_some(()).ok_or(Void::NotTheHelper)
    }

    fn member_in_past(&self, member: MemberId, place: Place) -> Result<(), Void> {
        let known = self.introduction(member).is_some_and(|one| self.in_past(one.act, place));
        known.then_some(()).ok_or(Void::NoSuchMember)
    }

    fn known(&self, ids: &[EnvelopeId], place: Place) -> Result<(), Void> {
        let past = |id: &EnvelopeId| self.place_of(*id).is_some_and(|at| self.in_past(at, place));
        ids.iter().all(past).then_some(()).ok_or(Void::NotInPast)
    }

    fn judge_entry(&self, place: Place, entry: &Entry) -> Result<(), Void> {
        self.known(&entry.refers_to(), place)?;
        match (entry.on_behalf_of, &entry.record) {
            (None, _) => {}
            // Anybody may write down what somebody did, who may refuse it. Nobody but their helper
            // gives a word in their place.
            (Some(member), record) if gives_word(record) => self.helps(member, place)?,
            (Some(member), _) => self.member_in_past(member, place)?,
        }
        let record = |id: EnvelopeId| self.get(id).and_then(super::Placed::entry);
        let meeting = |id| matches!(record(id).map(|e| &e.record), Some(Record::Meeting { .. }));
        let right = match &entry.record {
            Record::Open(id) | Record::Close(id) => meeting(*id),
            Record::Tap { meeting: id, .. } => matches!(
                record(*id).map(|entry| &entry.record),
                Some(Record::Meeting { headcount: None, .. })
            ),
            Record::Attest(ids) => ids.iter().all(|id| self.is_entry(*id)),
            Record::Dispute { entry, .. } | Record::Refuse(entry) => self.is_entry(*entry),
            Record::Confirm(id) => {
                self.get(*id).is_some_and(|at| !matches!(at.envelope.content(), Content::Act(_)))
            }
            Record::Contribution(contribution) => self.fits(contribution.on.as_ref()),
            Record::Correct { entry, correction, .. } => match correction {
                Correction::Fields(fields) => {
                    self.is_entry(*entry) && self.fits(fields.on.as_ref())
                }
                Correction::SameAs(other) => same_kind(record(*entry), record(*other)),
            },
            _ => true,
        };
        right.then_some(()).ok_or(Void::WrongKind)
    }

    fn is_entry(&self, id: EnvelopeId) -> bool {
        matches!(
            self.get(id).map(|at| at.envelope.content()),
            Some(Content::Entry(_) | Content::Withheld(Withheld::Entry { .. }))
        )
    }

    /// A change of which only its place among the others is told: it may build on what its author
    /// knew, and on nothing else.
    fn judge_withheld(&mut self, place: Place, withheld: &Withheld) -> Result<(), Void> {
        let (hash, deps) = match withheld {
            Withheld::Passed { hash, deps } => (hash, deps),
            Withheld::Entry { void } | Withheld::Change { void } => {
                return if *void { Err(Void::Withheld) } else { Ok(()) };
            }
        };
        let Some(chain) = self.at(place).map(|at| at.envelope.header().chain) else {
            return Err(Void::NotInPast);
        };
        let document = DocumentId::Contract;
        let mut gate = self.gates.remove(&document).unwrap_or_else(|| Gate::new(&document));
        let known = |hash| {
            let carriers = self.carriers.get(&(document, hash));
            carriers.is_some_and(|all| all.iter().any(|carrier| self.in_past(*carrier, place)))
        };
        let verdict = gate.take_on_trust(chain.actor(self.group), *hash, deps, &known);
        self.gates.insert(document, gate);
        verdict?;
        self.carriers.entry((document, *hash)).or_default().push(place);
        Ok(())
    }

    /// Whether what work is said to be done on is what it is said to be.
    fn fits(&self, on: Option<&Occasion>) -> bool {
        let record = |id: EnvelopeId| Some(&self.get(id)?.entry()?.record);
        match on {
            Some(Occasion::Meeting(id)) => matches!(record(*id), Some(Record::Meeting { .. })),
            Some(Occasion::Task(id)) => matches!(record(*id), Some(Record::Task(_))),
            Some(Occasion::Goal(_)) | None => true,
        }
    }

    fn judge_change(&mut self, place: Place, change: &Change) -> Result<(), Void> {
        if let DocumentId::Minutes(meeting) = change.document {
            self.known(&[meeting], place)?;
            let entry = self.get(meeting).and_then(super::Placed::entry);
            if !matches!(entry.map(|e| &e.record), Some(Record::Meeting { .. })) {
                return Err(Void::WrongKind);
            }
        }
        if let Origin::For(member) = change.origin {
            self.helps(member, place)?;
        }
        let Some(chain) = self.at(place).map(|at| at.envelope.header().chain) else {
            return Err(Void::NotInPast);
        };
        let actor = chain.actor(self.group);
        let document = change.document;
        // The gate asks this ledger which changes the author knew, so it is taken out meanwhile.
        let mut gate = self.gates.remove(&document).unwrap_or_else(|| Gate::new(&document));
        let known = |hash| {
            let carriers = self.carriers.get(&(document, hash));
            carriers.is_some_and(|all| all.iter().any(|carrier| self.in_past(*carrier, place)))
        };
        let verdict = gate.judge(actor, &change.bytes, &known);
        self.gates.insert(document, gate);
        let hash = verdict?;
        self.carriers.entry((document, hash)).or_default().push(place);
        Ok(())
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

/// Only meetings are the same as meetings, and contributions as contributions. A meeting without
/// names has no taps, so that nobody's tap may go to one.
fn same_kind(one: Option<&Entry>, other: Option<&Entry>) -> bool {
    match (one.map(|e| &e.record), other.map(|e| &e.record)) {
        (
            Some(Record::Meeting { headcount: one, .. }),
            Some(Record::Meeting { headcount: other, .. }),
        ) => one.is_some() == other.is_some(),
        (Some(Record::Contribution(_)), Some(Record::Contribution(_))) => true,
        _ => false,
    }
}
