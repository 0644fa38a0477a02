//! The adopted text: who wrote how much of it, and its clauses (evidence.md, Text and Clause).

use std::collections::BTreeMap;

use copact_core::contract::{ContractContent, SectionKind};
use copact_core::day::Day;
use copact_core::ids::{MemberId, PartId};
use copact_core::views::{AuthorSpan, Authorship};
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

use crate::facts::Who;

pub mod table;

/// Digits that a list marker has at most.
const MARKER_DIGITS: usize = 9;

/// How much of a text is whose.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// Each section's kind and counted scalars.
    pub sections: Vec<(SectionKind, u64)>,
    /// Counted scalars of all section bodies, whoever wrote them.
    pub counted: u64,
    /// Those taken over from a file.
    pub imported: u64,
    /// Those of each person.
    pub written: BTreeMap<Who, u64>,
    /// The same of each clause.
    pub clauses: Vec<BTreeMap<Who, u64>>,
    /// Its goals, in their order.
    pub goals: Vec<Goal>,
}

/// A goal of it.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The goal.
    pub id: PartId,
    /// How people will know that it is reached.
    pub measure: Option<String>,
    /// By when.
    pub due: Option<Day>,
}

/// Whether a scalar counts as text: neither white space nor one that is not to be seen.
#[must_use]
pub fn counts(scalar: char) -> bool {
    !scalar.is_whitespace()
        && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(scalar)
}

impl Text {
    pub(crate) fn of(
        content: &ContractContent,
        authorship: &Authorship,
        number: impl Fn(MemberId) -> Option<Who>,
    ) -> Self {
        let mut text = Self::default();
        for section in &content.sections {
            let scalars: Vec<char> = section.body.chars().collect();
            let mut owners: Vec<Option<&AuthorSpan>> = vec![None; scalars.len()];
            let spans = authorship.spans.iter().filter(|span| span.section == Some(section.id));
            for span in spans {
                let covered = owners.get_mut(span.from..span.to.min(scalars.len()));
                covered.into_iter().flatten().for_each(|owner| *owner = Some(span));
            }
            let before = text.counted;
            for line in blocks(&scalars) {
                let mut clause = BTreeMap::new();
                let mut any = false;
                for (_, owner) in line.iter().filter_map(|at| {
                    let scalar = scalars.get(*at).filter(|scalar| counts(**scalar))?;
                    Some((scalar, owners.get(*at).copied().flatten()))
                }) {
                    any = true;
                    text.counted += 1;
                    text.imported += u64::from(owner.is_some_and(|span| span.imported));
                    if let Some(who) = owner.and_then(|span| theirs(span, &number)) {
                        *text.written.entry(who).or_default() += 1;
                        *clause.entry(who).or_default() += 1;
                    }
                }
                if any {
                    text.clauses.push(clause);
                }
            }
            text.sections.push((section.kind, text.counted - before));
        }
        text.goals = content
            .goals
            .iter()
            .map(|goal| Goal { id: goal.id, measure: goal.measure.clone(), due: goal.due })
            .collect();
        text
    }
}

/// Whose words a span is: a helper's for somebody only once another signer confirmed it, unless the
/// two have been merged.
fn theirs(span: &AuthorSpan, number: impl Fn(MemberId) -> Option<Who>) -> Option<Who> {
    let who = span.member.filter(|_| !span.imported).and_then(&number)?;
    let by_themselves = span.recorder.is_none_or(|by| number(by) == Some(who));
    (by_themselves || span.confirmed_by.is_some()).then_some(who)
}

/// The blocks of a body, each by the numbers of its scalars.
fn blocks(scalars: &[char]) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    for line in scalars.split(|scalar| *scalar == '\n') {
        let numbers = from..from + line.len();
        from += line.len() + 1;
        let blank = !line.iter().any(|scalar| counts(*scalar));
        if blank || begins_item(line) {
            blocks.push(Vec::new());
        }
        if let Some(block) = blocks.last_mut().filter(|_| !blank) {
            block.extend(numbers);
        }
    }
    blocks
}

/// Whether a line begins an item of a list.
fn begins_item(line: &[char]) -> bool {
    let rest: Vec<char> = line.iter().copied().skip_while(|scalar| *scalar == ' ').collect();
    let digits = rest.iter().take_while(|scalar| scalar.is_ascii_digit()).count();
    let after = |at: usize| rest.get(at).copied();
    match digits {
        0 => matches!(after(0), Some('-' | '*' | '+')) && after(1) == Some(' '),
        1..=MARKER_DIGITS => {
            matches!(after(digits), Some('.' | ')')) && after(digits + 1) == Some(' ')
        }
        _ => false,
    }
}
