//! Who comes, goes and changes.

use copact_core::act::Act;
use copact_core::ids::{MemberId, Nonce};
use copact_tests::decisions::{helper, merge, remove, tips, voice};
use copact_tests::device::Device;
use copact_tests::group::first_day;

use super::{Course, Village, role};

/// Members of a village, those with devices.
const MOST: usize = 9;

impl Village {
    pub(super) fn people_come_and_go(&mut self, month: i32) {
        let joins = match self.course {
            Course::Growing => 45,
            Course::Model => 10,
            _ => 22,
        };
        if self.draw.one_in(joins) && self.signers.len() < MOST {
            self.admit();
        }
        if self.draw.one_in(joins / 2 + 3) && self.assisted.len() < 4 {
            self.assist();
        }
        if month == 1 && self.course != Course::Model && self.draw.one_in(40) {
            self.take_over_a_list();
        }
        if self.awry(8) && self.standing().len() > 2 {
            self.one_goes();
        }
        if self.awry(10) {
            self.change_role();
        }
        if self.awry(5) {
            let (one, other) = (self.anybody(), self.anybody());
            if one != other {
                self.decide(&merge(one, other), 95);
            }
        }
        if let Some((elder, _)) = self.draw.pick(&self.assisted.clone())
            && self.awry(12)
            && let Some(who) = self.somebody()
        {
            self.decide(&helper(elder, self.signers[who]), 95);
            self.find_helpers();
        }
    }

    fn admit(&mut self) {
        let Some(sponsor) = self.somebody() else { return };
        let seed = u8::try_from(self.devices.len() + 1).unwrap();
        let (device, role) = (Device::new(seed), role(u64::from(self.fresh())));
        let Some(person) = self.by(sponsor) else { return };
        let acceptance = device.accepts(person.ledger.group(), &role);
        let id = MemberId::brought_in_by(person.act(Act::Admit { device: acceptance, role }));
        self.devices.push(device);
        self.signers.push(id);
        let wrong = self.course == Course::Anyhow && self.draw.one_in(10);
        let skew = if wrong { self.draw.between(-60, 60) } else { 0 };
        self.skews.push(skew);
        if self.draw.one_in(75) {
            self.decide(&voice(id), 95);
            for who in self.some(90) {
                self.by(who).map(|person| person.act(Act::Link));
            }
        }
    }

    fn assist(&mut self) {
        let Some(who) = self.somebody() else { return };
        let (fresh, helper) = (self.fresh(), self.signers[who]);
        let (role, nonce) = (role(u64::from(fresh)), Nonce::from_bytes([fresh; 16]));
        let Some(person) = self.by(who) else { return };
        let id = person.act(Act::Assist { helper, role, imported: None, nonce });
        self.assisted.push((MemberId::brought_in_by(id), who));
    }

    /// People on a list, and the meetings at which it says that they were.
    fn take_over_a_list(&mut self) {
        let Some(who) = self.somebody() else { return };
        let first = self.draw.between(-300, -40);
        let mut listed = Vec::new();
        for _ in 0..self.draw.between(1, 3) {
            let (fresh, helper) = (self.fresh(), self.signers[who]);
            let (role, nonce) = (role(u64::from(fresh)), Nonce::from_bytes([fresh; 16]));
            let imported = Some(first_day().plus(first));
            let Some(person) = self.by(who) else { return };
            let id = person.act(Act::Assist { helper, role, imported, nonce });
            listed.push(MemberId::brought_in_by(id));
        }
        for _ in 0..self.draw.between(1, 4) {
            let at = self.draw.between(first, self.day);
            self.listed_meeting(who, at, &listed);
        }
        self.assisted.extend(listed.into_iter().map(|id| (id, who)));
    }

    fn one_goes(&mut self) {
        let Some(who) = self.somebody() else { return };
        if self.draw.one_in(60) {
            self.by(who).map(|person| person.act(Act::Leave));
        } else {
            let device = self.devices[who].key();
            let tips = tips(&self.one.ledger, &device);
            self.decide(&remove(self.signers[who], &tips), 95);
        }
        self.find_helpers();
    }

    fn change_role(&mut self) {
        let role = role(u64::from(self.fresh()));
        match self.draw.pick(&self.assisted.clone()) {
            Some((member, helper)) if self.draw.one_in(30) => {
                let on_behalf_of = Some(member);
                self.by(helper).map(|person| person.act(Act::Role { role, on_behalf_of }));
            }
            _ => {
                let Some(who) = self.somebody() else { return };
                self.by(who).map(|person| person.act(Act::Role { role, on_behalf_of: None }));
            }
        }
    }

    /// Who helps may have changed.
    fn find_helpers(&mut self) {
        let now = self.one.ledger.now();
        let by_id = |one| now.id(one).and_then(|id| self.signers.iter().position(|at| *at == id));
        let helpers = |member: MemberId| {
            let helpers = now.helpers(now.person(member)?);
            helpers.into_iter().find_map(by_id)
        };
        let found: Vec<usize> =
            self.assisted.iter().map(|(id, by)| helpers(*id).unwrap_or(*by)).collect();
        for ((_, by), found) in self.assisted.iter_mut().zip(found) {
            *by = found;
        }
    }
}
