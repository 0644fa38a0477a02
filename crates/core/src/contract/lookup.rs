//! Finding a section or goal by what people type.

use super::content::{ContractContent, Goal, Section};
use super::written;
use crate::ids::PartId;

/// Why a section or goal was not found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// None is called that.
    #[error("the contract has no {what} “{typed}”; {choices}")]
    Unknown {
        /// Section or goal.
        what: &'static str,
        /// What was typed.
        typed: String,
        /// A sentence that lists all.
        choices: String,
    },
    /// Several are.
    #[error("“{typed}” is more than one {what}; {choices}")]
    Ambiguous {
        /// Section or goal.
        what: &'static str,
        /// What was typed.
        typed: String,
        /// A sentence that lists those.
        choices: String,
    },
}

impl ContractContent {
    /// The section of that id, kind, heading (whatever its case), or unique beginning of an id.
    ///
    /// # Errors
    /// None, or several.
    pub fn find_section(&self, typed: &str) -> Result<&Section, LookupError> {
        let word = typed.trim().to_lowercase();
        let name = |section: &Section| {
            let heading = written::line(&section.heading);
            format!("“{heading}” ({}, {})", section.kind, section.id)
        };
        find(
            "section",
            &self.sections,
            typed,
            name,
            |section| section.id,
            |section| {
                section.kind.word() == word
                    || written::line(&section.heading).to_lowercase() == word
            },
        )
    }

    /// The goal of that id, text (whatever its case), or unique beginning of an id or text.
    ///
    /// # Errors
    /// None, or several.
    pub fn find_goal(&self, typed: &str) -> Result<&Goal, LookupError> {
        let word = typed.trim().to_lowercase();
        let text = |goal: &Goal| written::line(&goal.text).to_lowercase();
        let name = |goal: &Goal| format!("“{}” ({})", written::line(&goal.text), goal.id);
        let exact = self.goals.iter().any(|goal| text(goal) == word);
        find(
            "goal",
            &self.goals,
            typed,
            name,
            |goal| goal.id,
            |goal| {
                text(goal) == word || (!exact && !word.is_empty() && text(goal).starts_with(&word))
            },
        )
    }
}

fn find<'a, T>(
    what: &'static str,
    parts: &'a [T],
    typed: &str,
    name: impl Fn(&T) -> String,
    id: impl Fn(&T) -> PartId,
    called: impl Fn(&T) -> bool,
) -> Result<&'a T, LookupError> {
    let hex = typed.trim().to_lowercase();
    if let Some(part) = parts.iter().find(|part| id(part).to_string() == hex) {
        return Ok(part);
    }
    let mut found: Vec<&T> = parts.iter().filter(|part| called(part)).collect();
    if found.is_empty() && !hex.is_empty() {
        found = parts.iter().filter(|part| id(part).to_string().starts_with(&hex)).collect();
    }
    let typed = typed.trim().chars().take(60).collect();
    match found.as_slice() {
        [] => Err(LookupError::Unknown { what, typed, choices: choices(parts.iter().map(name)) }),
        [part] => Ok(part),
        several => {
            let choices = choices(several.iter().map(|part| name(part)));
            Err(LookupError::Ambiguous { what, typed, choices })
        }
    }
}

fn choices(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return "it has none so far".to_owned();
    }
    format!("choose one of {}", names.join(", "))
}
