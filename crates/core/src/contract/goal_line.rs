//! A goal as a list item: `- [ ] text (measure: …) (due: 2026-06-30)`.
//!
//! `[ ]` is open, `[x]` done, `[-]` dropped. A backslash takes the meaning from a parenthesis or
//! from another backslash, so that any text and measure can be written.

use crate::day::{Day, DayError};
use crate::entry::GoalState;

/// What one list item says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GoalLine {
    pub text: String,
    pub measure: Option<String>,
    pub due: Option<Day>,
    pub state: GoalState,
}

/// The state and the rest of a line that is a goal's list item.
pub(super) fn item(line: &str) -> Option<(GoalState, &str)> {
    let mark = line.trim_start_matches(' ');
    if line.len() - mark.len() > 3 {
        return None;
    }
    let boxed = mark.strip_prefix(['-', '*', '+'])?.strip_prefix(" [")?;
    let mut rest = boxed.chars();
    let state = match rest.next()? {
        ' ' => GoalState::Open,
        'x' | 'X' => GoalState::Done,
        '-' => GoalState::Dropped,
        _ => return None,
    };
    let rest = rest.as_str().strip_prefix(']')?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some((state, rest.trim()))
}

/// Reads what follows the box.
pub(super) fn read(state: GoalState, written: &str) -> Result<GoalLine, DayError> {
    let mut goal = GoalLine { text: String::new(), measure: None, due: None, state };
    let mut rest = written.trim();
    while let Some((before, inside)) = last_group(rest) {
        if let Some(measure) = named(inside, "measure:").filter(|_| goal.measure.is_none()) {
            goal.measure = Some(unescape(measure.trim()));
        } else if let Some(day) = named(inside, "due:").filter(|_| goal.due.is_none()) {
            goal.due = Some(Day::parse(day.trim())?);
        } else {
            break;
        }
        rest = before.trim_end();
    }
    goal.text = unescape(rest);
    goal.measure = goal.measure.filter(|text| !text.is_empty());
    Ok(goal)
}

/// Writes what [`item`] and [`read`] read. Text and measure are one line each.
pub(super) fn write(goal: &GoalLine) -> String {
    let mark = match goal.state {
        GoalState::Open => ' ',
        GoalState::Done => 'x',
        GoalState::Dropped => '-',
    };
    let mut line = format!("- [{mark}] {}", escape_text(&goal.text));
    if let Some(measure) = &goal.measure {
        line.push_str(&format!(" (measure: {})", escape_measure(measure)));
    }
    if let Some(due) = goal.due {
        line.push_str(&format!(" (due: {due})"));
    }
    line
}

/// The text before a group in parentheses at the end, and what stands in the group.
fn last_group(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0usize;
    for (at, paren) in parentheses(text).into_iter().rev() {
        if depth == 0 && (paren != ')' || at + 1 != text.len()) {
            return None;
        }
        if paren == ')' {
            depth += 1;
            continue;
        }
        depth -= 1;
        if depth == 0 {
            return Some((text.get(..at)?, text.get(at + 1..text.len() - 1)?));
        }
    }
    None
}

/// The parentheses that no backslash stands before, with their byte offsets.
fn parentheses(text: &str) -> Vec<(usize, char)> {
    let mut escaped = false;
    text.char_indices()
        .filter(|&(_, c)| {
            let counts = !escaped && matches!(c, '(' | ')');
            escaped = !escaped && c == '\\';
            counts
        })
        .collect()
}

fn named<'a>(group: &'a str, name: &str) -> Option<&'a str> {
    let group = group.trim_start();
    let start = group.get(..name.len())?;
    if start.eq_ignore_ascii_case(name) { group.get(name.len()..) } else { None }
}

fn escape_text(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = text.get(at + 1..).unwrap_or_default();
        let opens =
            c == '(' && (named(rest, "measure:").is_some() || named(rest, "due:").is_some());
        if c == '\\' || opens {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

fn escape_measure(measure: &str) -> String {
    let measure = measure.replace('\\', "\\\\");
    let mut depth = 0i32;
    let balanced = parentheses(&measure).into_iter().all(|(_, paren)| {
        depth += if paren == '(' { 1 } else { -1 };
        depth >= 0
    });
    if balanced && depth == 0 {
        return measure;
    }
    measure.replace('(', "\\(").replace(')', "\\)")
}

fn unescape(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = rest.next_if(|next| c == '\\' && matches!(next, '\\' | '(' | ')'));
        text.push(escaped.unwrap_or(c));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn parsed(line: &str) -> GoalLine {
        let (state, rest) = item(line).unwrap();
        read(state, rest).unwrap()
    }

    #[test]
    fn measure_and_day_are_taken_off_the_end_in_any_order() {
        let goal = parsed("* [x]  Rides (to the clinic) (Due: 2026-06-30) (measure: rides (all))");
        assert_eq!(goal.text, "Rides (to the clinic)");
        assert_eq!(goal.measure.as_deref(), Some("rides (all)"));
        assert_eq!(goal.due, Some(Day::parse("2026-06-30").unwrap()));
        assert_eq!(goal.state, GoalState::Done);
        assert_eq!(parsed("- [-] A (measure: ) b").text, "A (measure: ) b");
        assert_eq!(parsed("- [ ] A (measure: )").measure, None);
        assert!(read(GoalState::Open, "A (due: soon)").is_err());
    }

    #[test]
    fn other_lines_are_no_goals() {
        for line in ["- rides", "-[ ] a", "- [o] a", "- [ ]a", "    - [ ] code", "1. [ ] a", ""] {
            assert_eq!(item(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            text in r"([a-c \\()]|\(measure: |\(due: |\(DUE:){1,12}",
            measure in prop::option::of(r"([a-c \\()]|\(measure: ){1,8}"),
            due in prop::option::of(0i32..400),
            state in prop::sample::select(GoalState::ALL.to_vec()),
        ) {
            let day = Day::parse("2026-01-01").unwrap();
            let goal = GoalLine {
                text: text.trim().to_owned(),
                measure: measure.map(|m| m.trim().to_owned()).filter(|m| !m.is_empty()),
                due: due.map(|days| day.plus(days)),
                state,
            };
            prop_assert_eq!(parsed(&write(&goal)), goal);
        }
    }
}
