//! What is wrong with a rule file, where, and what to do about it.

use std::fmt;

/// A place in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// Of what it is part, for example `clause formed.share`; empty outside of all.
    pub part: String,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if self.part.is_empty() { Ok(()) } else { write!(f, " ({})", self.part) }
    }
}

/// Why a text is no rule set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The file is too long.
    #[error("the rule file has {bytes} bytes; {most} is the most. Shorten it.")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// It is no TOML, or has a field too much or too few.
    #[error("{at}: {message}. Compare it with the built-in file, which `rules show` prints.")]
    File {
        /// Where.
        at: At,
        /// What the TOML reader says.
        message: String,
    },
    /// Of something there is too much.
    #[error("{at}: there are too many {what}; {most} is the most. Leave some out.")]
    TooMany {
        /// Where.
        at: At,
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// Brackets in brackets in brackets.
    #[error("{at}: this is nested more than {most} deep. Split it over several clauses.")]
    TooDeep {
        /// Where.
        at: At,
        /// How deep it may be.
        most: usize,
    },
    /// A number of too many digits.
    #[error("{at}: the number has more than {most} digits. Use a smaller one.")]
    TooLarge {
        /// Where.
        at: At,
        /// How many it may have.
        most: usize,
    },
    /// The expression cannot be read on from here.
    #[error("{at}: found {found} where {expected} belongs. Complete or remove it.")]
    Syntax {
        /// Where.
        at: At,
        /// What is there.
        found: String,
        /// What should be.
        expected: &'static str,
    },
    /// A name that means nothing.
    #[error("{at}: nothing is called `{name}` here.{} All names are in the list of `rules show`.",
        nearest.as_ref().map(|name| format!(" Did you mean `{name}`?")).unwrap_or_default())]
    Unknown {
        /// Where.
        at: At,
        /// The name.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A name that means something elsewhere.
    #[error("{at}: `{name}` cannot stand here: {why}.")]
    Misplaced {
        /// Where.
        at: At,
        /// The name.
        name: String,
        /// Why, and where it could.
        why: &'static str,
    },
    /// A number in place of a question, or the other way around.
    #[error(
        "{at}: this is {found}, but {needed} belongs here. A comparison such as `n >= 3` makes \
             a yes or no of numbers."
    )]
    WrongType {
        /// Where.
        at: At,
        /// What is there.
        found: &'static str,
        /// What is needed.
        needed: &'static str,
    },
    /// A threshold that can never, or never not, be reached.
    #[error(
        "{at}: `{name}` lies {range}, so {threshold} is no threshold for it. Choose one within."
    )]
    OutOfRange {
        /// Where.
        at: At,
        /// What is compared.
        name: String,
        /// The threshold.
        threshold: String,
        /// Between what it lies.
        range: &'static str,
    },
    /// Division by nought.
    #[error("{at}: this divides by zero. Choose another divisor.")]
    DivisionByZero {
        /// Where.
        at: At,
    },
    /// A window of no days, or of too many.
    #[error("{at}: `{text}` is no window. Write days such as \"90d\", from 1d to {most}d.")]
    Window {
        /// Where.
        at: At,
        /// What is there.
        text: String,
        /// The longest there may be.
        most: i32,
    },
    /// A name that cannot be one.
    #[error("{at}: `{text}` is no {what}. Write it like `{example}`.")]
    Name {
        /// Where.
        at: At,
        /// What is there.
        text: String,
        /// What it should be.
        what: &'static str,
        /// One that would do.
        example: &'static str,
    },
    /// The same name for two things.
    #[error("{at}: `{name}` is there already. Give one of the two another name.")]
    Twice {
        /// Where the second is.
        at: At,
        /// The name.
        name: String,
    },
    /// Clauses that wait for each other.
    #[error("{at}: these clauses ask for each other: {clauses}. Take one of the links out.")]
    Cycle {
        /// Where the first of them is.
        at: At,
        /// Their ids.
        clauses: String,
    },
    /// Levels or labels of which none, or more than the one, holds anyway.
    #[error("{at}: {rule}.")]
    Otherwise {
        /// Where.
        at: At,
        /// What has to be.
        rule: &'static str,
    },
}
