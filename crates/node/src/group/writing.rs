//! Writing: what an envelope builds on, signing it, texts and names beside it.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Chain, Content, Draft};
use copact_core::frontier::Tip;
use copact_core::ids::{EnvelopeId, Incarnation, MemberId, Salt, TextHash};
use copact_core::ledger::{PersonIx, Place};
use copact_core::limits;
use copact_core::profile::{Profile, Statement};
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name};

use super::Group;
use crate::error::{NodeError, Result};
use crate::home::random;

impl Group {
    /// Keeps a free text beside the ledger; the hash goes into what is written.
    ///
    /// # Errors
    /// Not a text.
    pub fn put_text(&mut self, text: &str) -> Result<TextHash> {
        let text = FreeText::new(text)?;
        let side = SideText { salt: Salt::from_bytes(random()?), text };
        let hash = side.hash();
        self.batch.add_text(&side);
        self.texts.insert(hash, side);
        Ok(hash)
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// It breaks a rule.
    pub fn write_entry(
        &mut self,
        on_behalf_of: Option<MemberId>,
        record: Record,
    ) -> Result<EnvelopeId> {
        let entry = Entry { on_behalf_of, record };
        let about = entry.refers_to();
        self.write(Content::Entry(entry), &about)
    }

    /// Writes an act that builds on `about`.
    ///
    /// # Errors
    /// It breaks a rule.
    pub fn write_act(&mut self, act: Act, about: &[EnvelopeId]) -> Result<EnvelopeId> {
        self.write(Content::Act(act), about)
    }

    /// Signs an envelope and takes it into the ledger; [`Group::save`] makes it last.
    ///
    /// # Errors
    /// It breaks a rule, or would not count.
    pub fn write(&mut self, content: Content, about: &[EnvelopeId]) -> Result<EnvelopeId> {
        let mut about = self.newest_of(about);
        // Who must name more than one envelope can links the rest first.
        while about.len() >= limits::PARENTS {
            let rest = about.split_off(limits::PARENTS.saturating_sub(1).min(about.len()));
            self.sign(Content::Act(Act::Link), &about)?;
            about = rest;
        }
        self.sign(content, &about)
    }

    /// Those of some envelopes that none of the others has in its past: with them, all are in the
    /// past of what names them.
    fn newest_of(&self, about: &[EnvelopeId]) -> Vec<EnvelopeId> {
        let mut about = about.to_vec();
        about.sort_unstable();
        about.dedup();
        let places: Vec<Place> = about.iter().filter_map(|id| self.ledger.place_of(*id)).collect();
        about.retain(|id| {
            let place = self.ledger.place_of(*id);
            let covered = |one: Place| places.iter().any(|other| self.ledger.in_past(one, *other));
            !place.is_some_and(covered)
        });
        about
    }

    fn sign(&mut self, content: Content, about: &[EnvelopeId]) -> Result<EnvelopeId> {
        let incarnation = match self.incarnation {
            Some(incarnation) => incarnation,
            None => {
                let fresh = Incarnation::from_bytes(random()?);
                self.begin_chain(fresh);
                fresh
            }
        };
        let chain = Chain { device: self.secrets.device.public(), incarnation };
        let tip = self.ledger.frontier().tips(&chain).next().copied();
        let draft = Draft {
            group: Some(self.ledger.group()),
            incarnation,
            seq: tip.map_or(0, |tip| tip.seq).saturating_add(1),
            prev: tip.map(|tip| tip.id),
            parents: self.parents(tip, about),
            day: self.clock().day,
            salt: Salt::from_bytes(random()?),
            content,
        };
        let envelope = draft.sign(&self.secrets.device)?;
        let id = envelope.id();
        self.ledger.insert(envelope.clone())?;
        if let Some(void) = self.ledger.get(id).and_then(|placed| placed.void()) {
            return Err(NodeError::input("void", format_args!("this would not count: {void}")));
        }
        self.batch.add_envelope(envelope);
        self.written.push(id);
        Ok(id)
    }

    /// What an envelope builds on: what it is about, then the heads: one a member in turn, the
    /// newest first, what is set aside last.
    fn parents(&self, tip: Option<Tip>, about: &[EnvelopeId]) -> Vec<EnvelopeId> {
        let views = self.ledger.now();
        let mut turns: BTreeMap<Option<PersonIx>, u32> = BTreeMap::new();
        let mut heads: Vec<Place> = self.ledger.heads().collect();
        heads.sort_by_key(|place| std::cmp::Reverse(self.ledger.canonical(*place)));
        let mut ranked: Vec<_> = heads
            .into_iter()
            .filter_map(|place| {
                let id = self.ledger.at(place)?.id();
                let author = views.verdict(place).ok();
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

    /// Signs and keeps a profile record.
    ///
    /// # Errors
    /// The record is too large.
    pub fn put_profile(&mut self, about: Option<MemberId>, name: Name) -> Result<()> {
        let author = self.secrets.device.public();
        let after = self.own_newest();
        let statement = Statement { author, about, after, name, picture: None, endpoint: None };
        let profile = Profile::sign(statement, &self.secrets.device);
        self.batch.add_profile(&profile);
        self.profiles.push(profile);
        Ok(())
    }

    /// The newest envelope that this device wrote, over all its chains.
    fn own_newest(&self) -> Option<EnvelopeId> {
        let device = self.secrets.device.public();
        let chains = self.ledger.frontier().chains().iter();
        let tips = chains.filter(|(chain, _)| chain.device == device).flat_map(|(_, tips)| tips);
        let places = tips.filter_map(|tip| self.ledger.place_of(tip.id));
        let newest = places.max_by_key(|place| self.ledger.canonical(*place))?;
        self.ledger.at(newest).map(|placed| placed.id())
    }
}
