//! Files that a report goes into.

use std::path::Path;

use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_evidence::community::{Group as Member, GroupQuarter, rows};
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_node::file;
use copact_node::group::Group;
use copact_report::html::{About, html};
use copact_report::parquet;
use copact_report::tables::{Roles, tables};

use crate::args::Evidence;
use crate::failure::Failure;

/// What made a page.
pub(super) const PROGRAM: &str = concat!("copact ", env!("CARGO_PKG_VERSION"));

/// Writes what was asked for: a sentence each.
pub(super) fn files(
    group: &Group,
    report: &Report,
    window: Window,
    rules: &RuleSet,
    typed: &Evidence,
    today: Day,
) -> Result<Vec<String>, Failure> {
    let mut written = Vec::new();
    if let Some(to) = &typed.html {
        let name = group.status().name;
        let about = About { name: Some(&name), made: today, program: PROGRAM };
        file::write(to, html(report, &about).as_bytes())?;
        written.push(format!("The page is in {}.", to.display()));
    }
    if let Some(folder) = &typed.csv {
        let count = tables_in(folder, report)?;
        written.push(format!("{count} files are in {}.", folder.display()));
    }
    if let Some(to) = &typed.parquet {
        let quarters = whole_quarters(window)?;
        let rows = rows_of(group, quarters, rules);
        write_rows(to, &rows)?;
        written.push(format!("{} quarters are in {}.", rows.len(), to.display()));
    }
    Ok(written)
}

fn tables_in(folder: &Path, report: &Report) -> Result<usize, Failure> {
    let all = tables(report, Roles::for_outsiders(report))
        .map_err(|error| Failure::failed("no_tables", error))?;
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::failed(
            "unwritable_file",
            format_args!("the folder {} cannot be made: {error}", folder.display()),
        )
        .hint("name another folder")
    })?;
    for one in &all {
        file::write(&folder.join(&one.name), &one.bytes)?;
    }
    Ok(all.len())
}

/// The quarters that lie wholly in a window, first and last.
pub(super) fn whole_quarters(window: Window) -> Result<(Quarter, Quarter), Failure> {
    let all = window.quarters();
    let ends = all.first().zip(all.last());
    let ends = ends.map(|(first, last)| (Quarter::of(first.from), Quarter::of(last.from)));
    ends.ok_or_else(|| {
        Failure::input(
            "no_quarter",
            format_args!("no whole quarter lies between {} and {}", window.from, window.to),
        )
        .hint("give whole quarters, for example --from 2026-01-01 --to 2026-12-31")
    })
}

/// A group's rows, one a quarter.
pub(super) fn rows_of(
    group: &Group,
    (from, to): (Quarter, Quarter),
    rules: &RuleSet,
) -> Vec<GroupQuarter> {
    let views = group.views();
    let facts = Facts::of(&views);
    let id = group.ledger().group().to_string();
    let member = Member { id: &id, team: rows::is_team(&views), facts: &facts };
    rows::of_group(member, from, to, |day| rules.judge(&facts, day).level)
}

/// Writes rows for other engines.
pub(super) fn write_rows(to: &Path, rows: &[GroupQuarter]) -> Result<(), Failure> {
    let bytes =
        parquet::write(rows, Vec::new()).map_err(|error| Failure::failed("no_parquet", error))?;
    Ok(file::write(to, &bytes)?)
}
