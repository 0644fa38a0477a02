//! Lines that mean something, and the backslash that takes it from them.

use crate::contract::goal_line;

/// The level and text of a heading line.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let marks = line.trim_start_matches(' ');
    let rest = marks.trim_start_matches('#');
    let level = marks.len() - rest.len();
    let fits = line.len() - marks.len() <= 3 && (1..=6).contains(&level);
    (fits && (rest.is_empty() || rest.starts_with([' ', '\t']))).then(|| (level, rest.trim()))
}

/// The backslashes that keep a line of the body from being read as a heading or goal: the line
/// split at them, if it would be read as one without them.
fn escapes(line: &str, with_goals: bool) -> Option<(&str, &str)> {
    let marks = line.trim_start_matches(' ');
    let (indent, rest) = line.split_at_checked(line.len() - marks.len())?;
    let bare = rest.trim_start_matches('\\');
    let title = matches!(heading(bare), Some((1 | 2, _)));
    let goal = with_goals && goal_line::item(bare).is_some();
    (indent.len() <= 3 && !bare.starts_with(' ') && (title || goal)).then_some((indent, rest))
}

pub(super) fn without_escape(line: &str, with_goals: bool) -> String {
    match escapes(line, with_goals) {
        Some((indent, rest)) => format!("{indent}{}", rest.strip_prefix('\\').unwrap_or(rest)),
        None => line.to_owned(),
    }
}

/// A line of a body as it stands in the file.
pub(crate) fn with_escape(line: &str, with_goals: bool) -> String {
    match escapes(line, with_goals) {
        Some((indent, rest)) => format!("{indent}\\{rest}"),
        None => line.to_owned(),
    }
}
