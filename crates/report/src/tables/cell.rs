//! Cells, and what a spreadsheet must not run.

use std::borrow::Cow;

use copact_core::day::Day;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A missing value.
    Missing,
    /// Words, which are neutralised.
    Text(String),
    /// A count.
    Count(u64),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Day),
}

impl Cell {
    pub(super) fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() { Self::Missing } else { Self::Text(words) }
    }

    pub(super) fn place(number: usize) -> Self {
        Self::Count(u64::try_from(number).unwrap_or(u64::MAX))
    }

    pub(super) fn or<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Missing, cell)
    }

    /// As it is written. A number that is none (which no report has) is missing.
    pub(super) fn written(&self) -> Cow<'_, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Text(words) => neutral(words),
            Self::Count(number) => number.to_string().into(),
            Self::Whole(number) => number.to_string().into(),
            Self::Number(number) if number.is_finite() => number.to_string().into(),
            Self::Number(_) => Cow::Borrowed(""),
            Self::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Day(day) => day.to_string().into(),
        }
    }
}

/// Text that a spreadsheet takes as text: what begins like a formula has an apostrophe before it.
/// So has what begins with an apostrophe, so that taking one away gives the text back.
fn neutral(words: &str) -> Cow<'_, str> {
    let runs = |first: char| {
        matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\'')
            || matches!(first, '＝' | '＋' | '－' | '＠')
    };
    if words.starts_with(runs) { format!("'{words}").into() } else { words.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks when: a cell that a spreadsheet runs is written as it is, or a number is not.
    #[test]
    fn text_that_runs_is_neutralised_and_numbers_are_not() {
        for words in ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "\na", "＝1", "－1", "'=1"] {
            assert_eq!(Cell::text(words).written(), format!("'{words}"));
        }
        for words in ["a=1", " =1", "1", "−Σ p", "1 − G"] {
            assert_eq!(Cell::text(words).written(), words);
        }
        assert_eq!(Cell::Number(-0.25).written(), "-0.25");
        assert_eq!(Cell::Number(1e-12).written(), "0.000000000001");
        assert_eq!(Cell::Number(f64::NAN).written(), "");
        assert_eq!(Cell::Whole(-3).written(), "-3");
        assert_eq!(Cell::text(""), Cell::Missing);
    }
}
