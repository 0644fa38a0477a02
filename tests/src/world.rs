//! A group in which six devices do anything: honest people, one of whom uses a copied home, a
//! member with a modified app, and somebody who never was let in.
//!
//! A [`Step`] is a handful of numbers, so that proptest can draw and shrink scripts; what it means
//! is decided by the state it meets. The same script always makes the same envelopes.

mod honest;
mod malicious;
mod proposals;

use std::collections::BTreeSet;

use copact_core::act::NewDevice;
use copact_core::envelope::Verified;
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::ledger::{Ledger, RefusedEnvelope, Void};
use copact_core::proposal::{Matter, Proposal};

use crate::device::Device;
use crate::group::{found, words};
use crate::person::Person;

/// One thing that somebody does.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Who: the honest ones are likelier than the others.
    pub who: u8,
    /// What.
    pub what: u8,
    /// About which, of those there are.
    pub a: u16,
    /// And which other.
    pub b: u16,
    /// The clock, in days away from the right one.
    pub days: i16,
}

#[derive(Debug)]
pub struct World {
    /// Ana, Ben, Cem, a copy of Cem's home; later Dua, if anybody admits her.
    pub honest: Vec<Person>,
    /// A first member with a modified app.
    pub mallory: Device,
    /// Somebody whom nobody ever admits, unless Mallory does.
    pub eve: Device,
    /// Everything that is placed anywhere: what those two know.
    pub eye: Ledger,
    /// All that was ever signed for this group, in order.
    pub all: Vec<Verified>,
    /// Entries that honest people wrote and saw accepted.
    pub acknowledged: Vec<EnvelopeId>,
    /// What the malicious wrote.
    pub hostile: BTreeSet<EnvelopeId>,
    /// Whom the honest assist.
    pub assisted: Vec<MemberId>,
    /// Acceptances that were used once.
    pub accepted: Vec<(NewDevice, copact_core::act::Role)>,
    /// Founding envelopes of other groups, and what was signed for them.
    pub foreign: Vec<Verified>,
    /// Whether they propose everything that can be decided, and not only texts.
    deciding: bool,
    drawn: u64,
}

impl Default for World {
    fn default() -> Self {
        let mut devices: Vec<Device> = (1..=4).map(Device::new).collect();
        let founding = found(&mut devices);
        let mallory = devices.pop().unwrap();
        let person = |device| Person::new(device, [founding.clone()], crate::group::first_day());
        let mut honest: Vec<Person> = devices.into_iter().map(person).collect();
        honest.push(honest[2].copy());
        Self {
            honest,
            mallory,
            eve: Device::new(9),
            eye: Ledger::found(founding.clone()).unwrap(),
            all: vec![founding],
            acknowledged: Vec::new(),
            hostile: BTreeSet::new(),
            assisted: Vec::new(),
            accepted: Vec::new(),
            foreign: Vec::new(),
            deciding: false,
            drawn: 0,
        }
    }
}

impl World {
    pub fn of(steps: &[Step]) -> Self {
        Self::default().run(steps)
    }

    /// A world in which all kinds of decisions are made, so that people come and go.
    pub fn deciding(steps: &[Step]) -> Self {
        Self { deciding: true, ..Self::default() }.run(steps)
    }

    fn run(mut self, steps: &[Step]) -> Self {
        let world = &mut self;
        for step in steps {
            world.step(step);
        }
        // Whoever is left meets in the end, and what is decided is enacted.
        for at in 0..world.honest.len() {
            world.hear_everything(at);
        }
        self
    }

    pub fn step(&mut self, step: &Step) {
        match step.who % 9 {
            0..=5 => self.honest_step(step),
            6 | 7 => self.malicious_step(step, false),
            _ => self.malicious_step(step, true),
        }
    }

    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    /// Lets everybody have an envelope who looks for it.
    fn release(&mut self, envelope: Verified, hostile: bool) -> EnvelopeId {
        let id = envelope.id();
        if hostile {
            self.hostile.insert(id);
        }
        match self.eye.insert(envelope.clone()) {
            Ok(_) | Err(RefusedEnvelope::BrokenChain) => self.all.push(envelope),
            Err(_) => self.foreign.push(envelope),
        }
        id
    }

    /// What somebody wrote since we last looked.
    fn collect(&mut self, who: usize) {
        let new: Vec<Verified> = self.honest[who]
            .all()
            .into_iter()
            .filter(|one| self.eye.get(one.id()).is_none())
            .collect();
        for envelope in new {
            let id = envelope.id();
            if self.honest[who].ledger.get(id).unwrap().entry().is_some() {
                self.acknowledged.push(id);
            }
            // A helper who is none any more does not know it always.
            let void = self.honest[who].void(id);
            // Nor does who helps somebody whom they brought in without having voice; an app tells.
            let unheard = void == Some(Void::NoSuchMember);
            let sound = void.is_none() || unheard || self.deciding;
            assert!(sound, "an honest device wrote what is void");
            self.release(envelope, false);
        }
    }

    fn hear_everything(&mut self, who: usize) {
        for (_, placed) in self.eye.envelopes() {
            self.honest[who].take(placed.envelope());
        }
    }

    /// The proposals that people speak about.
    fn proposal(&self, ledger: &Ledger, which: u16) -> Proposal {
        if self.deciding {
            return self.any_proposal(ledger, which);
        }
        let known: Vec<_> = ledger.proposals().collect();
        match which % 4 {
            0 if !known.is_empty() => {
                let id = known[usize::from(which / 4) % known.len()];
                ledger.proposal(id).unwrap().clone()
            }
            1 | 2 => match copact_core::views::Views::of(ledger).draft() {
                Some(draft) => Proposal::new(Matter::Ratify(draft)),
                None => words(1),
            },
            _ => words(1 + (which % 3) as u8),
        }
    }
}

/// One of them, if there is any.
fn pick<T: Clone>(all: &[T], which: u16) -> Option<T> {
    if all.is_empty() { None } else { all.get(usize::from(which) % all.len()).cloned() }
}
