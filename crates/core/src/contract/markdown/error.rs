//! What can be wrong with a contract file.

use crate::day::DayError;

/// What is wrong with a contract file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The sentences say what the fields are.
pub enum MarkdownError {
    #[error("the file is {bytes} bytes long; at most {limit} fit, so shorten it")]
    TooBig { bytes: usize, limit: usize },
    #[error(
        "line {line} has an invisible or text-reordering character (U+{code:04X}); \
         remove that character"
    )]
    Hidden { line: usize, code: u32 },
    #[error("line {line}: the contract has no title; let it begin with a line like “# Our name”")]
    NoTitle { line: usize },
    #[error("line {line}: a second title; write “## ” for a section, or “\\# ” for plain text")]
    SecondTitle { line: usize },
    #[error("line {line}: text before the first section; put a line like “## Purpose” above it")]
    TextBeforeHeading { line: usize },
    #[error(
        "line {line}: “{word}” is no kind of section; write {{#identity}}, {{#purpose}}, \
         {{#principles}}, {{#rules}}, {{#goals}} or {{#other}}"
    )]
    UnknownKind { line: usize, word: String },
    #[error("line {line}: a section without a heading; write its name after “## ”")]
    EmptyHeading { line: usize },
    #[error("line {line}: the heading is {bytes} bytes long; at most {limit} fit, so shorten it")]
    HeadingTooLong { line: usize, bytes: usize, limit: usize },
    #[error(
        "line {line}: the text of this section is {bytes} bytes long; at most {limit} fit, \
         so shorten it or make two sections of it"
    )]
    BodyTooLong { line: usize, bytes: usize, limit: usize },
    #[error("line {line}: more than {limit} sections; join some of them")]
    TooManySections { line: usize, limit: usize },
    #[error("line {line}: more than {limit} goals; leave some out")]
    TooManyGoals { line: usize, limit: usize },
    #[error("line {line}: a goal without words; write what it is after the box, or drop the line")]
    EmptyGoal { line: usize },
    #[error("line {line}: {what} is {bytes} bytes long; at most {limit} fit, so shorten it")]
    GoalTooLong { line: usize, what: &'static str, bytes: usize, limit: usize },
    #[error("line {line}: {error}")]
    BadDue { line: usize, error: DayError },
}
