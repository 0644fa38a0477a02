//! Writing, as `copact_node::group::writing` does: what an envelope builds on, signing it, texts
//! and names beside it.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Chain, Content, Draft, EnvelopeError, Verified};
use copact_core::frontier::Tip;
use copact_core::ids::{EnvelopeId, Incarnation, MemberId, Salt, TextHash};
use copact_core::ledger::{Ledger, PersonIx, Place};
use copact_core::limits;
use copact_core::profile::{Profile, Statement};
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name};

use super::Phone;
use crate::chance::Chance;

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no group here yet.
    NoLedger,
    /// There is nothing that it could be about, or it is not theirs to do.
    Nothing,
    /// It would not count.
    Void,
    /// It breaks a rule.
    Rule,
}

impl From<EnvelopeError> for Refused {
    fn from(_: EnvelopeError) -> Self {
        Self::Rule
    }
}

impl Phone {
    /// Keeps a free text beside the ledger.
    pub fn put_text(&mut self, text: &str, chance: &mut Chance) -> TextHash {
        let salt = Salt::from_bytes(chance.bytes());
        let text = FreeText::new(text).unwrap_or_else(|_| unreachable!("made of plain words"));
        let side = SideText { salt, text };
        let hash = side.hash();
        self.memory.texts.insert(hash, side);
        self.memory.dirty = true;
        hash
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// It would not count.
    pub fn write_entry(
        &mut self,
        record: Record,
        now: u64,
        chance: &mut Chance,
    ) -> Result<EnvelopeId, Refused> {
        let entry = Entry { on_behalf_of: None, record };
        let about = entry.refers_to();
        self.write(Content::Entry(entry), &about, now, chance)
    }

    /// Writes an act.
    ///
    /// # Errors
    /// It would not count.
    pub fn write_act(
        &mut self,
        act: Act,
        about: &[EnvelopeId],
        now: u64,
        chance: &mut Chance,
    ) -> Result<EnvelopeId, Refused> {
        self.write(Content::Act(act), about, now, chance)
    }

    /// Writes an envelope that builds on `about`; [`Phone::save`] makes it last.
    ///
    /// # Errors
    /// It would not count.
    pub fn write(
        &mut self,
        content: Content,
        about: &[EnvelopeId],
        now: u64,
        chance: &mut Chance,
    ) -> Result<EnvelopeId, Refused> {
        let mut about = newest_of(self.ledger()?, about);
        while about.len() >= limits::PARENTS {
            let rest = about.split_off(limits::PARENTS - 1);
            self.sign(Content::Act(Act::Link), &about, now, chance)?;
            about = rest;
        }
        self.sign(content, &about, now, chance)
    }

    fn sign(
        &mut self,
        content: Content,
        about: &[EnvelopeId],
        now: u64,
        chance: &mut Chance,
    ) -> Result<EnvelopeId, Refused> {
        let chain = self.chain(chance);
        let ledger = self.ledger()?;
        let tip = ledger.frontier().tips(&chain).next().copied();
        let draft = Draft {
            group: Some(self.group),
            incarnation: chain.incarnation,
            seq: tip.map_or(0, |tip| tip.seq).saturating_add(1),
            prev: tip.map(|tip| tip.id),
            parents: parents(ledger, tip, about),
            day: self.day(now),
            salt: Salt::from_bytes(chance.bytes()),
            content,
        };
        let envelope = draft.sign(&self.secret)?;
        let id = envelope.id();
        let ledger = self.memory.ledger.as_mut().ok_or(Refused::NoLedger)?;
        ledger.insert(envelope).map_err(|_| Refused::Rule)?;
        self.memory.dirty = true;
        match ledger.get(id) {
            Some(placed) if placed.void().is_none() => Ok(id),
            _ => Err(Refused::Void),
        }
    }

    /// Keeps envelopes that were signed elsewhere with its key.
    pub fn keep(&mut self, envelopes: Vec<Verified>) {
        let Some(ledger) = self.memory.ledger.as_mut() else { return };
        for envelope in envelopes {
            // What breaks its chain is nowhere taken in.
            let _ = ledger.insert(envelope);
        }
        self.memory.dirty = true;
    }

    /// The chain that it writes in.
    pub fn chain(&mut self, chance: &mut Chance) -> Chain {
        let fresh = || Incarnation::from_bytes(chance.bytes());
        let incarnation = *self.memory.incarnation.get_or_insert_with(fresh);
        Chain { device: self.key, incarnation }
    }

    /// Begins a new chain.
    pub fn begin_chain(&mut self, chance: &mut Chance) {
        self.memory.incarnation = Some(Incarnation::from_bytes(chance.bytes()));
    }

    /// The chain it writes in at present.
    #[must_use]
    pub const fn incarnation(&self) -> Option<Incarnation> {
        self.memory.incarnation
    }

    /// Signs and keeps a profile record.
    pub fn put_profile(&mut self, about: Option<MemberId>) {
        self.named += 1;
        let name = format!("{} {}", self.key.to_string().get(..6).unwrap_or("?"), self.named);
        let name = Name::new(&name).unwrap_or_else(|_| unreachable!("made of plain words"));
        let after = self.own_newest();
        let statement =
            Statement { author: self.key, about, after, name, picture: None, endpoint: None };
        self.memory.profiles.push(Profile::sign(statement, &self.secret));
        self.memory.dirty = true;
    }

    fn own_newest(&self) -> Option<EnvelopeId> {
        let ledger = self.memory.ledger.as_ref()?;
        let chains = ledger.frontier().chains().iter();
        let own = chains.filter(|(chain, _)| chain.device == self.key).flat_map(|(_, tips)| tips);
        let places = own.filter_map(|tip| ledger.place_of(tip.id));
        let newest = places.max_by_key(|place| ledger.canonical(*place))?;
        ledger.at(newest).map(|placed| placed.id())
    }
}

/// Those of some envelopes that none of the others has in its past.
fn newest_of(ledger: &Ledger, about: &[EnvelopeId]) -> Vec<EnvelopeId> {
    let mut about = about.to_vec();
    about.sort_unstable();
    about.dedup();
    let places: Vec<Place> = about.iter().filter_map(|id| ledger.place_of(*id)).collect();
    about.retain(|id| {
        let covered = |one: Place| places.iter().any(|other| ledger.in_past(one, *other));
        !ledger.place_of(*id).is_some_and(covered)
    });
    about
}

/// What it is about, then the heads: one a member in turn, the newest first, what is set aside
/// last.
fn parents(ledger: &Ledger, tip: Option<Tip>, about: &[EnvelopeId]) -> Vec<EnvelopeId> {
    let now = ledger.now();
    let mut turns: BTreeMap<Option<PersonIx>, u32> = BTreeMap::new();
    let mut heads: Vec<Place> = ledger.heads().collect();
    heads.sort_by_key(|place| std::cmp::Reverse(ledger.canonical(*place)));
    let mut ranked: Vec<_> = heads
        .into_iter()
        .filter_map(|place| {
            let id = ledger.at(place)?.id();
            let author = now.verdict(place).ok();
            let turn = turns.entry(author).or_default();
            *turn += 1;
            Some(((author.is_none(), *turn), id))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut seen: BTreeSet<EnvelopeId> = tip.map(|tip| tip.id).into_iter().collect();
    let wanted = about.iter().copied().chain(ranked.into_iter().map(|(_, id)| id));
    wanted.filter(|id| seen.insert(*id)).take(limits::PARENTS).collect()
}
