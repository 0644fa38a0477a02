//! The ledger: a group's grow-only set of envelopes, and what each of them counts for.
//!
//! Everything here is a function of the set. Envelopes may arrive in any order and twice; one whose
//! ancestors are missing waits. What is decided from an envelope and its ancestors alone
//! ([`Placed::void`], [`Placed::voice`], whether an Enact holds, what brings a device in) is
//! decided once, when it is placed, and is final. What depends on the rest of the set
//! ([`Ledger::standing`]) is asked for a closed set: the past of an envelope, or the whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::act::Act;
use crate::change::DocumentId;
use crate::document::Gate;
use crate::envelope::{Content, Verified};
use crate::frontier::Frontier;
use crate::ids::{ChangeHash, EnvelopeId, GroupId, ProposalId};
use crate::keys::DeviceKey;

mod arrivals;
mod consent;
mod documents;
mod effects;
mod past;
mod people;
mod placed;
mod placing;
mod standing;
mod void;

pub use consent::{Adoption, Answered, Decision, Tally};
pub use past::Closed;
pub use people::{Assisted, Introduction, Person, PersonIx};
pub use placed::{Place, Placed};
pub use standing::{SetAside, Standing};
pub use void::Void;

/// Why an envelope does not belong in this ledger at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedEnvelope {
    /// Another group's.
    #[error("an envelope belongs to another group; import it where that group is kept")]
    OtherGroup,
    /// The first envelope of a ledger must found the group.
    #[error("the first envelope does not found a group; the beginning of the file is missing")]
    NotFounding,
    /// Its `prev` is another chain's or not the one before it, or it builds on such an envelope.
    #[error(
        "an envelope does not continue its author's chain; it was not made by copact and is left out"
    )]
    BrokenChain,
}

/// What became of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// Placed, and with it those that had waited for it: all new ones, ancestors first.
    Placed(Vec<EnvelopeId>),
    /// It was here already.
    Known,
    /// It waits for ancestors.
    Waiting,
}

/// A group's envelopes.
#[derive(Debug)]
pub struct Ledger {
    group: GroupId,
    placed: Vec<Placed>,
    index: HashMap<EnvelopeId, Place>,
    heads: BTreeSet<Place>,
    /// The envelopes of each strand; see [`past`].
    strands: Vec<Vec<Place>>,
    frontier: Frontier,
    waiting: BTreeMap<EnvelopeId, Verified>,
    waiting_for: BTreeMap<EnvelopeId, BTreeSet<EnvelopeId>>,
    refused: BTreeSet<EnvelopeId>,
    people: people::People,
    consent: consent::Consent,
    effects: effects::Effects,
    gates: BTreeMap<DocumentId, Gate>,
    carriers: BTreeMap<(DocumentId, ChangeHash), Vec<Place>>,
    erasures: Vec<Place>,
    #[cfg(feature = "testing")]
    asked: std::cell::Cell<u64>,
}

impl Ledger {
    /// Starts a ledger from its founding envelope.
    ///
    /// # Errors
    /// The envelope founds nothing.
    pub fn found(founding: Verified) -> Result<Self, RefusedEnvelope> {
        if !matches!(founding.content(), Content::Act(Act::Found(_))) {
            return Err(RefusedEnvelope::NotFounding);
        }
        let mut ledger = Self {
            group: founding.group(),
            placed: Vec::new(),
            index: HashMap::new(),
            heads: BTreeSet::new(),
            strands: Vec::new(),
            frontier: Frontier::default(),
            waiting: BTreeMap::new(),
            waiting_for: BTreeMap::new(),
            refused: BTreeSet::new(),
            people: people::People::default(),
            consent: consent::Consent::default(),
            effects: effects::Effects::default(),
            gates: BTreeMap::new(),
            carriers: BTreeMap::new(),
            erasures: Vec::new(),
            #[cfg(feature = "testing")]
            asked: std::cell::Cell::new(0),
        };
        ledger.place(founding);
        Ok(ledger)
    }

    /// Builds a ledger from envelopes in any order; the founding one must be among them.
    ///
    /// # Errors
    /// No founding envelope, or one that does not belong here.
    pub fn of(envelopes: impl IntoIterator<Item = Verified>) -> Result<Self, RefusedEnvelope> {
        let mut rest = Vec::new();
        let mut ledger: Option<Self> = None;
        for envelope in envelopes {
            match &mut ledger {
                Some(ledger) => drop(ledger.insert(envelope)?),
                None if envelope.header().group.is_none() => ledger = Some(Self::found(envelope)?),
                None => rest.push(envelope),
            }
        }
        let mut ledger = ledger.ok_or(RefusedEnvelope::NotFounding)?;
        for envelope in rest {
            ledger.insert(envelope)?;
        }
        Ok(ledger)
    }

    /// Takes one envelope in.
    ///
    /// # Errors
    /// It belongs elsewhere, or it breaks its chain or builds on what does. Nothing is placed then.
    pub fn insert(&mut self, envelope: Verified) -> Result<Inserted, RefusedEnvelope> {
        let id = envelope.id();
        if envelope.group() != self.group {
            return Err(RefusedEnvelope::OtherGroup);
        }
        if self.index.contains_key(&id) || self.waiting.contains_key(&id) {
            return Ok(Inserted::Known);
        }
        let missing = self.missing(&envelope);
        if missing.iter().any(|id| self.refused.contains(id)) {
            self.refuse(id);
            return Err(RefusedEnvelope::BrokenChain);
        }
        if !missing.is_empty() {
            for ancestor in missing {
                self.waiting_for.entry(ancestor).or_default().insert(id);
            }
            self.waiting.insert(id, envelope);
            return Ok(Inserted::Waiting);
        }
        if !self.continues_its_chain(&envelope) {
            self.refuse(id);
            return Err(RefusedEnvelope::BrokenChain);
        }
        let mut placed = vec![id];
        self.place(envelope);
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            for ready in self.waiting_for.remove(&id).unwrap_or_default() {
                let complete =
                    self.waiting.get(&ready).is_some_and(|one| self.missing(one).is_empty());
                if !complete {
                    continue;
                }
                let Some(envelope) = self.waiting.remove(&ready) else { continue };
                if self.continues_its_chain(&envelope) {
                    self.place(envelope);
                    placed.push(ready);
                    next.push(ready);
                } else {
                    self.refuse(ready);
                }
            }
        }
        Ok(Inserted::Placed(placed))
    }

    fn missing(&self, envelope: &Verified) -> Vec<EnvelopeId> {
        let header = envelope.header();
        let before = header.prev.iter().chain(&header.parents);
        before.copied().filter(|id| !self.index.contains_key(id)).collect()
    }

    fn continues_its_chain(&self, envelope: &Verified) -> bool {
        let header = envelope.header();
        header.prev.is_none_or(|prev| {
            self.get(prev).is_some_and(|prev| {
                let prev = prev.envelope.header();
                prev.chain == header.chain && prev.seq.checked_add(1) == Some(header.seq)
            })
        })
    }

    /// Forgets an envelope and what waits for it: none of these can ever be placed, anywhere.
    fn refuse(&mut self, id: EnvelopeId) {
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            self.refused.insert(id);
            self.waiting.remove(&id);
            next.extend(self.waiting_for.remove(&id).unwrap_or_default());
        }
    }

    /// The group.
    #[must_use]
    pub const fn group(&self) -> GroupId {
        self.group
    }

    /// How far the ledger goes.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// How many envelopes are placed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    /// Never: a ledger has its founding envelope.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// How many envelopes wait for ancestors.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The placed envelope with that id.
    #[must_use]
    pub fn get(&self, id: EnvelopeId) -> Option<&Placed> {
        self.at(self.place_of(id)?)
    }

    /// Where the envelope with that id lies.
    #[must_use]
    pub fn place_of(&self, id: EnvelopeId) -> Option<Place> {
        self.index.get(&id).copied()
    }

    /// The envelope at a place.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<&Placed> {
        self.placed.get(place.index())
    }

    /// The founding envelope is in the past of every other one.
    pub(super) const fn founding(&self) -> Place {
        Place(0)
    }

    /// All placed envelopes, ancestors first, in order of arrival.
    pub fn envelopes(&self) -> impl Iterator<Item = (Place, &Placed)> {
        (0..).map(Place).zip(&self.placed)
    }

    /// All places in canonical order: causal, then id.
    #[must_use]
    pub fn in_order(&self) -> Vec<Place> {
        let mut places: Vec<Place> = self.envelopes().map(|(place, _)| place).collect();
        places.sort_by_key(|place| self.canonical(*place));
        places
    }

    /// The key of the canonical order, the same on every device: depth (the longest way back to
    /// the founding envelope; ancestors have a smaller one), then id.
    #[must_use]
    pub fn canonical(&self, place: Place) -> (u32, EnvelopeId) {
        self.at(place).map_or((u32::MAX, EnvelopeId::from_bytes([0xff; 32])), |placed| {
            (placed.depth, placed.id())
        })
    }

    /// The envelopes that no other one builds on.
    pub fn heads(&self) -> impl Iterator<Item = Place> + '_ {
        self.heads.iter().copied()
    }

    /// What an envelope names directly: its `prev` first, then its parents.
    #[must_use]
    pub fn before(&self, place: Place) -> &[Place] {
        self.at(place).map(|at| at.before.as_slice()).unwrap_or_default()
    }

    /// How many placed envelopes a device wrote.
    #[must_use]
    pub fn written_by(&self, device: &DeviceKey) -> usize {
        let by = |placed: &&Placed| placed.envelope.header().chain.device == *device;
        self.placed.iter().filter(by).count()
    }

    /// The Erase acts that are not void.
    #[must_use]
    pub fn erasures(&self) -> &[Place] {
        &self.erasures
    }

    /// The proposals that somebody proposed, answered or enacted.
    pub fn proposals(&self) -> impl Iterator<Item = ProposalId> + '_ {
        self.consent.proposals()
    }
}
