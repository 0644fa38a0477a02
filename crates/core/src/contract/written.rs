//! The form in which text of the document is written out for people.
//!
//! Two people's edits can merge into text that nobody could have typed: blank lines around a body,
//! a letter and its accent as two scalars. The written form undoes that, and shows a character
//! that hides or reorders others as `\u{FFFD}`. It is what parsing the written text gives back.

use unicode_normalization::UnicodeNormalization;

use crate::text::hides;

/// A title, heading, goal or measure: one line without white space around it.
pub(super) fn line(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if hides(c, false) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .nfc()
        .collect();
    shown.trim().to_owned()
}

/// A section's body: no blank lines around it.
pub(super) fn body(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if hides(c, true) { char::REPLACEMENT_CHARACTER } else { c })
        .nfc()
        .collect();
    without_outer_blank_lines(&shown)
}

/// Drops the lines of nothing but white space before the first and after the last other line.
pub(super) fn without_outer_blank_lines(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let seen = |line: &&str| !line.trim().is_empty();
    let (Some(first), Some(last)) = (lines.iter().position(seen), lines.iter().rposition(seen))
    else {
        return String::new();
    };
    lines.get(first..=last).unwrap_or_default().join("\n")
}
