//! A contract as a Markdown file.
//!
//! ```text
//! # Mill Creek Neighbours
//!
//! ## Who we are {#identity}
//! We are people who live or work around Mill Creek.
//!
//! ## Goals {#goals}
//! - [ ] A shared meal every month (measure: meetings attested by five of us) (due: 2026-06-30)
//! ```
//! Text below a `##` line is the section's body, as it is written, headings from `###` on included.
//! A line of the body that starts with `# ` or `## ` (or, among goals, with `- [ ] `) is written
//! with a backslash before it.

mod error;
mod line;

use unicode_normalization::UnicodeNormalization;

pub use error::MarkdownError;
pub(super) use line::with_escape;
use line::{heading, without_escape};

use super::goal_line;
use super::kind::SectionKind;
use super::written::{self, without_outer_blank_lines};
use crate::day::Day;
use crate::entry::GoalState;
use crate::ids::PartId;
use crate::limits;
use crate::text::hides;

/// A contract file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markdown {
    /// The title.
    pub title: String,
    /// In the order of the file.
    pub sections: Vec<WrittenSection>,
}

/// A section of a contract file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenSection {
    /// The section of the document that this is, if the caller knows; a file does not say.
    pub id: Option<PartId>,
    /// The line of its heading, counted from 1.
    pub line: usize,
    /// What it is about.
    pub kind: SectionKind,
    /// How sure that is.
    pub source: KindSource,
    /// The heading without `{#…}`.
    pub heading: String,
    /// The text below it, without goals and outer blank lines.
    pub body: String,
    /// The goals among its lines; none unless it is of kind goals.
    pub goals: Vec<WrittenGoal>,
    /// The lines as they stand in the file.
    lines: Vec<String>,
}

/// Where a section's kind comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindSource {
    /// Written as `{#kind}`, or answered by a person.
    Given,
    /// Suggested by the words of the heading: ask before relying on it.
    Proposed,
    /// Nothing suggests one, so it is `other`: ask, too.
    Unknown,
}

/// A goal of a contract file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenGoal {
    /// The line, counted from 1.
    pub line: usize,
    /// One line.
    pub text: String,
    /// How people will know that it is reached.
    pub measure: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// Where it stands.
    pub state: GoalState,
}

impl Markdown {
    /// Reads a contract file.
    ///
    /// # Errors
    /// The first thing wrong with it, with its line.
    pub fn parse(text: &str) -> Result<Self, MarkdownError> {
        let limit = limits::CONTRACT_BYTES;
        if text.len() > limit {
            return Err(MarkdownError::TooBig { bytes: text.len(), limit });
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
        for (line, written) in numbered(&text) {
            if let Some(c) = written.chars().find(|&c| hides(c, true)) {
                return Err(MarkdownError::Hidden { line, code: u32::from(c) });
            }
        }
        let text: String = text.nfc().collect();
        let mut lines = numbered(&text);
        let title = read_title(&mut lines)?;
        let mut parsed = Self { title, sections: Vec::new() };
        for (line, written) in lines {
            parsed.read_line(line, written)?;
        }
        for section in &mut parsed.sections {
            section.split()?;
        }
        parsed.check_goals()?;
        Ok(parsed)
    }

    /// The goals of all sections, in the order of the file.
    pub fn goals(&self) -> impl Iterator<Item = &WrittenGoal> {
        self.sections.iter().flat_map(|section| &section.goals)
    }

    /// The sections whose kind nobody gave, with their places in [`Self::sections`].
    pub fn unanswered(&self) -> impl Iterator<Item = (usize, &WrittenSection)> {
        self.sections.iter().enumerate().filter(|(_, s)| s.source != KindSource::Given)
    }

    /// A person's word on the kind of the section at that place; nothing happens if there is
    /// none. List items become goals, or text again.
    ///
    /// # Errors
    /// What stands among the goals is wrong.
    pub fn answer(&mut self, place: usize, kind: SectionKind) -> Result<(), MarkdownError> {
        if let Some(section) = self.sections.get_mut(place) {
            let before = section.clone();
            section.kind = kind;
            section.source = KindSource::Given;
            if let Err(error) = section.split() {
                *section = before;
                return Err(error);
            }
        }
        self.check_goals()
    }

    fn read_line(&mut self, line: usize, written: &str) -> Result<(), MarkdownError> {
        match (heading(written), self.sections.last_mut()) {
            (Some((1, _)), _) => Err(MarkdownError::SecondTitle { line }),
            (Some((2, rest)), _) => {
                if self.sections.len() == limits::SECTIONS {
                    return Err(MarkdownError::TooManySections { line, limit: limits::SECTIONS });
                }
                self.sections.push(WrittenSection::begin(line, rest)?);
                Ok(())
            }
            (_, Some(section)) => {
                section.lines.push(written.to_owned());
                Ok(())
            }
            (_, None) if written.trim().is_empty() => Ok(()),
            (_, None) => Err(MarkdownError::TextBeforeHeading { line }),
        }
    }

    fn check_goals(&self) -> Result<(), MarkdownError> {
        match self.goals().nth(limits::GOALS) {
            Some(goal) => {
                Err(MarkdownError::TooManyGoals { line: goal.line, limit: limits::GOALS })
            }
            None => Ok(()),
        }
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').enumerate().map(|(i, line)| (i + 1, line))
}

fn read_title<'a>(
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<String, MarkdownError> {
    let first = lines.find(|(_, written)| !written.trim().is_empty());
    let (line, written) = first.ok_or(MarkdownError::NoTitle { line: 1 })?;
    match heading(written) {
        Some((1, title)) if !title.is_empty() => {
            check_heading(line, title)?;
            Ok(written::line(title))
        }
        _ => Err(MarkdownError::NoTitle { line }),
    }
}

fn check_heading(line: usize, heading: &str) -> Result<(), MarkdownError> {
    let (bytes, limit) = (heading.len(), limits::NAME_BYTES);
    if bytes > limit {
        return Err(MarkdownError::HeadingTooLong { line, bytes, limit });
    }
    Ok(())
}

impl WrittenSection {
    /// A section with nothing below its heading yet.
    fn begin(line: usize, rest: &str) -> Result<Self, MarkdownError> {
        let given = rest.strip_suffix('}').and_then(|open| open.rsplit_once("{#"));
        let heading = given.map_or(rest, |(heading, _)| heading).trim();
        let (kind, source) = match given {
            Some((_, word)) => match SectionKind::from_word(&word.trim().to_lowercase()) {
                Some(kind) => (kind, KindSource::Given),
                None => {
                    let word = word.trim().chars().take(40).collect();
                    return Err(MarkdownError::UnknownKind { line, word });
                }
            },
            None => match SectionKind::suggested_by(heading) {
                Some(kind) => (kind, KindSource::Proposed),
                None => (SectionKind::Other, KindSource::Unknown),
            },
        };
        if heading.is_empty() && given.is_none() {
            return Err(MarkdownError::EmptyHeading { line });
        }
        check_heading(line, heading)?;
        let (heading, body) = (written::line(heading), String::new());
        let (goals, lines) = (Vec::new(), Vec::new());
        Ok(Self { id: None, line, kind, source, heading, body, goals, lines })
    }

    /// Splits the lines into body and goals.
    fn split(&mut self) -> Result<(), MarkdownError> {
        let with_goals = self.kind == SectionKind::Goals;
        let mut body = Vec::with_capacity(self.lines.len());
        // Line, state and words of the goal that is being read: it goes on in indented lines.
        let mut items: Vec<(usize, GoalState, String)> = Vec::new();
        let mut goes_on = false;
        for (place, written) in self.lines.iter().enumerate() {
            let line = self.line + 1 + place;
            let indented = written.starts_with("  ") || written.starts_with('\t');
            if let Some((state, words)) = goal_line::item(written).filter(|_| with_goals) {
                items.push((line, state, words.to_owned()));
                goes_on = true;
            } else if let Some(item) =
                items.last_mut().filter(|_| goes_on && indented && !written.trim().is_empty())
            {
                item.2.push(' ');
                item.2.push_str(written.trim());
            } else {
                body.push(without_escape(written, with_goals));
                goes_on = false;
            }
        }
        let body = without_outer_blank_lines(&body.join("\n"));
        let (bytes, limit) = (body.len(), limits::TEXT_BYTES);
        if bytes > limit {
            return Err(MarkdownError::BodyTooLong { line: self.line, bytes, limit });
        }
        self.goals = items
            .into_iter()
            .map(|(line, state, words)| WrittenGoal::read(line, state, &words))
            .collect::<Result<_, _>>()?;
        self.body = body;
        Ok(())
    }
}

impl WrittenGoal {
    fn read(line: usize, state: GoalState, words: &str) -> Result<Self, MarkdownError> {
        let read = goal_line::read(state, words);
        let goal = read.map_err(|error| MarkdownError::BadDue { line, error })?;
        if goal.text.is_empty() {
            return Err(MarkdownError::EmptyGoal { line });
        }
        let measure = goal.measure.as_deref().unwrap_or_default();
        for (what, text, limit) in [
            ("the goal", goal.text.as_str(), limits::GOAL_BYTES),
            ("the measure", measure, limits::MEASURE_BYTES),
        ] {
            if text.len() > limit {
                return Err(MarkdownError::GoalTooLong { line, what, bytes: text.len(), limit });
            }
        }
        let measure = goal.measure.as_deref().map(written::line);
        Ok(Self { line, text: written::line(&goal.text), measure, due: goal.due, state })
    }
}
