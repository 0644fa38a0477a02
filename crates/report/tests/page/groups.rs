//! Groups whose members do what people do, and the reports of them.

use copact_core::act::{Act, FirstMember, Found, Role, RoleKind};
use copact_core::contract::SectionKind;
use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Record};
use copact_core::envelope::Content;
use copact_core::ids::EnvelopeId;
use copact_core::proposal::{AnswerWord, Matter, Proposal, Share};
use copact_core::text::RoleWord;
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_tests::device::Device;
use copact_tests::group::{first_day, meeting, member, tap, text, work};
use copact_tests::person::Person;

const CONTRACT: &str = "# Mill Creek\n\n## Who we are {#identity}\n\nNeighbours around the creek.\n\n\
                        ## What for {#purpose}\n\nTo cook, mend and walk together.\n\n\
                        ## Rules {#rules}\n\n- We listen.\n";
const LINES: [&str; 4] = [
    "- Who cooks is thanked by all who eat.",
    "- Nobody decides for somebody who is not here.",
    "- Tools come back clean, or mended by who broke them.",
    "- Whoever is new is walked home the first time.",
];

/// People who all know everything at once.
pub(crate) struct Story {
    people: Vec<Person>,
}

impl Story {
    /// So many found a group; the last ones are professionals.
    pub(crate) fn found(people: u8, professionals: u8) -> Self {
        let mut devices: Vec<Device> = (1..=people).map(Device::new).collect();
        let role = |at: usize| {
            let professional = at + usize::from(professionals) >= usize::from(people);
            let (word, mapped) = if professional {
                ("nurse", RoleKind::Professional)
            } else {
                ("neighbour", RoleKind::Citizen)
            };
            Role { word: RoleWord::new(word).unwrap(), mapped: Some(mapped) }
        };
        let members = devices.iter().enumerate();
        let members = members
            .map(|(at, one)| FirstMember { device: one.founds(&role(at)), role: role(at) })
            .collect();
        let policy = Share::DEFAULT;
        let found = Found { policy, members, name: text(1), parent: None, continues: None };
        let founding = devices[0].sign(None, &[], first_day(), Content::Act(Act::Found(found)));
        let people = devices.into_iter();
        Self {
            people: people.map(|one| Person::new(one, [founding.clone()], first_day())).collect(),
        }
    }

    /// The clock of all of them.
    pub(crate) fn on(&mut self, days: i32) -> Day {
        let day = first_day().plus(days);
        for person in &mut self.people {
            person.day = day;
        }
        day
    }

    fn tell(&mut self, who: usize, ids: &[EnvelopeId]) {
        for id in ids {
            let envelope = self.people[who].ledger.get(*id).unwrap().envelope().clone();
            for (at, person) in self.people.iter_mut().enumerate() {
                if at != who {
                    person.take(&envelope);
                }
            }
        }
    }

    fn entry(&mut self, who: usize, record: Record) -> EnvelopeId {
        let id = self.people[who].entry(record);
        self.tell(who, &[id]);
        id
    }

    /// The first one writes a contract, others each a line of its rules.
    pub(crate) fn write(&mut self, others: usize) {
        let ids = self.people[0].write_contract(CONTRACT);
        self.tell(0, &ids);
        for who in 1..=others {
            let content = Views::of(&self.people[who].ledger).contract_content(None);
            let rules = content.sections.iter().find(|one| one.kind == SectionKind::Rules).unwrap();
            let body = format!("{}\n{}", rules.body, LINES[who % LINES.len()]);
            let ids = self.people[who].write_section(rules.id, &body);
            self.tell(who, &ids);
        }
    }

    /// So many sign what is written, and it is adopted if that is enough.
    pub(crate) fn sign(&mut self, signers: usize) {
        let draft = self.people[0].draft().unwrap();
        let proposal = Proposal::new(Matter::Ratify(draft));
        for who in 0..signers {
            let id = self.people[who].answer(&proposal, AnswerWord::Yes);
            self.tell(who, &[id]);
        }
        let ids = self.people[0].enact();
        self.tell(0, &ids);
    }

    /// These meet and see each other; the last of them comes late and is seen by nobody.
    pub(crate) fn meet(&mut self, days: i32, who: &[usize], late: Option<usize>) {
        let day = self.on(days);
        let at = self.entry(who[0], meeting(day));
        let taps: Vec<EnvelopeId> = who.iter().map(|who| self.entry(*who, tap(at))).collect();
        for (place, who) in who.iter().enumerate() {
            let mut others = taps.clone();
            others.remove(place);
            if !others.is_empty() {
                self.entry(*who, Record::Attest(others));
            }
        }
        if let Some(late) = late {
            self.entry(late, tap(at));
        }
    }

    /// One works for another, who confirms it.
    pub(crate) fn give(&mut self, days: i32, from: usize, to: usize, minutes: u32) {
        let day = self.on(days);
        let whom = member(&self.people[0], u8::try_from(to).unwrap());
        let done = self.entry(from, work(minutes, Beneficiary::Member(whom), day));
        self.entry(to, Record::Confirm(done));
    }

    /// One works for the group, which nobody confirms.
    pub(crate) fn claim(&mut self, days: i32, who: usize, minutes: u32) {
        let day = self.on(days);
        self.entry(who, work(minutes, Beneficiary::Group, day));
    }

    /// The report of these days.
    pub(crate) fn report(&self, from: i32, to: i32) -> Report {
        let window = Window::new(first_day().plus(from), first_day().plus(to)).unwrap();
        let views = Views::of(&self.people[0].ledger);
        let facts = Facts::of(&views);
        Report::of(&views, &facts, window, RuleSet::minimum().unwrap())
    }
}

/// Somebody alone, with nothing.
pub(crate) fn empty() -> Report {
    Story::found(1, 0).report(0, 20)
}

/// Three with a contract that one wrote.
pub(crate) fn none() -> Report {
    let mut story = Story::found(3, 0);
    story.write(0);
    story.sign(3);
    story.meet(5, &[0, 1], None);
    story.report(0, 60)
}

/// Two who agreed.
pub(crate) fn pair() -> Report {
    let mut story = Story::found(2, 0);
    story.write(1);
    story.sign(2);
    story.meet(5, &[0, 1], None);
    story.give(6, 0, 1, 60);
    story.report(0, 60)
}

/// Five with an agreement and one meeting.
pub(crate) fn formed() -> Report {
    let mut story = Story::found(5, 1);
    story.write(2);
    story.sign(5);
    story.meet(5, &[0, 1, 2], Some(3));
    story.give(6, 0, 1, 60);
    story.give(8, 1, 2, 45);
    story.report(0, 60)
}

/// A group that does everything, of so many.
pub(crate) fn coproducing(people: u8, professionals: u8) -> Report {
    coproducing_until(people, professionals, 60)
}

/// The same, if nothing more happens until a later day.
pub(crate) fn coproducing_until(people: u8, professionals: u8, to: i32) -> Report {
    let mut story = Story::found(people, professionals);
    let all: Vec<usize> = (0..usize::from(people)).collect();
    story.write(all.len() - 1);
    story.sign(all.len());
    story.meet(4, &all, None);
    story.meet(18, &all[..all.len() - 1], all.last().copied());
    story.meet(32, &all[1..], None);
    for (day, one) in [(5, 0), (12, 1), (25, 2), (40, 0)] {
        story.give(day, one, one + 1, 60 + 30 * u32::try_from(one).unwrap());
        story.give(day + 1, one + 1, one, 45);
    }
    story.claim(41, 1, 120);
    story.report(0, to)
}

/// A year and a quarter of a group with both roles.
pub(crate) fn sustained() -> Report {
    let mut story = Story::found(11, 5);
    let all: Vec<usize> = (0..11).collect();
    story.write(6);
    story.sign(9);
    for month in 0..16 {
        let day = 10 + 28 * month;
        let missing = usize::try_from(month).unwrap() % 5;
        story.meet(day, &all[missing..], (missing > 2).then_some(0));
        for one in 0..6_usize {
            let other = (one * 2 + 1) % 11;
            let minutes = 30 + 15 * u32::try_from(month).unwrap() + 10 * one as u32;
            story.give(day + 2, one, if other == one { 10 } else { other }, minutes);
        }
        story.give(day + 3, 1, 0, 40);
        story.give(day + 3, 10, 3, 35);
        story.claim(day + 5, 2, 60);
    }
    story.report(0, 470)
}
