//! Writing a contract as Markdown.

use super::content::{ContractContent, Goal};
use super::goal_line::{self, GoalLine};
use super::kind::SectionKind;
use super::markdown::with_escape;
use super::written;

/// Writes the contract as Markdown that [`super::Markdown::parse`] reads back. The goals stand in
/// the first section of kind goals; if nobody left one, they get one named “Goals”.
#[must_use]
pub fn render(content: &ContractContent) -> String {
    let mut goals = Some(content.goals.as_slice()).filter(|goals| !goals.is_empty());
    let mut text = format!("# {}\n", written::line(&content.title));
    for section in &content.sections {
        let goals = if section.kind == SectionKind::Goals { goals.take() } else { None };
        write_section(&mut text, &section.heading, section.kind, &section.body, goals);
    }
    if goals.is_some() {
        write_section(&mut text, "Goals", SectionKind::Goals, "", goals);
    }
    text
}

fn write_section(
    text: &mut String,
    heading: &str,
    kind: SectionKind,
    body: &str,
    goals: Option<&[Goal]>,
) {
    text.push_str(&format!("\n## {} {{#{kind}}}\n", written::line(heading)));
    let body = written::body(body);
    if !body.is_empty() {
        for line in body.split('\n') {
            text.push_str(&with_escape(line, kind == SectionKind::Goals));
            text.push('\n');
        }
        if goals.is_some() {
            text.push('\n');
        }
    }
    for goal in goals.unwrap_or_default() {
        let line = GoalLine {
            text: written::line(&goal.text),
            measure: goal.measure.as_deref().map(written::line).filter(|text| !text.is_empty()),
            due: goal.due,
            state: goal.state,
        };
        text.push_str(&goal_line::write(&line));
        text.push('\n');
    }
}
