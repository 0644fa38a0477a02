//! Groups that live for months or years, awkwardly: people of both roles and of none, some without
//! a device, who come, leave, are removed and merged; clocks that are wrong, records that come
//! late, are corrected, disputed, joined and refused, and contracts that many edit.
//!
//! Everything is placed in one ledger, on the heads that it has: what concurrency does is other
//! tests' concern.

mod deciding;
mod meetings;
mod people;
mod working;
mod writing;

use copact_core::act::{Act, FirstMember, Found, Role, RoleKind};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::ledger::Ledger;
use copact_core::proposal::Share;
use copact_core::text::RoleWord;
use copact_tests::device::Device;
use copact_tests::group::{first_day, text};
use copact_tests::person::Person;

use crate::draw::Draw;

/// Days of a month, about.
const MONTH: i32 = 30;

/// How a group goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// As it happens.
    Anyhow,
    /// More is done each month.
    Growing,
    /// Less is done each month.
    Shrinking,
    /// Hardly anything is done.
    Idle,
    /// All meet, write, sign and work, as the minimum asks.
    Model,
}

pub struct Village {
    one: Person,
    devices: Vec<Device>,
    now: usize,
    /// How many days each device's clock is wrong.
    skews: Vec<i32>,
    /// Members with a device, in the order of the devices.
    signers: Vec<MemberId>,
    /// Members without one, each with the device of whoever helps them.
    assisted: Vec<(MemberId, usize)>,
    meetings: Vec<EnvelopeId>,
    tasks: Vec<EnvelopeId>,
    /// Contributions, each with whom it is for, if that is a member.
    works: Vec<(EnvelopeId, Option<MemberId>)>,
    pub course: Course,
    /// Months it lives.
    pub months: i32,
    pub day: i32,
    draw: Draw,
    drawn: u8,
}

/// A role; of five one in each group is neither a citizen nor a professional.
fn role(number: u64) -> Role {
    let (word, mapped) = match number % 5 {
        0 | 1 => ("neighbour", Some(RoleKind::Citizen)),
        2 | 3 => ("nurse", Some(RoleKind::Professional)),
        _ => ("friend", None),
    };
    Role { word: RoleWord::new(word).unwrap(), mapped }
}

fn found(devices: &mut [Device], draw: &mut Draw) -> Verified {
    let policy = draw.pick(&["1/2", "2/3", "2/3", "4/5"]).unwrap();
    let roles: Vec<Role> =
        (0..).map(|at| role(at * 2 + draw.next(2))).take(devices.len()).collect();
    let members = devices
        .iter()
        .zip(roles)
        .map(|(one, role)| FirstMember { device: one.founds(&role), role })
        .collect();
    let policy = Share::parse(policy).unwrap();
    let found = Found { policy, members, name: text(1), parent: None, continues: None };
    devices[0].sign(None, &[], first_day(), Content::Act(Act::Found(found)))
}

impl Village {
    pub fn of(seed: u64) -> Self {
        let mut draw = Draw::new(seed + 1);
        let (course, founders, months) = match seed % 8 {
            0 => (Course::Growing, 4, draw.between(12, 22)),
            1 => (Course::Model, draw.between(3, 6), draw.between(12, 18)),
            2 => (Course::Shrinking, 3, draw.between(12, 16)),
            3 => (Course::Idle, draw.between(1, 3), draw.between(3, 12)),
            4 => (Course::Model, 2, draw.between(4, 8)),
            _ => (Course::Anyhow, draw.between(2, 6), draw.between(5, 12)),
        };
        let founders = u8::try_from(founders).unwrap();
        let mut devices: Vec<Device> = (1..=founders).map(Device::new).collect();
        let founding = found(&mut devices, &mut draw);
        let one = Person::new(devices[0].clone(), [founding], first_day());
        let id = one.ledger.group().founding();
        let signers = (0..founders).map(|place| MemberId::first(id, place)).collect();
        let honest = matches!(course, Course::Growing | Course::Model);
        let skews = (0..founders)
            .map(|_| if !honest && draw.one_in(15) { draw.between(-200, 200) } else { 0 })
            .collect();
        let mut village = Self {
            one,
            devices,
            now: 0,
            skews,
            signers,
            assisted: Vec::new(),
            meetings: Vec::new(),
            tasks: Vec::new(),
            works: Vec::new(),
            course,
            months,
            day: 0,
            draw,
            drawn: 0,
        };
        village.live();
        village
    }

    pub const fn ledger(&self) -> &Ledger {
        &self.one.ledger
    }

    fn live(&mut self) {
        self.write_first();
        for month in 0..self.months {
            self.day = self.day.max(month * MONTH + self.draw.between(0, 6));
            self.people_come_and_go(month);
            self.write_and_adopt(month);
            self.meet_each_other(month);
            self.work(month);
            self.decide_things(month);
        }
        self.day += 3;
    }

    /// A device to write with, if what it writes counts; of those that do not, some write too.
    fn by(&mut self, who: usize) -> Option<&mut Person> {
        self.devices[self.now] = self.one.device.clone();
        self.one.device = self.devices[who].clone();
        self.one.day = first_day().plus(self.day + self.skews[who]);
        self.now = who;
        let stands = self.one.stands() || self.draw.one_in(3);
        stands.then_some(&mut self.one)
    }

    /// The devices whose word counts now.
    fn standing(&self) -> Vec<usize> {
        let now = self.one.ledger.now();
        let stands = |who: &usize| {
            let device = if *who == self.now { &self.one.device } else { &self.devices[*who] };
            now.of_device(&device.key()).is_some_and(|ix| now.is_member(ix))
        };
        (0..self.devices.len()).filter(stands).collect()
    }

    /// One of them.
    fn somebody(&mut self) -> Option<usize> {
        let all = self.standing();
        self.draw.pick(&all)
    }

    /// Some of them, each with so many per cent.
    fn some(&mut self, percent: u64) -> Vec<usize> {
        let all = self.standing();
        all.into_iter().filter(|_| self.draw.one_in(percent)).collect()
    }

    /// Somebody who was ever a member.
    fn anybody(&mut self) -> MemberId {
        let all: Vec<MemberId> =
            self.signers.iter().copied().chain(self.assisted.iter().map(|(id, _)| *id)).collect();
        self.draw.pick(&all).unwrap()
    }

    const fn fresh(&mut self) -> u8 {
        self.drawn = self.drawn.wrapping_add(1);
        self.drawn
    }

    /// In a group that is as the minimum asks, more is done, and by everybody.
    fn likely(&self, else_percent: u64) -> u64 {
        match self.course {
            Course::Model | Course::Growing => 92,
            Course::Idle => else_percent / 4,
            _ => else_percent,
        }
    }

    /// What happens only where things go wrong.
    fn awry(&mut self, percent: u64) -> bool {
        let percent = if self.course == Course::Model { percent / 6 } else { percent };
        self.draw.one_in(percent)
    }
}
