//! What a village decides.

use copact_core::act::Act;
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::ledger::Placed;
use copact_core::proposal::{AnswerWord, Proposal};
use copact_core::quarter::Quarter;
use copact_tests::decisions::{instead_of, policy, quarter};
use copact_tests::group::{first_day, words};

use super::Village;

impl Village {
    /// Most answer, so many per cent of them with yes, and whoever can enacts it. The assisted
    /// answer by their helpers, which another confirms.
    pub(super) fn decide(&mut self, proposal: &Proposal, yes: u64) {
        for who in self.some(90) {
            let word = self.word(yes);
            self.by(who).map(|person| person.answer(proposal, word));
        }
        for (member, helper) in self.assisted.clone() {
            if self.draw.one_in(60) {
                let word = self.word(yes);
                self.answer_for(member, helper, proposal, word);
            }
        }
        if let Some(who) = self.somebody() {
            self.by(who).map(copact_tests::person::Person::enact);
        }
    }

    fn word(&mut self, yes: u64) -> AnswerWord {
        if self.draw.one_in(yes) {
            AnswerWord::Yes
        } else if self.draw.one_in(50) {
            AnswerWord::No
        } else {
            AnswerWord::Abstain
        }
    }

    fn answer_for(&mut self, member: MemberId, helper: usize, what: &Proposal, word: AnswerWord) {
        let Some(said) = self.by(helper).map(|one| one.answer_for(Some(member), what, word)) else {
            return;
        };
        if self.draw.one_in(70)
            && let Some(who) = self.somebody()
        {
            let confirm = Content::Act(Act::Confirm { act: said });
            self.by(who).map(|person| person.write(confirm, &[said]));
        }
    }

    pub(super) fn decide_things(&mut self, month: i32) {
        for _ in 0..self.draw.between(0, 2) {
            let percent = self.likely(60);
            if self.draw.one_in(percent) {
                self.decide_a_text();
            }
        }
        if self.awry(4) {
            let share = self.draw.pick(&["1/2", "2/3", "3/4"]).unwrap();
            self.decide(&policy(share), 95);
        }
        if month % 3 == 0 && month > 2 && self.draw.one_in(35) {
            self.close_a_quarter();
        }
    }

    fn decide_a_text(&mut self) {
        let Some(who) = self.somebody() else { return };
        let number = self.fresh();
        let last_day = first_day().plus(self.day + self.draw.between(-1, 40));
        let elder = self.draw.pick(&self.assisted.clone()).filter(|_| self.draw.one_in(30));
        let (by, on_behalf_of) = elder.map_or((who, None), |(member, by)| (by, Some(member)));
        let mut proposal = words(number);
        if self.draw.one_in(15) {
            proposal = instead_of(words(number.wrapping_sub(1)).id(), proposal);
        }
        let propose =
            Act::Propose { proposal: proposal.clone(), reason: None, last_day, on_behalf_of };
        if !self.awry(15) {
            self.by(by).map(|person| person.act(propose.clone()));
        }
        let yes = if self.draw.one_in(75) { 92 } else { 40 };
        self.decide(&proposal, yes);
        // Some say something else later, or after it was closed.
        self.day += self.draw.between(0, 2);
        for who in self.some(15) {
            let word = self.word(50);
            self.by(who).map(|person| person.answer(&proposal, word));
        }
        if self.awry(10)
            && let Some(who) = self.somebody()
        {
            self.by(who).map(|person| person.act(propose));
        }
    }

    /// A quarter that is over, with what is known of it.
    fn close_a_quarter(&mut self) {
        let of = Quarter::of(first_day().plus(self.day - self.draw.between(30, 120)));
        let ledger = &self.one.ledger;
        let heads = ledger.heads().filter_map(|place| ledger.at(place)).map(Placed::id);
        let heads: Vec<EnvelopeId> = heads.take(20).collect();
        self.decide(&quarter(of, &heads), 97);
    }
}
