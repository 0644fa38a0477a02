//! When the faults are over: everybody is on, and everybody honest is connected somehow.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::ledger::Ledger;
use copact_sync::exchange::Progress;

use super::{Event, World, Wrong};
use crate::phone::{Phone, stands};

const MINUTE: u64 = 60_000;
/// So long it may take until all are equal, quotas of a day included.
const PATIENCE: u64 = 72 * 60 * MINUTE;
/// So long they must then stay equal, with nothing said.
const REST: u64 = 10 * MINUTE;

impl World {
    /// Ends all faults, and lets the devices talk until they are equal and silent.
    pub(super) fn heal(&mut self) -> Result<(), Wrong> {
        self.calm = true;
        self.trace.line(self.now, format_args!("healing"));
        self.queue
            .retain(|_, event| !matches!(event, Event::Deed(_) | Event::Fault(_) | Event::Dial(_)));
        self.network.sides.clear();
        for connection in 0..self.network.connections.len() {
            self.cut(connection);
        }
        for phone in &mut self.phones {
            phone.full = false;
            if !phone.on {
                phone.restart(self.now);
            }
        }
        self.connect_again();
        self.wait()
    }

    fn connect_again(&mut self) {
        let first = self.network.links.len();
        let mut order: Vec<usize> =
            (0..self.phones.len()).filter(|at| self.is_honest(*at)).collect();
        self.chance.shuffle(&mut order);
        for (one, other) in self.plan.healed.pairs(order.len(), &mut self.chance) {
            if !self.twins.contains(&sorted(order[one], order[other])) {
                self.add_link(order[one], order[other]);
            }
        }
        // Some of the hostile stay, and change nothing.
        let hostile: Vec<usize> = self.mischief.keys().copied().collect();
        for phone in hostile {
            if self.chance.happens(500) {
                for _ in 0..self.chance.count(1, 2) {
                    let other = self.chance.pick(&order).copied().unwrap_or(0);
                    self.add_link(phone, other);
                }
            }
        }
        for link in first..self.network.links.len() {
            self.schedule(self.now, Event::Dial(link));
        }
    }

    fn wait(&mut self) -> Result<(), Wrong> {
        let until = self.now + PATIENCE;
        let (mut next, mut known) = (self.now, Vec::new());
        while let Some(((at, _), event)) = self.queue.pop_first() {
            if at > until {
                let minutes = PATIENCE / MINUTE;
                return Err(Wrong(format!("not equal after {minutes} minutes: {}", self.told())));
            }
            self.now = at;
            self.happen(event)?;
            if self.now < next {
                continue;
            }
            next = self.now + 1_000;
            let members = self.members();
            if members != known {
                self.join_parts(&members);
                known.clone_from(&members);
            }
            if self.is_agreed(&members) && self.rest(&members)? {
                return Ok(());
            }
        }
        Err(Wrong(format!("nothing happens any more: {}", self.told())))
    }

    /// Equal devices have nothing to say. False: somebody hostile had kept something back.
    fn rest(&mut self, members: &[usize]) -> Result<bool, Wrong> {
        self.trace.line(self.now, format_args!("equal"));
        let kept = |world: &Self| {
            let phones = members.iter().map(|at| &world.phones[*at]);
            phones.map(Phone::kept).collect::<Vec<_>>()
        };
        let before = kept(self);
        let until = self.now + REST;
        // What is under way still arrives.
        self.go_on_until(self.now + REST / 2)?;
        self.resting = members.iter().copied().collect();
        self.said = 0;
        self.go_on_until(until)?;
        self.resting.clear();
        // Or had kept it from a newcomer, to whom it says who is a member.
        if kept(self) != before || self.members() != members {
            return Ok(false);
        }
        if !self.is_agreed(members) {
            return Err(Wrong(format!("equal, and then not any more: {}", self.told())));
        }
        if self.said > 0 {
            let said = self.said;
            return Err(Wrong(format!("{said} messages between equal devices: {}", self.told())));
        }
        Ok(true)
    }

    fn go_on_until(&mut self, until: u64) -> Result<(), Wrong> {
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > until {
                break;
            }
            let ((at, _), event) = entry.remove_entry();
            self.now = at;
            self.happen(event)?;
        }
        self.now = until;
        Ok(())
    }

    /// The honest devices that stand in the set of all that is on honest disks.
    pub(super) fn members(&self) -> Vec<usize> {
        let honest = self.phones.iter().enumerate().filter(|(_, phone)| phone.honest);
        let Some(eye) = &self.eye else { return Vec::new() };
        let members = honest.filter(|(_, phone)| stands(eye, &phone.key));
        let members: Vec<usize> = members.map(|(at, _)| at).collect();
        // Copies of one home do not talk to each other; where nobody else is left they stay apart.
        let keys: BTreeSet<_> = members.iter().map(|at| self.phones[*at].key).collect();
        if keys.len() == 1 { members.into_iter().take(1).collect() } else { members }
    }

    /// Connects what is not connected among the members, as people do who walk over.
    fn join_parts(&mut self, members: &[usize]) {
        // Through newcomers who do not have their own admission yet nothing comes: whoever does not
        // know that they were let in gives them nothing, and they cannot bring it.
        let has = |at: &usize| {
            let phone = &self.phones[*at];
            let ledger = phone.memory.ledger.as_ref();
            ledger.is_some_and(|all| all.now().is_device_brought_in(&phone.key))
        };
        let (settled, newcomers): (Vec<usize>, Vec<usize>) = members.iter().partition(|at| has(at));
        let first = self.network.links.len();
        self.join(&settled);
        self.bring_along(&newcomers, &settled);
        // Two copies of one home meet by way of a newcomer only.
        self.join(members);
        let others: Vec<usize> = (0..self.phones.len())
            .filter(|at| !members.contains(at) && self.is_honest(*at))
            .collect();
        self.bring_along(&others, &settled);
        for link in first..self.network.links.len() {
            self.schedule(self.now, Event::Dial(link));
        }
    }

    /// Connects what is not connected among some, copies of one home apart.
    fn join(&mut self, who: &[usize]) {
        let mut part: BTreeMap<usize, usize> = who.iter().map(|at| (*at, *at)).collect();
        loop {
            let links = self.network.links.iter().filter(|link| {
                // Those from before are not dialled any more.
                link.healed
            });
            for link in links {
                let parts = [part.get(&link.ends[0]), part.get(&link.ends[1])];
                if let [Some(one), Some(other)] = parts.map(Option::<&usize>::copied)
                    && one != other
                {
                    let (from, to) = (one.max(other), one.min(other));
                    part.values_mut().filter(|at| **at == from).for_each(|at| *at = to);
                }
            }
            let pairs = who.iter().flat_map(|one| who.iter().map(|other| (*one, *other)));
            let mut apart = pairs.filter(|(one, other)| {
                part.get(one) < part.get(other) && !self.twins.contains(&sorted(*one, *other))
            });
            let Some((one, other)) = apart.next() else { break };
            self.add_link(one, other);
        }
    }

    /// Each meets a member: a newcomer gets the group there; who is no member may hold what says
    /// so, as a Leave that nobody has seen.
    fn bring_along(&mut self, who: &[usize], members: &[usize]) {
        for at in who {
            let apart = |one: &&usize| !self.twins.contains(&sorted(**one, *at));
            let known = members.iter().filter(apart).find(|one| self.knows(*at, **one));
            let Some(other) = known.or_else(|| members.iter().find(apart)).copied() else {
                continue;
            };
            let links = self.network.links.iter().filter(|link| link.healed);
            let mut near = links.filter(|link| link.ends.contains(at)).flat_map(|one| one.ends);
            if !near.any(|end| members.contains(&end) && self.knows(*at, end)) {
                self.add_link(*at, other);
            }
        }
    }

    /// Whether a device can tell that another is of the group; else it sends it away.
    pub(super) fn knows(&self, phone: usize, other: usize) -> bool {
        let ledger = self.phones[phone].memory.ledger.as_ref();
        ledger.is_none_or(|all| all.now().is_device_brought_in(&self.phones[other].key))
    }

    fn is_agreed(&self, members: &[usize]) -> bool {
        let digest = |at: &usize| frontier(&self.phones[*at]);
        let Some(first) = members.first().and_then(digest) else { return members.is_empty() };
        members.iter().all(|at| digest(at) == Some(first))
            && members.iter().all(|at| self.is_up_to_date(*at, members))
            && self.is_connected(members)
    }

    /// Whether a device says so of each other member that it is connected with.
    fn is_up_to_date(&self, phone: usize, members: &[usize]) -> bool {
        let keys: BTreeSet<_> = members.iter().map(|at| self.phones[*at].key).collect();
        let peers = self.phones[phone].exchange.peers();
        let mut near = peers.iter().filter(|(_, key, _)| keys.contains(key));
        near.all(|(.., progress)| *progress == Progress::UpToDate)
    }

    /// Whether each link between members carries a connection that both ends hold to be open.
    fn is_connected(&self, members: &[usize]) -> bool {
        let whole = self
            .network
            .connections
            .iter()
            .filter(|one| !one.broken && one.ends.iter().all(|end| end.open));
        let open: BTreeSet<usize> = whole.map(|one| one.link).collect();
        self.network.links.iter().enumerate().all(|(number, link)| {
            let between = link.healed && link.ends.iter().all(|end| members.contains(end));
            !between || open.contains(&number)
        })
    }

    /// How far everybody is, for people.
    pub(super) fn told(&self) -> String {
        let members = self.members();
        let lines = self.phones.iter().enumerate().map(|(at, phone)| {
            let kind = match (phone.honest, members.contains(&at)) {
                (false, _) => "hostile",
                (true, true) => "member",
                (true, false) => "no member",
            };
            let digest = frontier(phone).map_or_else(String::new, |digest| short(&digest));
            let wanted = phone.memory.wanted.len();
            let peers = phone.exchange.peers().into_iter().map(|(_, key, progress)| {
                let who = self.phones.iter().position(|other| other.key == key);
                format!("#{} {progress:?}", who.map_or_else(String::new, |at| at.to_string()))
            });
            let peers: Vec<String> = peers.collect();
            format!(
                "\n    #{at} ({kind}): {} envelopes {digest}, {} texts, {wanted} wanted, {} \
                 profiles; {}",
                phone.len(),
                phone.memory.texts.len(),
                phone.memory.profiles.len(),
                peers.join(", ")
            )
        });
        lines.collect()
    }
}

pub(super) fn frontier(phone: &Phone) -> Option<[u8; 32]> {
    phone.memory.ledger.as_ref().map(|ledger: &Ledger| ledger.frontier().digest())
}

pub(super) fn short(digest: &[u8; 32]) -> String {
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

const fn sorted(one: usize, other: usize) -> (usize, usize) {
    if one < other { (one, other) } else { (other, one) }
}
