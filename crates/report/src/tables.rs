//! A report as tables: CSV files with a Frictionless Data Package (tabular-data-package) that says
//! what each column is, so that a reader of tables can check them.
//!
//! No table names anybody. Text that a spreadsheet would run as a formula has an apostrophe before
//! it; numbers stay numbers.

use copact_evidence::report::Report;
use copact_evidence::report::pictures::SMALL;

mod cell;
mod figures;
mod package;
mod pictures;
mod whole;

use package::Table;

/// A file of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Whether the tables compare the two roles (D2). Outsiders do not get that if a role has fewer
/// than five members, as it would be about single people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// They do.
    Compared,
    /// They do not, and say so.
    Suppressed,
}

impl Roles {
    /// What outsiders get of a report.
    #[must_use]
    pub fn for_outsiders(report: &Report) -> Self {
        let least = report.pictures.citizens.min(report.pictures.professionals);
        let small = usize::try_from(least).is_ok_and(|least| least < SMALL);
        if small { Self::Suppressed } else { Self::Compared }
    }
}

/// Why there are no tables.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// A row could not be written.
    #[error("A table could not be written; this is a mistake in copact, please report it: {0}")]
    Csv(#[from] csv::Error),
    /// The description could not be written.
    #[error("The tables' description could not be written; please report it: {0}")]
    Json(#[from] serde_json::Error),
}

/// The tables of a report, their description `datapackage.json`, and a `README.md`. The same report
/// always makes the same bytes.
///
/// # Errors
/// Only by a mistake of ours.
pub fn tables(report: &Report, roles: Roles) -> Result<Vec<File>, TablesError> {
    let mut all = vec![
        whole::report(report),
        figures::clauses(report)?,
        figures::indicators(report, roles)?,
        figures::trend_tests(report),
        figures::trends(report),
        pictures::meetings(report),
        pictures::months(report),
        whole::warnings(report),
        whole::anchors(report),
    ];
    // A report of fewer people has none of either; nobody is told apart among so few.
    if pictures::may_tell_apart(report) {
        all.extend([pictures::members(report), pictures::ties(report)]);
    }
    let mut files: Vec<File> = Vec::new();
    for table in &all {
        files.push(File { name: table.file(), bytes: table.csv()? });
    }
    let package = package::describe(report, &all, &files)?;
    files.push(File { name: "datapackage.json".to_owned(), bytes: package });
    files.push(File { name: "README.md".to_owned(), bytes: readme(&all).into_bytes() });
    Ok(files)
}

fn readme(tables: &[Table]) -> String {
    let mut text = format!("# Tables of evidence\n\n{}\n\n", package::ABOUT);
    for table in tables {
        text.push_str(&format!("- `{}`: {}\n", table.file(), table.words));
    }
    text.push_str(
        "\nFiles are UTF-8 with a line of names first; an empty cell is a missing value, never 0. \
         `datapackage.json`\ndescribes each column; `frictionless validate \
         datapackage.json` checks all of it.\n",
    );
    text
}
