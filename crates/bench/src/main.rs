//! Measures copact against floors and peers of the same run: `performance.md`, W1 to W7.
//!
//! Every figure is a ratio against what the same work costs at least on this machine, measured
//! beside it, so that the lines of two machines can be compared.

use std::io::Write as _;

use clap::{Parser, ValueEnum};
use peak_alloc::PeakAlloc;

use crate::failure::Measured;
use crate::group::Generated;
use crate::row::Row;

mod failure;
mod floor;
mod group;
mod home;
mod keystrokes;
mod number;
mod page;
mod peers;
mod room;
mod row;
mod screen;
mod time;
mod w1;
mod w2;
mod w3;
mod w4;
mod w5;
mod w6;
mod w7;

/// Counts the bytes in use; every library measured is counted alike.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Workload {
    W1,
    W2,
    W3,
    W4,
    W5,
    W6,
    W7,
}

/// Measures copact against floors and peers of the same run.
#[derive(Debug, Parser)]
#[command(name = "copact-bench")]
struct Arguments {
    /// What to measure; all of it unless named.
    #[arg(value_enum)]
    workloads: Vec<Workload>,
    /// Entries of the group; 1000, 10000 and 100000 unless given. Of w5 bursts, of w6 groups.
    #[arg(long)]
    n: Option<usize>,
    /// An array of rows instead of the table.
    #[arg(long)]
    json: bool,
}

fn main() -> Measured<()> {
    let arguments = Arguments::parse();
    let mut rows = Vec::new();
    let chosen = |one| arguments.workloads.is_empty() || arguments.workloads.contains(&one);
    let sizes = arguments.n.map_or_else(|| vec![1_000, 10_000, 100_000], |n| vec![n]);
    for n in sizes {
        use Workload::{W1, W2, W3, W4, W7};
        if ![W1, W2, W3, W4, W7].into_iter().any(chosen) {
            break;
        }
        tell(&format!("a group of {n} entries"));
        let mut group = Generated::new(n)?;
        if chosen(Workload::W1) {
            tell(&format!("w1 at {n}"));
            rows.extend(w1::run(&mut group, n)?);
        }
        // W1 and W7 let the group go on without keeping it, so each begins anew.
        if chosen(Workload::W2) || chosen(Workload::W7) {
            group = Generated::new(n)?;
        }
        if chosen(Workload::W2) {
            tell(&format!("w2 at {n}"));
            rows.extend(w2::run(&group, n)?);
        }
        if chosen(Workload::W7) {
            tell(&format!("w7 at {n}"));
            rows.extend(w7::run(&mut group, n)?);
        }
        if chosen(Workload::W3) || chosen(Workload::W4) {
            group = Generated::new(n)?;
        }
        if chosen(Workload::W3) {
            tell(&format!("w3 at {n}"));
            rows.extend(w3::run(&mut group, n)?);
        }
        if chosen(Workload::W4) {
            tell(&format!("w4 at {n}"));
            rows.extend(w4::run(&mut group, n)?);
        }
    }
    if chosen(Workload::W5) {
        rows.extend(w5::run(arguments.n)?);
    }
    if chosen(Workload::W6) {
        rows.extend(w6::run(arguments.n.unwrap_or(w6::GROUPS))?);
    }
    show(&rows, arguments.json)
}

/// Progress: most measurements take more than a second.
pub(crate) fn tell(what: &str) {
    // Nobody is there to be told if this fails.
    let _ = writeln!(std::io::stderr(), "measuring {what} …");
}

fn show(rows: &[Row], json: bool) -> Measured<()> {
    let text = if json { serde_json::to_string_pretty(rows)? } else { page::table(rows) };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
