//! What must hold in the end.

use std::collections::BTreeSet;

use copact_core::ids::{EnvelopeId, TextHash};
use copact_core::profile::Profile;
use copact_core::views::Views;

use copact_sync::limits::ORPHANS;

use super::healing::short;
use super::{World, Wrong};
use crate::phone::{Phone, stands};

impl World {
    /// Compares the members with each other and with what people were told is saved.
    pub(super) fn judge(&mut self) -> Result<(), Wrong> {
        let members = self.members();
        let Some(first) = members.first().map(|at| &self.phones[*at]) else { return Ok(()) };
        let Some(ledger) = &first.memory.ledger else { return Ok(()) };
        let mut wrong = Vec::new();
        let view = Views::of(ledger).digest();
        for at in &members {
            let phone = &self.phones[*at];
            if let Some(other) = &phone.memory.ledger {
                let digest = Views::of(other).digest();
                if digest != view {
                    let (one, other) = (short(&view), short(&digest));
                    wrong.push(format!("#{at} has the view {other}, #{} {one}", members[0]));
                }
                if other.waiting() > 0 {
                    wrong.push(format!("#{at} has {} envelopes that wait", other.waiting()));
                }
            }
            if phone.memory.texts != first.memory.texts {
                let (one, other) = (first.memory.texts.len(), phone.memory.texts.len());
                wrong.push(format!("#{at} has {other} texts, #{} {one}", members[0]));
            }
            if profiles(phone) != profiles(first) {
                let counts = (phone.memory.profiles.len(), first.memory.profiles.len());
                wrong.push(format!("#{at} has other profiles than #{}: {counts:?}", members[0]));
            }
        }
        let hostile = |at: &usize| {
            let links = self.network.links.iter().filter(|link| link.healed);
            let near = links.filter(|link| link.ends.contains(at));
            near.flat_map(|link| link.ends).filter(|end| !self.phones[*end].honest).count()
        };
        for at in &members {
            let (held, most) = (self.phones[*at].exchange.orphans(), ORPHANS * hostile(at));
            if held > most {
                wrong.push(format!("#{at} holds {held} orphans; at most {most}"));
            }
        }
        for (at, phone) in self.phones.iter().enumerate() {
            let links = self.network.links.iter().filter(|link| link.healed);
            let mut near = links.filter(|link| link.ends.contains(&at)).flat_map(|one| one.ends);
            // Whose sponsor's word does not count is a stranger, and told that.
            let known = ledger.now().is_device_brought_in(&phone.key);
            let told = near.any(|end| members.contains(&end) && self.knows(at, end));
            if phone.honest && known && told && !members.contains(&at) && phone.stands() {
                wrong.push(format!("#{at} is a member no more and was not told"));
            }
        }
        self.find_missing(first, &mut wrong);
        if !wrong.is_empty() {
            return Err(Wrong(format!("{}{}", wrong.join("; "), self.told())));
        }
        self.judge_costs()?;
        let digest = short(&view);
        self.trace.line(self.now, format_args!("{} members see {digest}", members.len()));
        Ok(())
    }

    /// What somebody who is a member still was told is saved, and is not there.
    fn find_missing(&self, phone: &Phone, wrong: &mut Vec<String>) {
        let Some(ledger) = &phone.memory.ledger else { return };
        // Where only copies of one home are left, what another of them wrote stays there.
        let copies: Vec<&Phone> = match self.members().as_slice() {
            [_] => self.phones.iter().filter(|other| other.key == phone.key).collect(),
            _ => Vec::new(),
        };
        let at_a_copy = |id: &EnvelopeId| {
            copies
                .iter()
                .any(|one| one.memory.ledger.as_ref().is_some_and(|all| all.get(*id).is_some()))
        };
        for (id, device) in &self.acknowledged {
            if ledger.get(*id).is_none() && stands(ledger, device) && !at_a_copy(id) {
                let who = self.phones.iter().position(|one| one.key == *device);
                wrong.push(format!("{id} of #{} is missing", who.unwrap_or(usize::MAX)));
            }
        }
        let ledgers = copies.iter().filter_map(|one| one.memory.ledger.as_ref());
        let erased: BTreeSet<TextHash> =
            ledgers.chain([ledger]).flat_map(|all| all.erased_texts(&all.now())).collect();
        for (text, device) in &self.texts {
            let at_a_copy = copies.iter().any(|one| one.memory.texts.contains_key(text));
            let here = phone.memory.texts.contains_key(text) || erased.contains(text) || at_a_copy;
            if !here && stands(ledger, device) {
                let who = self.phones.iter().position(|one| one.key == *device);
                wrong.push(format!("the text {text} of #{} is missing", who.unwrap_or(usize::MAX)));
            }
        }
    }
}

/// The profile records, in an order that is the same everywhere.
fn profiles(phone: &Phone) -> Vec<&Profile> {
    let mut all: Vec<&Profile> = phone.memory.profiles.iter().collect();
    all.sort_by_key(|one| one.signature);
    all
}
