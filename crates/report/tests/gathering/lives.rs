//! Groups, each of which is another one, that do a little of everything.

use copact_core::entry::{Beneficiary, Record};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::views::Views;
use copact_tests::device::Device;
use copact_tests::group::{first_day, found, meet, meeting, member, tap, work};
use copact_tests::person::Person;

const CONTRACT: &str = "# Mill Creek\n\n## Who we are {#identity}\n\nNeighbours around the creek.\n\n\
                        ## What for {#purpose}\n\nTo cook, mend and walk together.\n";

pub(crate) struct Life {
    pub(crate) people: Vec<Person>,
}

impl Life {
    /// The group of that number; those with other numbers have other people.
    pub(crate) fn of(number: u8) -> Self {
        let people = 3 + number % 3;
        let mut devices: Vec<Device> =
            (0..people).map(|one| Device::new(1 + number * 8 + one)).collect();
        let founding = found(&mut devices);
        let people = devices.into_iter();
        let people = people.map(|one| Person::new(one, [founding.clone()], first_day()));
        let mut life = Self { people: people.collect() };
        life.agree();
        for meeting in 0..2 + i32::from(number) {
            life.gather(10 + 17 * meeting);
        }
        life
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.people[0].ledger
    }

    /// Everybody hears everything.
    pub(crate) fn hear(&mut self) {
        meet(&mut self.people.iter_mut().collect::<Vec<_>>());
    }

    fn on(&mut self, days: i32) {
        for person in &mut self.people {
            person.day = first_day().plus(days);
        }
    }

    fn agree(&mut self) {
        self.people[0].write_contract(CONTRACT);
        self.hear();
        for who in 1..self.people.len() {
            let person = &mut self.people[who];
            let content = Views::of(&person.ledger).contract_content(None);
            let last = content.sections.last().unwrap();
            let body = format!("{}\nAnd to walk home whoever came as number {who}.", last.body);
            person.write_section(last.id, &body);
            self.hear();
        }
        let proposal = Proposal::new(Matter::Ratify(self.people[0].draft().unwrap()));
        for person in &mut self.people {
            person.answer(&proposal, AnswerWord::Yes);
        }
        self.hear();
        self.people[0].enact();
        self.hear();
    }

    /// They meet, see each other, and work.
    pub(crate) fn gather(&mut self, days: i32) {
        self.on(days);
        let at = self.people[0].entry(meeting(first_day().plus(days)));
        self.hear();
        let taps: Vec<EnvelopeId> =
            self.people.iter_mut().map(|person| person.entry(tap(at))).collect();
        self.hear();
        for (own, person) in taps.iter().zip(&mut self.people) {
            let others = taps.iter().copied().filter(|tap| tap != own);
            person.entry(Record::Attest(others.collect()));
        }
        let whom = Beneficiary::Member(member(&self.people[0], 1));
        let minutes = u32::try_from(30 + days).unwrap();
        let done = self.people[0].entry(work(minutes, whom, first_day().plus(days)));
        self.hear();
        self.people[1].entry(Record::Confirm(done));
        self.hear();
    }
}
