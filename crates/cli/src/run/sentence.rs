//! One sentence for each entry of the log.

use std::collections::BTreeMap;

use copact_core::ids::EnvelopeId;
use copact_core::views::{CorrectedRow, EntryRow, Fields, ForWhom, OnWhat};
use copact_node::group::Group;

use super::{Names, nameless, number};
use crate::output::{count, date, duration, short};

/// What is needed to speak of entries: what they are about has a name, too.
pub(super) struct Teller {
    names: Names,
    titles: BTreeMap<EnvelopeId, String>,
    goals: BTreeMap<String, String>,
}

impl Teller {
    pub(super) fn of(group: &Group, rows: &[EntryRow]) -> Self {
        let names = Names::of(group);
        let titles = rows.iter().filter_map(|row| Some((row.id, noun(row)?))).collect();
        let goals = group.goals().into_iter().map(|goal| (goal.id.to_string(), goal.text));
        Self { names, titles, goals: goals.collect() }
    }

    /// What happened, e.g. `Ann tapped in at “Spring meeting”`.
    pub(super) fn tell(&self, row: &EntryRow) -> String {
        let who = row.on_behalf_of.or(row.author);
        let who = who.map_or_else(|| "somebody".to_owned(), |member| self.names.name(member));
        let said = self.said(row, &who);
        match (row.on_behalf_of, row.author) {
            (Some(_), Some(author)) => {
                format!("{said} (recorded by {})", self.names.name(author))
            }
            _ => said,
        }
    }

    fn said(&self, row: &EntryRow, who: &str) -> String {
        match &row.fields {
            Fields::Meeting { title, headcount: Some(people), .. } => format!(
                "{who} counted {} at {} of {}",
                count(u64::from(*people), "person", "people"),
                quoted(title.as_deref(), "a meeting"),
                date(row.date)
            ),
            Fields::Meeting { title, imported, .. } => {
                let verb = if *imported { "took over" } else { "recorded" };
                let title = quoted(title.as_deref(), "a meeting");
                format!("{who} {verb} the meeting {title} of {}", date(row.date))
            }
            Fields::OfMeeting { meeting } => {
                let verb = if row.kind == "open" { "opened" } else { "closed" };
                format!("{who} {verb} {}", self.named(*meeting))
            }
            Fields::Tap { meeting, imported: true, .. } => {
                format!("{who} was at {}, says a list", self.named(*meeting))
            }
            Fields::Tap { meeting, .. } => format!("{who} tapped in at {}", self.named(*meeting)),
            Fields::Attest { entries } => self.attested(who, entries),
            Fields::Contribution { what, minutes, beneficiary, on, .. } => {
                let whom = self.for_whom(beneficiary);
                let what = quoted(what.as_deref(), "work");
                let on = on.as_ref().map_or_else(String::new, |on| self.on(on));
                format!("{who} gave {}{whom}: {what}{on}", duration(u64::from(*minutes)))
            }
            Fields::OfEntry { entry } => {
                let verb = if row.kind == "confirm" { "confirmed" } else { "refused" };
                format!("{who} {verb} {}", self.named(*entry))
            }
            Fields::Dispute { entry, reason } => {
                format!("{who} disputed {}{}", self.named(*entry), because(reason.as_deref()))
            }
            Fields::Correction { entry, fields, same_as, reason } => {
                let change = self.correction(fields.as_ref(), *same_as);
                let because = because(reason.as_deref());
                format!("{who} corrected {}: {change}{because}", self.named(*entry))
            }
            Fields::Goal { goal, state } => {
                let id = goal.to_string();
                let goal = quoted(self.goals.get(&id).map(String::as_str), short(&id));
                format!("{who} said that the goal {goal} is {state}")
            }
            Fields::Text { text } => {
                let verb = if row.kind == "task" { "wrote down the task" } else { "noted" };
                format!("{who} {verb} {}", quoted(text.as_deref(), "something since erased"))
            }
            Fields::Anchor { key } => {
                format!("{who} added an outsider’s anchor, of key {}", short(&key.to_string()))
            }
            Fields::Permission { purpose, granted } => {
                let verb = if *granted { "permitted" } else { "did not permit" };
                format!("{who} {verb} “{purpose}”")
            }
        }
    }

    fn attested(&self, who: &str, entries: &[EnvelopeId]) -> String {
        match entries {
            [one] => format!("{who} attested {}", self.named(*one)),
            several => {
                let several = count(number(several.len()), "entry", "entries");
                format!("{who} attested {several}")
            }
        }
    }

    fn correction(&self, fields: Option<&CorrectedRow>, same: Option<EnvelopeId>) -> String {
        let Some(fields) = fields else {
            let same = same.map_or_else(|| "another".to_owned(), |other| self.named(other));
            return format!("it is the same as {same}");
        };
        let all = [
            fields.text.as_ref().map(|text| format!("“{text}”")),
            fields.minutes.map(|minutes| duration(u64::from(minutes))),
            fields.beneficiary.as_ref().map(|whom| self.for_whom(whom).trim_start().to_owned()),
            fields.on.as_ref().map(|on| self.on(on).trim_start().to_owned()),
            fields.phase.map(|phase| format!("phase {phase}")),
            fields.day.map(date),
            fields.headcount.map(|people| count(u64::from(people), "person", "people")),
        ];
        all.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn for_whom(&self, whom: &ForWhom) -> String {
        match whom {
            ForWhom::Member(member) => format!(" for {}", self.names.name(*member)),
            ForWhom::Word("group") => String::new(),
            ForWhom::Word(_) => " for somebody outside".to_owned(),
        }
    }

    fn on(&self, on: &OnWhat) -> String {
        match on {
            OnWhat::Meeting(id) | OnWhat::Task(id) => format!(" on {}", self.named(*id)),
            OnWhat::Goal(goal) => {
                let id = goal.to_string();
                format!(" on {}", quoted(self.goals.get(&id).map(String::as_str), short(&id)))
            }
        }
    }

    pub(super) fn named(&self, id: EnvelopeId) -> String {
        self.titles.get(&id).cloned().unwrap_or_else(|| {
            // Words in the contract and signatures are confirmed by id, too.
            format!("record {}", short(&id.to_string()))
        })
    }
}

/// How other sentences name this entry.
fn noun(row: &EntryRow) -> Option<String> {
    let who = || {
        let (id, name) = match row.on_behalf_of {
            Some(member) => (Some(member), row.on_behalf_of_name.clone()),
            None => (row.author, row.author_name.clone()),
        };
        let name = name.or_else(|| id.map(nameless));
        name.unwrap_or_else(|| "somebody".to_owned())
    };
    Some(match &row.fields {
        Fields::Meeting { title, .. } => {
            quoted(title.as_deref(), &format!("a meeting of {}", date(row.date)))
        }
        Fields::Tap { .. } => format!("{}’s tap of {}", who(), date(row.date)),
        Fields::Contribution { what, .. } => {
            format!("{}’s work {}", who(), quoted(what.as_deref(), short(&row.id.to_string())))
        }
        Fields::Text { text } => quoted(text.as_deref(), short(&row.id.to_string())),
        _ => return None,
    })
}

fn quoted(text: Option<&str>, otherwise: &str) -> String {
    text.map_or_else(|| otherwise.to_owned(), |text| format!("“{text}”"))
}

fn because(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(" (“{reason}”)"))
}
