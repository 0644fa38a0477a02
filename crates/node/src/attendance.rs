//! Attendance lists from before copact: a CSV file with columns date, meeting and member.
//!
//! Importing is idempotent: who is a member already, which meetings are there and who was at them
//! is looked up, and only what is missing is written. The whole file is checked before anything is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use copact_core::act::{Act, Role, RoleKind};
use copact_core::day::Day;
use copact_core::entry::Record;
use copact_core::ids::{EnvelopeId, MemberId, Nonce};
use copact_core::limits;
use copact_core::text::{Name, RoleWord};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::file;
use crate::group::Group;
use crate::home::random;

const COLUMNS: [&str; 3] = ["date", "meeting", "member"];
const COLUMNS_HINT: &str =
    "its first line must be: date,meeting,member (in any order, and further columns may follow)";
/// Lines of one list.
const LINES: usize = 100_000;

/// What an import added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportedList {
    /// Lines of the file, the heading not counted.
    pub lines: usize,
    /// New envelopes.
    pub envelopes: usize,
    /// New members, assisted by whoever imports.
    pub members: usize,
    /// New meetings.
    pub meetings: usize,
    /// New attendances.
    pub attendances: usize,
    /// Lines that said what was known already.
    pub known: usize,
    /// New attendances that do not count, because the member was none on that day.
    pub not_counted: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Line {
    day: Day,
    meeting: Name,
    member: Name,
}

impl Group {
    /// Takes an attendance list over.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, or a line is not in order. Nothing is changed then.
    pub fn import_attendance(
        &mut self,
        path: &Path,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<ImportedList> {
        self.must_stand()?;
        let text = file::read_text(path, file::LIST_BYTES)?;
        let lines = parse(&text).map_err(|error| error.of_file(path))?;
        let mut done = ImportedList { lines: lines.len(), ..ImportedList::default() };
        let before = self.ledger().len();
        let members = self.listed_members(&lines, &mut done)?;
        let mut meetings = self.known_meetings();
        let mut present = self.known_attendances();
        let mut taps = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            progress(number, lines.len());
            let meeting = self.listed_meeting(line, &mut meetings, &mut done)?;
            let Some(member) = members.get(&line.member).copied() else { continue };
            if !present.insert((meeting, member)) {
                done.known += 1;
                continue;
            }
            let record = Record::Tap { meeting, code: None, imported: true };
            taps.push(self.write_entry(Some(member), record)?);
            done.attendances += 1;
        }
        progress(lines.len(), lines.len());
        self.save()?;
        done.envelopes = self.ledger().len() - before;
        let views = self.views();
        let counts =
            |tap: &&EnvelopeId| views.journal().grade_of_tap(self.ledger(), **tap).is_some();
        done.not_counted = taps.len() - taps.iter().filter(counts).count();
        Ok(done)
    }

    /// Everybody on the list: members of that name, and new assisted ones.
    fn listed_members(
        &mut self,
        lines: &[Line],
        done: &mut ImportedList,
    ) -> Result<BTreeMap<Name, MemberId>> {
        let (_, me) = self.me()?;
        let first_day = lines.iter().map(|line| line.day).min().unwrap_or(self.clock().day);
        let mut members: BTreeMap<Name, MemberId> = BTreeMap::new();
        let listed = |name: &Name| lines.iter().any(|line| line.member == *name);
        for (member, name) in self.names() {
            let Ok(name) = Name::new(&name) else { continue };
            if let Some(other) = members.insert(name.clone(), member)
                && listed(&name)
            {
                let short = |id: MemberId| id.to_string().chars().take(8).collect::<String>();
                return Err(NodeError::input(
                    "ambiguous_member",
                    format_args!(
                        "two members are called “{name}” ({} and {})",
                        short(other),
                        short(member)
                    ),
                )
                .hint(
                    "let one of them change the name with `copact profile set`, then import again",
                ));
            }
        }
        let wanted: BTreeSet<&Name> = lines.iter().map(|line| &line.member).collect();
        let new: Vec<&Name> =
            wanted.into_iter().filter(|name| !members.contains_key(*name)).collect();
        if new.len() > limits::SPONSORED {
            return Err(NodeError::input(
                "too_many_members",
                format_args!(
                    "the list has {} new people; one member can bring in at most {}",
                    new.len(),
                    limits::SPONSORED
                ),
            )
            .hint("split the list, and let another member import the rest"));
        }
        for name in new {
            let word = RoleWord::new("citizen")?;
            let act = Act::Assist {
                helper: me,
                role: Role { word, mapped: Some(RoleKind::Citizen) },
                imported: Some(first_day),
                nonce: Nonce::from_bytes(random()?),
            };
            let member = MemberId::brought_in_by(self.write_act(act, &[])?);
            self.put_profile(Some(member), name.clone())?;
            members.insert(name.clone(), member);
            done.members += 1;
        }
        Ok(members)
    }

    fn known_meetings(&self) -> BTreeMap<(Day, String), EnvelopeId> {
        let rows = self.meetings().meetings.into_iter();
        rows.filter_map(|row| Some(((row.day, row.title?), row.id))).collect()
    }

    /// Who is recorded at which meeting, whether that counts or not, so that nothing is doubled.
    fn known_attendances(&self) -> BTreeSet<(EnvelopeId, MemberId)> {
        let views = self.views();
        let journal = views.journal();
        let taps = journal.entries.iter().filter_map(|place| {
            let Record::Tap { meeting, .. } = self.ledger().at(*place)?.entry()?.record else {
                return None;
            };
            let stands = journal.stands_for(self.ledger().place_of(meeting)?);
            let subject = journal.subjects.get(place)?;
            Some((self.ledger().at(stands)?.id(), views.standing.id(*subject)?))
        });
        taps.collect()
    }

    fn listed_meeting(
        &mut self,
        line: &Line,
        meetings: &mut BTreeMap<(Day, String), EnvelopeId>,
        done: &mut ImportedList,
    ) -> Result<EnvelopeId> {
        let key = (line.day, line.meeting.as_str().to_owned());
        if let Some(id) = meetings.get(&key) {
            return Ok(*id);
        }
        let title = self.put_text(line.meeting.as_str())?;
        let record = Record::Meeting { day: line.day, title, headcount: None, imported: true };
        let id = self.write_entry(None, record)?;
        meetings.insert(key, id);
        done.meetings += 1;
        Ok(id)
    }
}

/// Reads the list. Lines are numbered as a text editor does.
fn parse(text: &str) -> Result<Vec<Line>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::Headers)
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    if text.trim().is_empty() {
        return Err(NodeError::input("empty_list", "the list is empty").hint(COLUMNS_HINT));
    }
    let headers = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let mut columns = [0; 3];
    for (column, wanted) in columns.iter_mut().zip(COLUMNS) {
        let found: Vec<usize> = headers
            .iter()
            .enumerate()
            .filter(|(_, header)| header.eq_ignore_ascii_case(wanted))
            .map(|(at, _)| at)
            .collect();
        *column = match found.as_slice() {
            [one] => *one,
            [] => {
                return Err(NodeError::input(
                    "missing_column",
                    format_args!("the list has no column “{wanted}” in its first line"),
                )
                .hint(match headers.len() {
                    1 if text.lines().next().is_some_and(|line| line.contains(';')) => {
                        "its columns are separated by semicolons; save it again with commas"
                    }
                    _ => COLUMNS_HINT,
                }));
            }
            _ => {
                return Err(NodeError::input(
                    "twice_column",
                    format_args!("the list has the column “{wanted}” twice"),
                )
                .hint("keep one of them"));
            }
        };
    }
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let number = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        lines.push(line(&record, columns, number)?);
        if lines.len() > LINES {
            return Err(NodeError::input(
                "too_many_lines",
                format_args!("the list has more than {LINES} lines"),
            )
            .hint("split it into several files"));
        }
    }
    if lines.is_empty() {
        return Err(NodeError::input("empty_list", "the list has no lines below its heading")
            .hint("write a line for each person at each meeting: date, meeting, member"));
    }
    Ok(lines)
}

fn line(record: &csv::StringRecord, columns: [usize; 3], number: u64) -> Result<Line> {
    let [day, meeting, member] = columns;
    let cell = |column: usize, name: &str| {
        let cell = record.get(column).ok_or_else(|| {
            NodeError::input(
                "missing_cell",
                format_args!("line {number} ends before its column “{name}”"),
            )
            .hint("every line needs a date, a meeting and a member, and quotes come in pairs")
        })?;
        // What a spreadsheet would run was never a name, and must not become one.
        let start = ['=', '+', '-', '@', '\t', '\r'];
        if cell.starts_with(start) || cell.trim_start().starts_with(start) {
            return Err(NodeError::input(
                "formula",
                format_args!(
                    "line {number}, column “{name}”: the cell begins like a spreadsheet formula"
                ),
            )
            .hint("write the plain value into that cell"));
        }
        Ok(cell)
    };
    let wrong = |name: &str, error: &dyn std::fmt::Display| {
        NodeError::told("bad_cell", format_args!("line {number}, column “{name}”: {error}"))
    };
    let day_cell = cell(day, "date")?;
    Ok(Line {
        day: Day::parse(day_cell.trim()).map_err(|error| wrong("date", &error))?,
        meeting: Name::new(cell(meeting, "meeting")?).map_err(|error| wrong("meeting", &error))?,
        member: Name::new(cell(member, "member")?).map_err(|error| wrong("member", &error))?,
    })
}

fn unreadable(error: &csv::Error) -> NodeError {
    let line = error.position().map_or(1, csv::Position::line);
    NodeError::input("bad_csv", format_args!("line {line} cannot be read as CSV: {error}"))
        .hint("save the list again as CSV with commas, in UTF-8")
}

/// Reads a list for its form only: for the fuzzer.
///
/// # Errors
/// As [`Group::import_attendance`].
pub fn check_list(text: &str) -> Result<usize> {
    Ok(parse(text)?.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(text: &str) -> (&'static str, String) {
        let error = parse(text).unwrap_err();
        (error.code, error.message)
    }

    #[test]
    fn lists_are_read_whatever_their_column_order_and_extra_columns() {
        let lines = parse("Member,place,DATE,meeting\nAnn,hall,2026-03-01,Spring\n,,,\n").unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines.first().unwrap().member.as_str(), "Ann");
    }

    #[test]
    fn every_fault_of_a_list_is_told_with_its_line() {
        assert_eq!(code("date,meeting\n2026-03-01,Spring\n").0, "missing_column");
        assert_eq!(code("date,meeting,member\n").0, "empty_list");
        assert_eq!(code("date,date,meeting,member\n1,2,3,4\n").0, "twice_column");
        let (kind, text) =
            code("date,meeting,member\n2026-03-01,Spring,Ann\n1.3.2026,Spring,Ben\n");
        assert_eq!(kind, "bad_cell");
        assert!(text.starts_with("line 3, column “date”"), "{text}");
        assert_eq!(code("date,meeting,member\n2026-03-01,Spring,\n").0, "bad_cell");
        assert_eq!(code("date,meeting,member\n2026-03-01,Spring\n").0, "missing_cell");
        let long = format!("date,meeting,member\n2026-03-01,Spring,{}\n", "x".repeat(10_000));
        assert_eq!(code(&long).0, "bad_cell");
        for formula in ["=1+1", "+1", "-1", "@A1", "\"\tx\""] {
            let list = format!("date,meeting,member\n2026-03-01,Spring,{formula}\n");
            assert_eq!(code(&list).0, "formula", "{formula}");
        }
    }
}
