//! `copact contract diff`: lines with - and +.

use copact_core::contract::{
    Differences, GoalDifference, Hunk, HunkKind, PartChange, Replaced, SectionDifference,
};

use super::{Done, Session};
use crate::output::{Page, bad, faint, good, plain, strong};

pub(super) fn run(session: Session, version: &str) -> Done {
    let group = session.open()?;
    let differences = group.contract_diff(version)?;
    session.output.show(&differences, |page| {
        if differences.is_empty() {
            page.line(["The draft says the same."]);
        } else {
            all(page, &differences);
        }
    })
}

/// Shows all differences.
pub(super) fn all(page: &mut Page, differences: &Differences) {
    if !differences.title.is_empty() {
        page.heading("Title");
        lines(page, &differences.title);
    }
    for section in &differences.sections {
        one_section(page, section);
    }
    if !differences.goals.is_empty() {
        page.heading("Goals");
        differences.goals.iter().for_each(|goal| one_goal(page, goal));
    }
}

fn one_section(page: &mut Page, section: &SectionDifference) {
    page.heading(&section.name);
    part(page, section.change, "section");
    lines(page, &section.heading);
    replaced(page, "kind", section.kind.as_ref());
    lines(page, &section.body);
}

fn one_goal(page: &mut Page, goal: &GoalDifference) {
    part(page, goal.change, "goal");
    if goal.text.is_empty() {
        page.line([strong(format_args!("  {}", goal.name))]);
    }
    lines(page, &goal.text);
    replaced(page, "measure", goal.measure.as_ref());
    replaced(page, "due", goal.due.as_ref());
    replaced(page, "state", goal.state.as_ref());
}

fn part(page: &mut Page, change: PartChange, what: &str) {
    match change {
        PartChange::Added => page.line([good(format_args!("this {what} is new"))]),
        PartChange::Removed => page.line([bad(format_args!("this {what} is gone"))]),
        PartChange::Moved => page.line([faint(format_args!("this {what} stands elsewhere"))]),
        PartChange::Changed => {}
    }
}

fn replaced(page: &mut Page, what: &str, value: Option<&Replaced>) {
    let Some(value) = value else { return };
    if let Some(old) = &value.old {
        page.line([bad(format_args!("- {what}: {old}"))]);
    }
    if let Some(new) = &value.new {
        page.line([good(format_args!("+ {what}: {new}"))]);
    }
}

fn lines(page: &mut Page, hunks: &[Hunk]) {
    for line in by_line(hunks) {
        match line {
            Line::Same(text) => page.line([plain(format_args!("  {text}"))]),
            Line::Removed(text) => page.line([bad(format_args!("- {text}"))]),
            Line::Added(text) => page.line([good(format_args!("+ {text}"))]),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Same(String),
    Removed(String),
    Added(String),
}

/// Makes whole lines of hunks of words: a line break that both texts have ends what is compared.
fn by_line(hunks: &[Hunk]) -> Vec<Line> {
    let (mut old, mut new) = (String::new(), String::new());
    let mut lines = Vec::new();
    for hunk in hunks {
        match hunk.kind {
            HunkKind::Removed => old.push_str(&hunk.text),
            HunkKind::Added => new.push_str(&hunk.text),
            HunkKind::Same => {
                let mut pieces = hunk.text.split('\n');
                let first = pieces.next().unwrap_or_default();
                old.push_str(first);
                new.push_str(first);
                for piece in pieces {
                    end(&mut lines, &old, &new);
                    piece.clone_into(&mut old);
                    piece.clone_into(&mut new);
                }
            }
        }
    }
    end(&mut lines, &old, &new);
    lines
}

fn end(lines: &mut Vec<Line>, old: &str, new: &str) {
    if old == new {
        if !old.is_empty() {
            lines.push(Line::Same(old.to_owned()));
        }
        return;
    }
    let of = |text: &str, line: fn(String) -> Line| -> Vec<Line> {
        let text = if text.is_empty() { None } else { Some(text) };
        text.iter().flat_map(|text| text.split('\n')).map(|one| line(one.to_owned())).collect()
    };
    lines.extend(of(old, Line::Removed));
    lines.extend(of(new, Line::Added));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(kind: HunkKind, text: &str) -> Hunk {
        Hunk { kind, text: text.to_owned() }
    }

    #[test]
    fn words_become_whole_lines_and_untouched_lines_stand_as_they_are() {
        use HunkKind::{Added, Removed, Same};
        let hunks = [
            hunk(Same, "We meet on "),
            hunk(Removed, "Mondays"),
            hunk(Added, "Tuesdays"),
            hunk(Same, ".\n\nBring soup.\nSing"),
            hunk(Added, " loudly.\nDance"),
            hunk(Same, "."),
        ];
        let same = |text: &str| Line::Same(text.to_owned());
        let removed = |text: &str| Line::Removed(text.to_owned());
        let added = |text: &str| Line::Added(text.to_owned());
        assert_eq!(
            by_line(&hunks),
            [
                removed("We meet on Mondays."),
                added("We meet on Tuesdays."),
                same("Bring soup."),
                removed("Sing."),
                added("Sing loudly."),
                added("Dance."),
            ]
        );
        assert_eq!(by_line(&[]), []);
        assert_eq!(by_line(&[hunk(Added, "New")]), [added("New")]);
    }
}
