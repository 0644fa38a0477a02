//! The run of one seed: devices, links, and what happens in which order.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::ids::{EnvelopeId, GroupId, TextHash};
use copact_core::keys::{DeviceKey, DeviceSecret};
use copact_core::ledger::Ledger;

use crate::chance::Chance;
use crate::hostile::Mischief;
use crate::network::Network;
use crate::phone::{Disk, Phone};
use crate::plan::Plan;
use crate::tally::Tally;
use crate::trace::Trace;
use crate::verdicts::Verdicts;

mod acting;
mod costs;
mod exchanging;
mod faults;
mod founding;
mod healing;
mod judging;
mod mischief;

pub use costs::Cost;

/// So many events are more than any run needs that comes to rest.
const EVENTS: u64 = 2_000_000;

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message arrives at an end of a connection.
    Arrive(usize, usize),
    /// An end of a connection learns that it is open.
    Opened(usize, usize),
    /// An end of a connection learns that it is gone.
    Closed(usize, usize),
    /// Somebody dials over a link.
    Dial(usize),
    /// An exchange wants to be ticked.
    Tick(usize),
    /// Somebody does something.
    Deed(usize),
    /// Somebody says that another is to be removed.
    Expel(usize, usize),
    /// A fault.
    Fault(Fault),
}

/// A fault that is drawn before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A device loses what it had not committed, and is off for a while.
    Crash(usize),
    /// It is on again.
    Start(usize),
    /// A disk is full.
    Fill(usize),
    /// It has room again.
    Free(usize),
    /// A backup is made.
    Backup(usize),
    /// It is put back; with the marker of that time if the whole machine was copied.
    Restore(usize, bool),
    /// Links between two halves are cut.
    Split,
    /// They are whole again.
    Join,
    /// A clock jumps.
    Leap(usize),
    /// Two who are connected part.
    Part(usize),
    /// A hostile member writes more than is taken in of one author on one day.
    Flood(usize),
}

/// What a run found, and cannot go on after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

/// A deliberate fault in the exchange's host, to see that a run finds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sabotage {
    /// None.
    #[default]
    None,
    /// Some envelopes are never taken in.
    LoseEnvelopes,
    /// Some texts are never taken in.
    LoseTexts,
    /// Some profile records are never taken in.
    LoseProfiles,
    /// Each message of a hostile device costs many verifications.
    VerifyTooMuch,
    /// Some own writes are acknowledged and not committed.
    ForgetWrites,
    /// Every so many messages between honest devices are swallowed on a connection that goes on.
    SwallowMessages,
}

/// A run under way.
#[derive(Debug)]
pub struct World {
    /// What the seed holds.
    pub plan: Plan,
    /// Milliseconds since it began.
    pub now: u64,
    /// The devices.
    pub phones: Vec<Phone>,
    /// How they are connected.
    pub network: Network,
    /// What happened.
    pub trace: Trace,
    /// How much of it.
    pub tally: Tally,
    /// What each hostile device cost each honest one.
    pub costs: BTreeMap<(usize, usize), Cost>,
    chance: Chance,
    queue: BTreeMap<(u64, u64), Event>,
    events: u64,
    verdicts: Verdicts,
    mischief: BTreeMap<usize, Mischief>,
    /// Devices that nobody let in yet.
    newcomers: Vec<(usize, DeviceSecret)>,
    acknowledged: BTreeMap<EnvelopeId, DeviceKey>,
    texts: BTreeMap<TextHash, DeviceKey>,
    /// All that is on any honest disk.
    eye: Option<Ledger>,
    backups: BTreeMap<usize, (Disk, crate::phone::Marker)>,
    /// Whether no fault happens any more.
    calm: bool,
    /// Devices that are equal, and what they say to each other all the same.
    resting: BTreeSet<usize>,
    said: u64,
    sabotage: Sabotage,
    /// Pairs of devices that hold the same key.
    twins: BTreeSet<(usize, usize)>,
}

impl World {
    /// Everything as it is before anything happens.
    #[must_use]
    pub fn new(plan: Plan, chance: Chance, whole_trace: bool, sabotage: Sabotage) -> Self {
        let mut world = Self {
            plan,
            now: 0,
            phones: Vec::new(),
            network: Network::default(),
            trace: Trace::new(whole_trace),
            tally: Tally { seeds: 1, ..Tally::default() },
            costs: BTreeMap::new(),
            chance,
            queue: BTreeMap::new(),
            events: 0,
            verdicts: Verdicts::default(),
            mischief: BTreeMap::new(),
            newcomers: Vec::new(),
            acknowledged: BTreeMap::new(),
            texts: BTreeMap::new(),
            eye: None,
            backups: BTreeMap::new(),
            calm: false,
            resting: BTreeSet::new(),
            said: 0,
            sabotage,
            twins: BTreeSet::new(),
        };
        world.found();
        world
    }

    /// Lets people write while things go wrong, then heals, and judges.
    ///
    /// # Errors
    /// What is wrong.
    pub fn run(&mut self) -> Result<(), Wrong> {
        self.begin();
        let span = self.plan.span;
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 >= span {
                break;
            }
            let ((at, _), event) = entry.remove_entry();
            self.now = at;
            self.happen(event)?;
        }
        self.now = span;
        let judged = self.heal().and_then(|()| self.judge());
        let devices = u64::try_from(self.phones.len()).unwrap_or(0);
        self.tally.devices = devices;
        self.tally.device_time = devices * self.now;
        self.tally.acknowledged = u64::try_from(self.acknowledged.len()).unwrap_or(0);
        let most = self.phones.iter().map(Phone::len).max();
        self.tally.envelopes = u64::try_from(most.unwrap_or(0)).unwrap_or(0);
        self.tally.verifications = self.verdicts.asked();
        for cost in self.costs.values() {
            let one = [cost.verified, cost.answered, cost.orphans];
            let both = self.tally.costliest.iter_mut().zip(one);
            both.for_each(|(most, one)| *most = (*most).max(one));
        }
        judged
    }

    /// Draws when people write, who dials, and what goes wrong.
    fn begin(&mut self) {
        let span = self.plan.span;
        let pairs = self.plan.shape.pairs(self.phones.len(), &mut self.chance);
        for (one, other) in pairs {
            self.add_link(one, other);
        }
        for link in 0..self.network.links.len() {
            let at = self.chance.between(0, 60_000);
            self.schedule(at, Event::Dial(link));
        }
        for _ in 0..self.plan.deeds {
            let at = self.chance.between(0, span);
            let phone = self.chance.count(0, self.phones.len() - 1);
            self.schedule(at, Event::Deed(phone));
        }
        self.draw_removal();
        self.draw_faults();
        if self.plan.flood {
            self.schedule(span / 8, Event::Fault(Fault::Flood(self.plan.founders)));
        }
    }

    /// In some runs many want to remove somebody: a hostile member if there is one.
    fn draw_removal(&mut self) {
        if !self.plan.removal {
            return;
        }
        let last = self.plan.founders + self.plan.hostile - 1;
        let whom = self.chance.count(self.plan.founders.min(last), last);
        for phone in 0..self.plan.founders {
            if phone != whom && self.chance.happens(900) {
                let at = self.chance.between(self.plan.span / 8, self.plan.span / 2);
                self.schedule(at, Event::Expel(phone, whom));
            }
        }
    }

    fn add_link(&mut self, one: usize, other: usize) {
        self.network.link([one, other], self.calm, &self.plan.rates, &mut self.chance);
    }

    fn schedule(&mut self, at: u64, event: Event) {
        self.events += 1;
        self.queue.insert((at.max(self.now), self.events), event);
    }

    fn happen(&mut self, event: Event) -> Result<(), Wrong> {
        if self.events > EVENTS {
            let told = self.told();
            return Err(Wrong(format!("it never comes to rest: {EVENTS} events{told}")));
        }
        match event {
            Event::Arrive(connection, side) => self.arrive(connection, side),
            Event::Opened(connection, side) => self.opened(connection, side),
            Event::Closed(connection, side) => self.closed(connection, side),
            Event::Dial(link) => {
                self.dial(link);
                Ok(())
            }
            Event::Tick(phone) => self.tick(phone),
            Event::Deed(phone) => self.deed(phone),
            Event::Expel(phone, whom) => self.expel(phone, whom),
            Event::Fault(fault) => self.fault(fault),
        }
    }

    /// The group.
    #[must_use]
    pub fn group(&self) -> GroupId {
        self.phones.first().map_or(GroupId::from_bytes([0; 32]), |phone| phone.group)
    }

    /// Whether a device keeps to the rules.
    fn is_honest(&self, phone: usize) -> bool {
        self.phones[phone].honest
    }
}
