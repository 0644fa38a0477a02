//! The file: its fields, and the places in it.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::error::{At, RuleError};

/// The longest file, in bytes; checked before anything is read.
pub(super) const BYTES: usize = 64 * 1024;
/// The most clauses, and the most definitions, levels and labels.
pub(super) const CLAUSES: usize = 64;
/// The longest window, in days.
pub(super) const DAYS: i32 = 3660;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) format: Spanned<i64>,
    pub(super) name: Spanned<String>,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) window: Spanned<String>,
    #[serde(default)]
    pub(super) define: Vec<Define>,
    pub(super) clause: Vec<Rule>,
    pub(super) level: Vec<Tier>,
    pub(super) label: Vec<Tier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Define {
    pub(super) name: Spanned<String>,
    pub(super) of: Spanned<String>,
    pub(super) means: String,
    pub(super) test: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) id: Spanned<String>,
    pub(super) asks: String,
    pub(super) next: String,
    pub(super) source: String,
    pub(super) window: Option<Spanned<String>>,
    pub(super) test: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub(super) name: Spanned<String>,
    pub(super) means: String,
    pub(super) test: Option<Spanned<String>>,
}

/// Reads the fields.
pub(super) fn read(text: &str) -> Result<File, RuleError> {
    if text.len() > BYTES {
        return Err(RuleError::TooLong { bytes: text.len(), most: BYTES });
    }
    toml::from_str(text).map_err(|error| {
        let message = error.message().trim().trim_end_matches('.').replace('\n', ", ");
        let message = clipped(&message, 300);
        RuleError::File { at: at(text, error.span().unwrap_or_default().start, ""), message }
    })
}

/// The place of a byte.
pub(super) fn at(text: &str, byte: usize, part: &str) -> At {
    let before: String =
        text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, one)| one).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    At { line, column, part: part.to_owned() }
}

/// Where the text of a string begins, behind its quotes.
pub(super) fn inside(text: &str, span: &Range<usize>) -> usize {
    let written = text.get(span.clone()).unwrap_or_default();
    let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
    let rest = written.get(quotes..).unwrap_or_default();
    let line = if quotes == 1 {
        0
    } else if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(rest.starts_with('\n'))
    };
    span.start + quotes + line
}

/// Days of a window such as "90d".
pub(super) fn window(text: &str, given: &Spanned<String>, part: &str) -> Result<i32, RuleError> {
    let written = given.get_ref();
    let digits = written
        .strip_suffix('d')
        .filter(|digits| digits.len() <= 4 && digits.bytes().all(|one| one.is_ascii_digit()));
    let days = digits.and_then(|digits| digits.parse().ok());
    days.filter(|days| (1..=DAYS).contains(days)).ok_or_else(|| RuleError::Window {
        at: at(text, given.span().start, part),
        text: short(written),
        most: DAYS,
    })
}

/// A name as it is shown.
pub(super) fn short(text: &str) -> String {
    clipped(text, 40)
}

/// The first characters, so that no sentence grows with what is wrong, nor moves the cursor.
fn clipped(text: &str, characters: usize) -> String {
    let visible = |one: char| if one.is_control() { '\u{fffd}' } else { one };
    let mut first: String = text.chars().take(characters).map(visible).collect();
    if text.chars().nth(characters).is_some() {
        first.push('…');
    }
    first
}
