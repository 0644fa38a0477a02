//! Somebody with a device and a ledger of their own, who does what an honest copact does: builds on
//! all heads, names what is spoken of, and starts another chain when a copy of the device went on.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{self, EditError, Editor, Markdown};
use copact_core::day::Day;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Chain, Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId, PartId, ProposalId};
use copact_core::ledger::{Ledger, Void};
use copact_core::proposal::{AnswerWord, Matter, Proposal, Version};
use copact_core::views::Views;

use crate::device::Device;
use crate::reference::Who;

/// A clone of somebody is a copied home.
#[derive(Debug)]
pub struct Person {
    pub device: Device,
    pub ledger: Ledger,
    pub day: Day,
    parts: u8,
}

impl Person {
    pub fn new(device: Device, envelopes: impl IntoIterator<Item = Verified>, day: Day) -> Self {
        let ledger = Ledger::of(envelopes).unwrap();
        Self { device, ledger, day, parts: 0 }
    }

    /// A copy of the home: the same key in the same chain.
    pub fn copy(&self) -> Self {
        let mut device = self.device.clone();
        device.stir(1);
        Self::new(device, self.all(), self.day)
    }

    pub fn all(&self) -> Vec<Verified> {
        self.ledger.envelopes().map(|(_, placed)| placed.envelope().clone()).collect()
    }

    pub fn me(&self) -> Option<MemberId> {
        let now = self.ledger.now();
        now.of_device(&self.device.key()).and_then(|ix| now.id(ix))
    }

    /// Who founded or was admitted with this device.
    pub fn who(&self) -> Who {
        Who::Device(self.device.key())
    }

    /// Whether what this device writes would count.
    pub fn stands(&self) -> bool {
        let now = self.ledger.now();
        now.of_device(&self.device.key()).is_some_and(|ix| now.is_member(ix))
    }

    /// Takes in everything that somebody else has.
    pub fn hear(&mut self, other: &Self) {
        for envelope in other.all() {
            self.ledger.insert(envelope).unwrap();
        }
    }

    pub fn take(&mut self, envelope: &Verified) {
        self.ledger.insert(envelope.clone()).unwrap();
    }

    /// Writes on what is spoken of and all heads.
    pub fn write(&mut self, content: Content, about: &[EnvelopeId]) -> EnvelopeId {
        let mut heads: Vec<_> = self.ledger.heads().collect();
        heads.sort_by_key(|place| std::cmp::Reverse(self.ledger.canonical(*place)));
        let heads = heads.into_iter().filter_map(|place| Some(self.ledger.at(place)?.id()));
        let mut seen: BTreeSet<EnvelopeId> =
            self.device.last.map(|(_, id)| id).into_iter().collect();
        let wanted = about.iter().copied().chain(heads);
        let parents: Vec<EnvelopeId> = wanted.filter(|id| seen.insert(*id)).take(32).collect();
        self.write_on(content, &parents)
    }

    /// Writes on a chosen past.
    pub fn write_on(&mut self, content: Content, parents: &[EnvelopeId]) -> EnvelopeId {
        let group = Some(self.ledger.group());
        let envelope = self.device.sign(group, parents, self.day, content);
        let id = envelope.id();
        self.ledger.insert(envelope).unwrap();
        assert!(self.ledger.get(id).is_some(), "wrote about what is not here");
        id
    }

    pub fn act(&mut self, act: Act) -> EnvelopeId {
        self.write(Content::Act(act), &[])
    }

    pub fn entry(&mut self, record: Record) -> EnvelopeId {
        self.record(Entry { on_behalf_of: None, record })
    }

    pub fn entry_for(&mut self, member: MemberId, record: Record) -> EnvelopeId {
        self.record(Entry { on_behalf_of: Some(member), record })
    }

    fn record(&mut self, entry: Entry) -> EnvelopeId {
        let about = entry.refers_to();
        self.write(Content::Entry(entry), &about[..about.len().min(31)])
    }

    pub fn answer(&mut self, proposal: &Proposal, answer: AnswerWord) -> EnvelopeId {
        self.answer_for(None, proposal, answer)
    }

    pub fn answer_for(
        &mut self,
        on_behalf_of: Option<MemberId>,
        proposal: &Proposal,
        answer: AnswerWord,
    ) -> EnvelopeId {
        let proposal = proposal.clone();
        let about = match &proposal.matter {
            Matter::Ratify(version) => self.carriers(version),
            matter => matter.envelopes().iter().copied().take(30).collect(),
        };
        self.write(Content::Act(Act::Answer { proposal, answer, on_behalf_of }), &about)
    }

    fn carriers(&self, version: &Version) -> Vec<EnvelopeId> {
        let carriers = version.heads().iter().filter_map(|head| {
            let place = self.ledger.carriers(DocumentId::Contract, *head).first()?;
            Some(self.ledger.at(*place)?.id())
        });
        carriers.collect()
    }

    /// Enacts what is ready, as every honest device does when it next writes.
    pub fn enact(&mut self) -> Vec<EnvelopeId> {
        let ready = self.ledger.to_enact();
        ready.into_iter().map(|proposal| self.enact_on(proposal)).collect()
    }

    /// Enacts a proposal, ready or not.
    pub fn enact_this(&mut self, proposal: &Proposal) -> EnvelopeId {
        self.act(Act::Enact { proposal: proposal.clone() })
    }

    fn enact_on(&mut self, proposal: Proposal) -> EnvelopeId {
        let about = self.ledger.consent_for(&proposal);
        self.write(Content::Act(Act::Enact { proposal }), &about)
    }

    /// Makes the contract say what the Markdown says.
    pub fn write_contract(&mut self, markdown: &str) -> Vec<EnvelopeId> {
        let parsed = Markdown::parse(markdown).unwrap();
        self.parts += 1;
        let mut last = [0; 8];
        last.copy_from_slice(&self.device.key().as_bytes()[..8]);
        last[0] ^= self.parts;
        let mut ids = || {
            last[7] = last[7].wrapping_add(1);
            PartId::from_bytes(last)
        };
        self.edit(Origin::Own, |editor| {
            contract::apply_markdown(editor, &parsed, &mut ids).map(drop)
        })
    }

    /// Makes a section say something.
    pub fn write_section(&mut self, section: PartId, body: &str) -> Vec<EnvelopeId> {
        self.edit(Origin::Own, |editor| contract::edit_section(editor, section, body).map(drop))
    }

    pub fn edit(
        &mut self,
        origin: Origin,
        edit: impl FnOnce(&mut Editor) -> Result<(), EditError>,
    ) -> Vec<EnvelopeId> {
        self.leave_lost_chain();
        let chain = Chain { device: self.device.key(), incarnation: self.device.incarnation };
        let document = Views::of(&self.ledger).contract_document(None);
        let actor = chain.actor(self.ledger.group());
        let changes = contract::make_change(&document, actor, edit).unwrap();
        let document = DocumentId::Contract;
        let changes = changes.into_iter().map(|bytes| Change { document, origin, bytes });
        changes.map(|change| self.write(Content::Change(change), &[])).collect()
    }

    /// A chain that a copy of this home continued, or whose words lost to a fork, is left.
    fn leave_lost_chain(&mut self) {
        let now = self.ledger.now();
        let views = Views::of(&self.ledger);
        let adopted = views.adopted().map(Version::heads).unwrap_or_default();
        let selection = self.ledger.selection(DocumentId::Contract, &now, adopted);
        let chain = Chain { device: self.device.key(), incarnation: self.device.incarnation };
        let mine = |place: &copact_core::ledger::Place| {
            let at = self.ledger.at(*place);
            at.is_some_and(|at| at.envelope().header().chain == chain)
        };
        let lost = selection
            .left_out
            .iter()
            .any(|hash| self.ledger.carriers(DocumentId::Contract, *hash).iter().any(mine));
        if lost || self.ledger.frontier().tips(&chain).count() > 1 {
            let fresh = u64::from_le_bytes(*self.device.incarnation.as_bytes());
            let own = self.device.last.map_or(0, |(_, id)| u64::from(id.as_bytes()[0]) << 8);
            self.device.begin_again(fresh.wrapping_add(own).wrapping_add(0x1_0000));
        }
    }

    pub fn draft(&self) -> Option<Version> {
        Views::of(&self.ledger).draft()
    }

    pub fn void(&self, id: EnvelopeId) -> Option<Void> {
        self.ledger.get(id).unwrap().void().cloned()
    }

    /// Why an envelope is set aside now.
    pub fn set_aside(&self, id: EnvelopeId) -> Option<copact_core::ledger::SetAside> {
        self.ledger.now().verdict(self.ledger.place_of(id).unwrap()).err()
    }

    pub fn digest(&self) -> [u8; 32] {
        Views::of(&self.ledger).digest()
    }

    pub fn is_adopted(&self, id: ProposalId) -> bool {
        let now = self.ledger.now();
        self.ledger.decision(id, &now).is_some_and(|one| !one.adoptions.is_empty())
    }
}
