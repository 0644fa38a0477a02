//! What honest people do.

use copact_core::act::{Act, Erased};
use copact_core::entry::{Beneficiary, Corrected, GoalState, Minutes, Record};
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, MemberId, Nonce, PartId};
use copact_core::ledger::Ledger;
use copact_core::proposal::AnswerWord;
use copact_core::text::Purpose;
use copact_core::views::Views;

use super::{Step, World, pick};
use crate::device::Device;
use crate::group::{correct, dispute, first_day, meeting, role, same_as, tap, text, work};
use crate::person::Person;

/// The entries of one kind in a ledger, in canonical order.
pub(super) fn entries(ledger: &Ledger, kind: &str) -> Vec<EnvelopeId> {
    let places = ledger.in_order().into_iter().filter_map(|place| ledger.at(place));
    let fits = places.filter(|at| at.entry().is_some_and(|e| kind.is_empty() || e.kind() == kind));
    fits.map(copact_core::ledger::Placed::id).collect()
}

pub(super) fn members(ledger: &Ledger) -> Vec<MemberId> {
    let now = ledger.now();
    let mut all: Vec<MemberId> = now.members().map(|(_, id, _)| id).collect();
    all.sort();
    all
}

pub(super) const WORDS: [AnswerWord; 3] = [AnswerWord::Yes, AnswerWord::No, AnswerWord::Abstain];

impl World {
    pub(super) fn honest_step(&mut self, step: &Step) {
        let who = usize::from(step.who / 9) % self.honest.len();
        self.honest[who].day = first_day().plus(self.drawn as i32 / 3 + i32::from(step.days % 3));
        self.draw();
        match step.what % 26 {
            0..=2 => {
                let other = usize::from(step.a) % self.honest.len();
                if other != who {
                    let known = self.honest[other].all();
                    known.iter().for_each(|one| self.honest[who].take(one));
                }
            }
            3 => {
                // The malicious show what they like, as long as nothing before it is missing.
                let known: Vec<_> = self.eye.envelopes().map(|(_, at)| at.envelope()).collect();
                let upto = usize::from(step.a) % (known.len() + 1);
                known[..upto].iter().for_each(|one| self.honest[who].take(one));
            }
            _ if !self.honest[who].stands() => {}
            4 => self.hold_meeting(who, step),
            6..=11 | 20 if self.deciding => self.decide(who, step),
            15 if self.deciding => self.log_something(who, &Step { what: 9, ..*step }),
            16 if self.deciding && step.a.is_multiple_of(3) => {
                self.honest[who].act(Act::Leave);
            }
            12 | 13 if self.deciding => {
                let fresh = self.draw();
                self.bring_somebody_in(who, step, fresh);
            }
            20 => self.agree(who, step),
            5..=16 => self.log_something(who, step),
            _ => self.do_something(who, step),
        }
        for at in 0..self.honest.len() {
            self.collect(at);
        }
    }

    /// Some come to a meeting, and say of each other that they came.
    fn hold_meeting(&mut self, who: usize, step: &Step) {
        let today = self.honest[who].day;
        let at = self.honest[who].entry(meeting(today));
        let known = self.honest[who].all();
        let mut taps = Vec::new();
        for (number, person) in self.honest.iter_mut().enumerate() {
            if number == who || step.b >> number & 1 == 1 {
                known.iter().for_each(|one| person.take(one));
                if person.stands() {
                    let tap = person.entry(tap(at));
                    taps.push(person.ledger.get(tap).unwrap().envelope().clone());
                }
            }
        }
        for (number, person) in self.honest.iter_mut().enumerate() {
            if step.a >> number & 1 == 1 && person.ledger.get(at).is_some() && person.stands() {
                taps.iter().for_each(|one| person.take(one));
                let here = taps.iter().map(copact_core::envelope::Verified::id);
                let here: Vec<_> = here.filter(|id| person.ledger.get(*id).is_some()).collect();
                person.entry(Record::Attest(here));
            }
        }
    }

    /// Everybody is asked, most say yes, and whoever asked writes down that it is decided.
    fn agree(&mut self, who: usize, step: &Step) {
        let proposal = self.proposal(&self.honest[who].ledger, step.b);
        let known = self.honest[who].all();
        for (number, person) in self.honest.iter_mut().enumerate() {
            known.iter().for_each(|one| person.take(one));
            if person.stands() {
                let refuses = step.a >> number & 7 == 7;
                person.answer(&proposal, if refuses { AnswerWord::No } else { AnswerWord::Yes });
            }
        }
        for at in 0..self.honest.len() {
            let said = self.honest[at].all();
            said.iter().for_each(|one| self.honest[who].take(one));
        }
        if self.honest[who].stands() {
            self.honest[who].enact();
        }
    }

    fn log_something(&mut self, who: usize, step: &Step) {
        let assisted = pick(&self.assisted, step.b);
        let person = &mut self.honest[who];
        let me = person.me().unwrap();
        let any = |person: &Person, kind: &str| pick(&entries(&person.ledger, kind), step.a);
        let member = pick(&members(&person.ledger), step.b).unwrap();
        let today = person.day;
        match step.what % 26 {
            5 => drop(person.entry(meeting(today.plus(i32::from(step.days % 2))))),
            6..=8 => {
                if let Some(at) = any(person, "meeting") {
                    let about = assisted.filter(|_| step.what == 8).unwrap_or(me);
                    let about =
                        if person.ledger.person_with_id(about).is_some() { about } else { me };
                    person.entry_for(about, tap(at));
                }
            }
            9 => {
                let whom = if step.a.is_multiple_of(2) {
                    Beneficiary::Group
                } else {
                    Beneficiary::Member(member)
                };
                person.entry(work(30 + u32::from(step.a % 90), whom, today));
            }
            10 => {
                let mut known = entries(&person.ledger, "tap");
                known.extend(entries(&person.ledger, "contribution"));
                known.truncate(1 + usize::from(step.a % 8));
                if !known.is_empty() {
                    person.entry(Record::Attest(known));
                }
            }
            11 => {
                if let Some(entry) = any(person, "") {
                    person.entry(Record::Confirm(entry));
                }
            }
            12 => {
                if let Some(entry) = any(person, "contribution") {
                    person.entry(dispute(entry));
                }
            }
            13 => {
                let own = Views::of(&person.ledger).journal().clone();
                let mine = own.entries.iter().filter(|place| {
                    own.subjects.get(place).copied() == person.ledger.person_with_id(me)
                });
                let mine: Vec<_> = mine.copied().collect();
                if let Some(place) = pick(&mine, step.a) {
                    let entry = person.ledger.at(place).unwrap().id();
                    person.entry(Record::Refuse(entry));
                }
            }
            14 => {
                if let Some(entry) = any(person, "contribution").or(any(person, "meeting")) {
                    let day = (step.b.is_multiple_of(3)).then_some(today.plus(-1));
                    let minutes = Minutes::new(10 + u32::from(step.b % 50));
                    person
                        .entry(correct(entry, Corrected { day, minutes, ..Corrected::default() }));
                }
            }
            15 => {
                let known = entries(&person.ledger, "meeting");
                if let (Some(one), Some(other)) = (pick(&known, step.a), pick(&known, step.b))
                    && one != other
                {
                    person.entry(same_as(one, other));
                }
            }
            _ => {
                let at = any(person, "meeting");
                let record = match (step.b % 7, at) {
                    (0, Some(at)) => Record::Open(at),
                    (1, Some(at)) => Record::Close(at),
                    (2, _) => Record::Task(text(20)),
                    (3, _) => {
                        Record::Goal { goal: PartId::from_bytes([1; 8]), state: GoalState::Done }
                    }
                    (4, _) => {
                        let purpose = Purpose::new("photos").unwrap();
                        Record::Permission { purpose, granted: step.a.is_multiple_of(2) }
                    }
                    _ => Record::Note(text(21)),
                };
                person.entry(record);
            }
        }
    }

    fn do_something(&mut self, who: usize, step: &Step) {
        let proposal = self.proposal(&self.honest[who].ledger, step.b);
        let fresh = self.draw();
        let person = &mut self.honest[who];
        match step.what % 26 {
            17 | 18 => self.edit_contract(who, step),
            19 => {
                let assisted = pick(&self.assisted, step.b).filter(|one| {
                    let ix = person.ledger.person_with_id(*one);
                    let helper = ix.and_then(|ix| person.ledger.person(ix)?.assisted);
                    helper.map(|a| a.helper)
                        == person.me().and_then(|me| person.ledger.person_with_id(me))
                });
                let assisted = assisted.filter(|_| step.days % 2 == 0);
                let word = WORDS[usize::from(step.a) % WORDS.len()];
                person.answer_for(assisted, &proposal, word);
            }
            21 => drop(person.enact()),
            22 => {
                let act = match step.a % 4 {
                    0 => Act::Link,
                    1 => Act::Role { role: role("chair"), on_behalf_of: None },
                    2 => Act::Erase { what: Erased::Texts(vec![text(21)]) },
                    _ => Act::Propose {
                        proposal,
                        reason: Some(text(22)),
                        last_day: person.day.plus(30),
                        on_behalf_of: None,
                    },
                };
                person.act(act);
            }
            23 => {
                let acts = person.ledger.envelopes().filter(|(_, at)| at.act().is_some());
                let acts: Vec<_> = acts.map(|(_, at)| at.id()).collect();
                let act = pick(&acts, step.a).unwrap();
                person.write(Content::Act(Act::Confirm { act }), &[act]);
            }
            24 => self.bring_somebody_in(who, step, fresh),
            _ if step.a.is_multiple_of(7) => drop(person.act(Act::Leave)),
            _ => person.device.begin_again(fresh << 20),
        }
    }

    fn edit_contract(&mut self, who: usize, step: &Step) {
        let person = &mut self.honest[who];
        let content = Views::of(&person.ledger).contract_content(None);
        let word = format!("{} of {}", step.b, who);
        match pick(&content.sections, step.a) {
            Some(section) if step.what % 26 == 17 => {
                let body = format!("{word}. {}", section.body);
                person.write_section(section.id, &body);
            }
            _ => {
                let markdown =
                    format!("# {word}\n\n## Who {{#identity}}\n\nWe are {word}.\n\nAll of us.\n");
                person.write_contract(&markdown);
            }
        }
    }

    fn bring_somebody_in(&mut self, who: usize, step: &Step, fresh: u64) {
        let room = if self.deciding { 7 } else { 5 };
        let dua_is_here = self.honest.len() >= room;
        let seed = self.honest.len() as u8 + 1;
        let person = &mut self.honest[who];
        let me = person.me().unwrap();
        match step.a % 3 {
            0 => {
                let nonce = Nonce::from_bytes([fresh as u8; 16]);
                let imported = step.b.is_multiple_of(4).then_some(first_day());
                let act = Act::Assist { helper: me, role: role("elder"), imported, nonce };
                self.assisted.push(MemberId::brought_in_by(person.act(act)));
            }
            1 if !dua_is_here => {
                let device = Device::new(seed);
                let newcomer = role("newcomer");
                let acceptance = device.accepts(person.ledger.group(), &newcomer);
                person.act(Act::Admit { device: acceptance.clone(), role: newcomer.clone() });
                self.accepted.push((acceptance, newcomer));
                let newcomer = Person::new(device, person.all(), person.day);
                self.honest.push(newcomer);
            }
            2 if !dua_is_here => {
                let device = Device::new(seed);
                person.act(Act::AddDevice { device: device.joins(me) });
                let more = Person::new(device, person.all(), person.day);
                self.honest.push(more);
            }
            _ => {}
        }
    }
}
