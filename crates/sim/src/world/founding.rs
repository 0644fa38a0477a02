//! Who there is in the beginning.

use copact_core::act::{Act, FirstMember, Found, NewDevice};
use copact_core::envelope::{Content, Draft, Verified};
use copact_core::ids::{GroupId, Incarnation, Nonce, Salt, TextHash};
use copact_core::keys::{BoxKey, DeviceSecret, Purpose};
use copact_core::ledger::Ledger;
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::FreeText;

use super::World;
use crate::chance::Chance;
use crate::hostile::Mischief;
use crate::people::neighbour;
use crate::phone::Phone;

impl World {
    /// Makes all devices. Founders and hostile ones are first members; newcomers and strangers have
    /// nothing yet.
    pub(super) fn found(&mut self) {
        let first = self.plan.founders + self.plan.hostile;
        let secrets: Vec<DeviceSecret> = (0..first + self.plan.newcomers + self.plan.strangers)
            .map(|_| DeviceSecret::from_bytes(&self.chance.bytes()))
            .collect();
        let salt = Salt::from_bytes(self.chance.bytes());
        let text = FreeText::new("Green Lane").unwrap_or_else(|_| unreachable!("plain words"));
        let name = SideText { salt, text };
        let incarnation = Incarnation::from_bytes(self.chance.bytes());
        let founders = secrets.get(..first).unwrap_or_default();
        let founding = found(founders, name.hash(), incarnation, &mut self.chance);
        let group = GroupId::of(founding.id());
        self.eye = Ledger::found(founding.clone()).ok();
        for (number, secret) in secrets.into_iter().enumerate() {
            let newcomer = number >= first && number < first + self.plan.newcomers;
            let honest = number < self.plan.founders || newcomer;
            let mut phone = Phone::new(secret.clone(), group, honest);
            if number < first {
                phone.disk.envelopes.push(founding.clone());
            }
            if number == 0 {
                phone.disk.texts.insert(name.hash(), name.clone());
                phone.disk.incarnation = Some(incarnation);
                phone.marker = Some((incarnation, 1));
                self.acknowledged.insert(founding.id(), phone.key);
                self.texts.insert(name.hash(), phone.key);
            }
            if newcomer {
                self.newcomers.push((number, secret));
            }
            if !honest {
                let mischief = Mischief::draw(&mut self.chance);
                self.mischief.insert(number, mischief);
            }
            phone.restart(0);
            self.phones.push(phone);
        }
        self.copy_homes();
        for phone in 0..self.phones.len() {
            if self.chance.happens(self.plan.rates.clock_lies) {
                self.leap(phone);
            }
        }
    }

    /// Copies of a home: the same key, with the marker (a machine copied whole) or without.
    fn copy_homes(&mut self) {
        for _ in 0..self.plan.clones {
            let of = self.chance.count(0, self.plan.founders - 1);
            let mut copy = Phone::new(self.phones[of].secret.clone(), self.phones[of].group, true);
            copy.disk = self.phones[of].disk.clone();
            if self.chance.happens(500) {
                copy.marker = self.phones[of].marker;
            }
            copy.restart(0);
            let number = self.phones.len();
            let same = |one: &usize| self.phones[*one].key == copy.key;
            let same: Vec<usize> = (0..number).filter(same).collect();
            self.twins.extend(same.into_iter().map(|one| (one, number)));
            self.phones.push(copy);
            self.tally.fault("homes copied");
        }
    }
}

/// The founding envelope of these devices; the first one signs.
fn found(
    secrets: &[DeviceSecret],
    name: TextHash,
    incarnation: Incarnation,
    chance: &mut Chance,
) -> Verified {
    let role = neighbour();
    let mut member = |secret: &DeviceSecret| {
        let box_key = BoxKey::from_bytes(*secret.public().as_bytes());
        let nonce = Nonce::from_bytes(chance.bytes());
        let device =
            NewDevice::consent(secret, box_key, Purpose::Founding, None, Some(&role), nonce);
        FirstMember { device, role: role.clone() }
    };
    let members = secrets.iter().map(&mut member).collect();
    let found = Found { policy: Share::DEFAULT, members, name, parent: None, continues: None };
    let draft = Draft {
        group: None,
        incarnation,
        seq: 1,
        prev: None,
        parents: Vec::new(),
        day: crate::phone::first_day(),
        salt: Salt::from_bytes(chance.bytes()),
        content: Content::Act(Act::Found(found)),
    };
    let first = secrets.first().map(|secret| draft.sign(secret));
    match first {
        Some(Ok(founding)) => founding,
        _ => unreachable!("at least one device founds, and signs what is in order"),
    }
}
