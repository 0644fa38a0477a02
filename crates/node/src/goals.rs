//! Tasks and goals: what is to be done, and where it stands.

use copact_core::entry::{GoalState, Occasion, Record};
use copact_core::ids::{EnvelopeId, MemberId, PartId};
use serde::Serialize;

use crate::error::Result;
use crate::find::{Choice, pick};
use crate::group::Group;
use crate::people::Written;

/// One task.
#[derive(Clone, Debug, Serialize)]
pub struct TaskRow {
    /// The entry.
    pub id: EnvelopeId,
    /// What is to be done.
    pub text: Option<String>,
    /// Who wrote it down.
    pub author: Option<MemberId>,
    /// How many contributions were made to it.
    pub contributions: usize,
    /// Their minutes together, confirmed or not.
    pub minutes: u32,
}

/// One goal, as the draft has it and the log last says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GoalRow {
    /// The goal.
    pub id: PartId,
    /// Its text.
    pub text: String,
    /// How it is measured.
    pub measure: Option<String>,
    /// When it is due.
    pub due: Option<String>,
    /// Where it stands.
    pub state: String,
}

impl Group {
    /// Writes down a task.
    ///
    /// # Errors
    /// The text is none.
    pub fn new_task(&mut self, text: &str, behalf: Option<&str>) -> Result<Written> {
        self.text_entry(text, behalf, Record::Task)
    }

    /// The tasks, with the work done on each.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskRow> {
        let views = self.views();
        let journal = views.journal();
        let mut rows: Vec<TaskRow> = Vec::new();
        for place in &journal.entries {
            let Some(at) = self.ledger().at(*place) else { continue };
            match at.entry().map(|entry| &entry.record) {
                Some(Record::Task(text)) if !journal.refused.contains(place) => {
                    let text = journal.effective(self.ledger(), *place).text.unwrap_or(*text);
                    let author = journal.authors.get(place);
                    rows.push(TaskRow {
                        id: at.id(),
                        text: self.text(text),
                        author: author.and_then(|author| views.standing.id(*author)),
                        contributions: 0,
                        minutes: 0,
                    });
                }
                Some(Record::Contribution(one)) if !journal.refused.contains(place) => {
                    let now = journal.effective(self.ledger(), *place);
                    let on = now.on.or_else(|| one.on.clone());
                    let Some(Occasion::Task(task)) = on else { continue };
                    if let Some(row) = rows.iter_mut().find(|row| row.id == task) {
                        row.contributions += 1;
                        row.minutes += u32::from(now.minutes.unwrap_or(one.minutes).get());
                    }
                }
                _ => {}
            }
        }
        rows
    }

    /// The goals of the contract's draft.
    #[must_use]
    pub fn goals(&self) -> Vec<GoalRow> {
        let views = self.views();
        let content = views.contract_content(None);
        self.goal_rows(&content)
    }

    /// The goals of some version, with what the log last says about each.
    #[must_use]
    pub fn goal_rows(&self, content: &copact_core::contract::ContractContent) -> Vec<GoalRow> {
        let said = self.goal_states();
        let rows = content.goals.iter().map(|goal| GoalRow {
            id: goal.id,
            text: goal.text.clone(),
            measure: goal.measure.clone(),
            due: goal.due.as_ref().map(ToString::to_string),
            state: said.get(&goal.id).map_or(goal.state.word(), |state| state.word()).to_owned(),
        });
        rows.collect()
    }

    /// The last entry on each goal, in canonical order.
    fn goal_states(&self) -> std::collections::BTreeMap<PartId, GoalState> {
        let views = self.views();
        let mut states = std::collections::BTreeMap::new();
        for place in &views.journal().entries {
            if let Some(Record::Goal { goal, state }) =
                self.ledger().at(*place).and_then(|at| at.entry()).map(|entry| &entry.record)
            {
                states.insert(*goal, *state);
            }
        }
        states
    }

    /// Says where a goal stands.
    ///
    /// # Errors
    /// No such goal.
    pub fn goal_state(
        &mut self,
        typed: &str,
        state: GoalState,
        behalf: Option<&str>,
    ) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let all = self.goals().into_iter().map(|row| Choice {
            value: row.id,
            id: row.id.to_string(),
            name: Some(row.text),
        });
        let goal = pick("goal", ["unknown_goal", "ambiguous_goal"], typed, all.collect())?;
        let id = self.write_entry(on_behalf_of, Record::Goal { goal, state })?;
        self.save()?;
        Ok(Written { id })
    }
}
