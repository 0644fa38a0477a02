//! `copact contract blame`: the text with who wrote it in the margin.

use std::collections::BTreeMap;

use copact_core::contract::SectionKind;
use copact_core::ids::MemberId;
use copact_core::views::{AuthorSpan, Authorship};
use copact_node::goals::GoalRow;

use super::{Done, Names, Session};
use crate::output::{Page, Piece, Table, author, faint, left, plain, right, strong, warn};

pub(super) fn run(session: Session, version: &str) -> Done {
    let group = session.open()?;
    let authorship = group.blame(version)?;
    let shown = group.show_contract(version)?;
    let names = Names::of(&group);
    session.output.show(&authorship, |page| {
        let authors = Authors::of(&authorship);
        if authorship.scalars == 0 {
            page.line(["Nothing is written yet."]);
            return;
        }
        for section in &shown.sections {
            page.heading(&section.heading);
            let spans = authorship.spans.iter().filter(|span| span.section == Some(section.id));
            authors.text(page, &section.body, &spans.collect::<Vec<_>>());
            if section.kind == SectionKind::Goals {
                authors.goals(page, &shown.goals, &authorship);
            }
        }
        page.heading("Who wrote how much");
        authors.shares(page, &authorship, &names);
    })
}

/// The authors, each with a letter.
struct Authors(BTreeMap<Option<MemberId>, usize>);

impl Authors {
    /// In the order in which they come; nobody's imported words have no letter of their own.
    fn of(authorship: &Authorship) -> Self {
        let mut all = BTreeMap::new();
        for span in authorship.spans.iter().chain(&authorship.elsewhere) {
            let count = all.len();
            if span.member.is_some() {
                all.entry(span.member).or_insert(count);
            }
        }
        Self(all)
    }

    fn number(&self, member: Option<MemberId>) -> Option<usize> {
        self.0.get(&member).copied()
    }

    /// `A` to `Z`, then `A1`; `·` for imported words.
    fn letter(&self, member: Option<MemberId>) -> String {
        let Some(number) = self.number(member) else { return "·".to_owned() };
        let letter = u8::try_from(number % 26).map_or('?', |place| char::from(b'A' + place));
        match number / 26 {
            0 => letter.to_string(),
            round => format!("{letter}{round}"),
        }
    }

    fn piece(&self, member: Option<MemberId>, text: &str) -> Piece {
        match self.number(member) {
            Some(number) => author(number, text),
            None => plain(text),
        }
    }

    /// A text, each line with its authors before it. Where several wrote one line, colours tell
    /// their characters apart; without colours each one's words have a line of their own.
    fn text(&self, page: &mut Page, body: &str, spans: &[&AuthorSpan]) {
        if body.is_empty() {
            return;
        }
        for line in stretches(body, spans) {
            let mut letters: Vec<String> = Vec::new();
            for (member, _) in &line {
                let letter = self.letter(*member);
                if !letters.contains(&letter) {
                    letters.push(letter);
                }
            }
            if letters.len() < 2 || page.has_color() {
                let margin = faint(format_args!("{:<4}", letters.join("")));
                let words = line.iter().map(|(member, text)| self.piece(*member, text));
                page.line([margin].into_iter().chain(words));
                continue;
            }
            for (place, (member, text)) in by_word(&line).iter().enumerate() {
                let joint = if place == 0 { "" } else { "…" };
                let margin = faint(format_args!("{:<4}", self.letter(*member)));
                page.line([margin, faint(joint), self.piece(*member, text)]);
            }
        }
    }

    fn goals(&self, page: &mut Page, goals: &[GoalRow], authorship: &Authorship) {
        for goal in goals {
            let spans = authorship.elsewhere.iter();
            let spans = spans.filter(|span| span.field == "goal" && span.section == Some(goal.id));
            self.text(page, &goal.text, &spans.collect::<Vec<_>>());
        }
    }

    fn shares(&self, page: &mut Page, authorship: &Authorship, names: &Names) {
        let mut sums: BTreeMap<(usize, Option<MemberId>), usize> = BTreeMap::new();
        let mut unconfirmed = 0;
        for span in &authorship.spans {
            let key = (self.number(span.member).unwrap_or(usize::MAX), span.member);
            let scalars = span.to.saturating_sub(span.from);
            *sums.entry(key).or_default() += scalars;
            if span.recorder.is_some() && !span.imported && span.confirmed_by.is_none() {
                unconfirmed += scalars;
            }
        }
        let mut table = Table::new([left(""), left("who"), right("characters"), right("share")]);
        for ((_, member), scalars) in sums {
            let who = member.map_or_else(|| "imported, nobody’s".to_owned(), |m| names.name(m));
            table.row([
                self.piece(member, &self.letter(member)),
                strong(who),
                plain(scalars),
                plain(format_args!("{} %", percent(scalars, authorship.scalars))),
            ]);
        }
        page.table(&table);
        if unconfirmed > 0 {
            page.line([warn(format_args!(
                "{unconfirmed} characters were written down for somebody, and no second member \
                 has confirmed them yet."
            ))]);
        }
    }
}

/// A share in whole percent, to the nearest.
fn percent(part: usize, whole: usize) -> usize {
    (part * 200 + whole).checked_div(2 * whole).unwrap_or(0)
}

type Stretch = (Option<MemberId>, String);

/// The lines of a text, each cut where another author's words begin.
fn stretches(body: &str, spans: &[&AuthorSpan]) -> Vec<Vec<Stretch>> {
    let mut lines: Vec<Vec<Stretch>> = Vec::new();
    let mut line: Vec<Stretch> = Vec::new();
    for (place, scalar) in body.chars().enumerate() {
        if scalar == '\n' {
            lines.push(std::mem::take(&mut line));
            continue;
        }
        let span = spans.iter().find(|span| (span.from..span.to).contains(&place));
        let member = span.and_then(|span| span.member);
        match line.last_mut() {
            Some((last, text)) if *last == member => text.push(scalar),
            _ => line.push((member, scalar.to_string())),
        }
    }
    lines.push(line);
    lines
}

/// The same line cut between words only: a word is whose most of its characters are, and spaces
/// go with the word before them.
fn by_word(line: &[Stretch]) -> Vec<Stretch> {
    let scalars = line.iter().flat_map(|(member, text)| text.chars().map(|c| (*member, c)));
    let mut words: Vec<Vec<(Option<MemberId>, char)>> = Vec::new();
    let mut after_space = true;
    for (member, scalar) in scalars {
        match words.last_mut() {
            Some(word) if scalar.is_whitespace() || !after_space => word.push((member, scalar)),
            _ => words.push(vec![(member, scalar)]),
        }
        after_space = scalar.is_whitespace();
    }
    let mut joined: Vec<Stretch> = Vec::new();
    for word in words {
        let member = most(&word);
        let text: String = word.iter().map(|(_, scalar)| scalar).collect();
        match joined.last_mut() {
            Some((last, before)) if *last == member => before.push_str(&text),
            _ => joined.push((member, text)),
        }
    }
    joined
}

/// Whose most of a word is; of equals, the first.
fn most(word: &[(Option<MemberId>, char)]) -> Option<MemberId> {
    let count = |who: Option<MemberId>| {
        word.iter().filter(|(member, c)| *member == who && !c.is_whitespace()).count()
    };
    // `max_by_key` takes the last of equals, so it goes from the end.
    word.iter().rev().map(|(member, _)| *member).max_by_key(|member| count(*member)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_a_word_is_whose_most_of_it_is() {
        let [ann, ben] = [1, 2].map(|byte| Some(MemberId::from_bytes([byte; 32])));
        let stretch = |who: Option<MemberId>, text: &str| (who, text.to_owned());
        let line = [
            stretch(None, "a "),
            stretch(ann, "l"),
            stretch(None, "i"),
            stretch(ann, "ft"),
            stretch(None, " to the "),
            stretch(ben, "doctor"),
            stretch(None, "."),
        ];
        assert_eq!(
            by_word(&line),
            [
                stretch(None, "a "),
                stretch(ann, "lift "),
                stretch(None, "to the "),
                stretch(ben, "doctor.")
            ]
        );
        assert_eq!(by_word(&[stretch(ann, "x"), stretch(ben, "y")]), [stretch(ann, "xy")]);
    }

    #[test]
    fn shares_are_rounded_to_the_nearest_percent() {
        assert_eq!(
            [percent(1, 3), percent(2, 3), percent(1, 200), percent(1, 201)],
            [33, 67, 1, 0]
        );
        assert_eq!(percent(0, 0), 0);
    }
}
