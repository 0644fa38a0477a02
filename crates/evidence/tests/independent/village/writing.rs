//! The contract: written by several, adopted again and again, with goals that fall due.

use copact_core::act::Act;
use copact_core::change::Origin;
use copact_core::contract::{self, ContractContent, EditError, Editor};
use copact_core::entry::{GoalState, Record};
use copact_core::envelope::Content;
use copact_core::ids::PartId;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_core::views::Views;
use copact_tests::group::first_day;

use super::{Course, Village};

/// What gets into texts: list markers and what looks like them, white space and what cannot be
/// seen.
const PIECES: [&str; 12] = [
    "\n- Everyone has something to give.\n- And something to get.",
    "\n\nWe meet on the second Tuesday.",
    "\n1. First we ask.\n2) Then we do.\n1234567890. No item.",
    "\n   * indented item of a list\n*no item",
    "\n\u{200b}\n\u{ad}\u{fe0f}\nafter a line that cannot be seen",
    " \u{1f33b}\u{fe0f} sun\u{2060}flower\u{a0}hall\u{3000}",
    "\n\n+ plus\n+\n-",
    " Wir schreiben auf Deutsch, ὁμοῦ, 一緒に.",
    " ten chars!",
    " nine chrs",
    "\n\t- after a tab\n\u{a0}- after a hard space",
    " A change to this agreement needs two thirds of us to sign it.",
];

/// Measures of goals, some of which are trends.
const MEASURES: [&str; 6] =
    ["minutes", "attendances", "H3", "meals that were shared", "net_joins", "R6"];

impl Village {
    pub(super) fn write_first(&mut self) {
        let due: Vec<String> = (0..3)
            .map(|at| first_day().plus(20 + at * 45 + self.draw.between(0, 25)).to_string())
            .collect();
        let measures: Vec<&str> = (0..4).map(|_| self.draw.pick(&MEASURES).unwrap()).collect();
        let purpose = if self.draw.one_in(85) { "Nobody goes without company." } else { "Tea." };
        let who = if self.draw.one_in(85) { "We live or work around Mill Creek." } else { "Us." };
        let markdown = format!(
            "# Mill Creek\n\n## Who {{#identity}}\n{who}\n\n\
             ## Why {{#purpose}}\n{purpose}\n\n## Rules {{#rules}}\n- We decide together.\n\n\
             ## Goals {{#goals}}\nWhat we want.\n\
             - [ ] Rides (measure: {}) (due: {})\n- [ ] Meals (measure: {}) (due: {})\n\
             - [ ] Songs (measure: {}) (due: {})\n- [ ] Walks (measure: {})\n",
            measures[0], due[0], measures[1], due[1], measures[2], due[2], measures[3],
        );
        if self.awry(25) {
            self.by(0).map(|person| {
                let content = copact_core::contract::Markdown::parse(&markdown).unwrap();
                let mut number = 0;
                let mut ids = || {
                    number += 1;
                    PartId::from_bytes([number; 8])
                };
                person.edit(Origin::Imported, |editor| {
                    contract::apply_markdown(editor, &content, &mut ids).map(drop)
                })
            });
        } else {
            self.by(0).map(|person| person.write_contract(&markdown));
        }
    }

    pub(super) fn write_and_adopt(&mut self, month: i32) {
        let edits = match self.course {
            Course::Model if month == 0 => i32::try_from(self.signers.len()).unwrap() + 1,
            Course::Idle => i32::from(self.draw.one_in(30)),
            _ if month == 0 => self.draw.between(1, 5),
            _ => i32::from(self.draw.one_in(25)),
        };
        for at in 0..edits {
            let who = if month == 0 {
                Some(usize::try_from(at).unwrap() % self.signers.len())
            } else {
                self.somebody()
            };
            who.into_iter().for_each(|who| self.edit(who));
        }
        let percent = match self.course {
            Course::Model | Course::Growing => 100,
            Course::Idle => 25,
            _ => 60,
        };
        if (edits > 0 && month > 0 || month == 1) && self.draw.one_in(percent) {
            self.day += 1;
            self.adopt();
        }
        self.speak_of_goals();
    }

    fn content(&self) -> ContractContent {
        Views::of(&self.one.ledger).contract_content(None)
    }

    fn edit(&mut self, who: usize) {
        let Some(section) = self.draw.pick(&self.content().sections) else { return };
        let mut body = section.body;
        if self.awry(20) {
            let keep = usize::try_from(self.draw.next(60)).unwrap();
            body = body.chars().take(keep).collect();
        }
        let least = if self.course == Course::Model { 4 } else { 1 };
        for _ in 0..self.draw.between(least, least + 2) {
            let piece = self.draw.pick(&PIECES).unwrap();
            // Into the middle of what others wrote, or after it.
            let scalars: Vec<char> = body.chars().collect();
            let at = if self.draw.one_in(30) { scalars.len() / 2 } else { scalars.len() };
            body =
                [scalars[..at].iter().collect(), piece.to_owned(), scalars[at..].iter().collect()]
                    .concat();
        }
        let write = |editor: &mut Editor| -> Result<(), EditError> {
            contract::edit_section(editor, section.id, &body).map(drop)
        };
        let elder = self.draw.pick(&self.assisted.clone()).filter(|_| self.draw.one_in(30));
        let Some((member, helper)) = elder else {
            let origin = if self.awry(8) { Origin::Imported } else { Origin::Own };
            self.by(who).map(|person| person.edit(origin, write));
            return;
        };
        let changes = self.by(helper).map(|person| person.edit(Origin::For(member), write));
        for change in changes.into_iter().flatten() {
            if self.draw.one_in(65)
                && let Some(who) = self.somebody()
            {
                self.by(who).map(|person| person.entry(Record::Confirm(change)));
            }
        }
    }

    /// The draft is signed, by some later than by others, and by some no more.
    fn adopt(&mut self) {
        let Some(draft) = self.one.draft() else { return };
        let proposal = Proposal::new(Matter::Ratify(draft));
        let yes = if self.awry(15) { 55 } else { 97 };
        self.decide(&proposal, yes);
        self.day += self.draw.between(0, 3);
        for who in self.some(20) {
            let word = if self.awry(40) { AnswerWord::No } else { AnswerWord::Yes };
            self.by(who).map(|person| person.answer(&proposal, word));
        }
        for (member, helper) in self.assisted.clone() {
            if self.draw.one_in(30) {
                let said = self
                    .by(helper)
                    .map(|one| one.answer_for(Some(member), &proposal, AnswerWord::Yes));
                if let Some((said, who)) = said.zip(self.somebody()) {
                    let confirm = Content::Act(Act::Confirm { act: said });
                    self.by(who).map(|person| person.write(confirm, &[said]));
                }
            }
        }
    }

    fn speak_of_goals(&mut self) {
        for goal in self.content().goals {
            let percent = self.likely(35);
            if !self.draw.one_in(percent) {
                continue;
            }
            let Some(who) = self.somebody() else { return };
            let state = if self.draw.one_in(75) { GoalState::Done } else { GoalState::Open };
            let record = Record::Goal { goal: goal.id, state };
            let other = self.anybody();
            let for_another = self.draw.one_in(10);
            let said = self.by(who).map(|person| {
                if for_another { person.entry_for(other, record) } else { person.entry(record) }
            });
            for by in self.some(60) {
                said.map(|said| self.by(by).map(|person| person.entry(Record::Confirm(said))));
            }
        }
    }
}
