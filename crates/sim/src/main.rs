//! `copact-sim`: runs seeds until one fails.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Parser;
use copact_sim::plan::Wish;
use copact_sim::tally::Tally;
use copact_sim::{Options, Outcome, run};
use indicatif::ProgressBar;

/// Simulates groups of devices that sync while everything goes wrong, each from a seed.
#[derive(Debug, Parser)]
#[command(name = "copact-sim")]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seeds: u64,
    /// The first seed.
    #[arg(long, value_name = "S", default_value_t = 0)]
    start: u64,
    /// Devices of each run; 3 to 10 unless given.
    #[arg(long, value_name = "D", value_parser = clap::value_parser!(u8).range(2..=64))]
    devices: Option<u8>,
    /// Print the trace of every run.
    #[arg(long)]
    trace: bool,
    /// Let nothing go wrong.
    #[arg(long)]
    calm: bool,
    /// Let a hostile member write more than is taken in of one author on one day.
    #[arg(long, conflicts_with = "calm")]
    flood: bool,
}

impl Arguments {
    fn options(&self) -> Options {
        let devices = self.devices.map(usize::from);
        let wish = Wish { devices, faults: !self.calm, flood: self.flood };
        Options { wish, trace: self.trace, ..Options::default() }
    }

    /// The command that runs a seed again.
    fn replay(&self, seed: u64) -> String {
        let devices = self.devices.map_or_else(String::new, |n| format!(" --devices {n}"));
        let calm = if self.calm { " --calm" } else { "" };
        let flood = if self.flood { " --flood" } else { "" };
        format!(
            "cargo run --release -p copact-sim -- --seeds 1 --start {seed}{devices}{calm}{flood} \
             --trace"
        )
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A panic is told with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    match simulate(&arguments, &mut std::io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "copact-sim: cannot write the results: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether no seed failed.
fn simulate(arguments: &Arguments, out: &mut impl std::io::Write) -> std::io::Result<bool> {
    let began = std::time::Instant::now();
    let (tally, failed) = all(arguments, out)?;
    for outcome in failed.values().take(5) {
        tell(arguments, outcome, out)?;
    }
    if failed.len() > 5 {
        let seeds: Vec<String> = failed.keys().skip(5).map(u64::to_string).collect();
        writeln!(out, "also failed: {}", seeds.join(" "))?;
    }
    summary(&tally, began.elapsed(), out)?;
    Ok(failed.is_empty())
}

/// Runs the seeds on all processors; those that failed, by number.
fn all(
    arguments: &Arguments,
    out: &mut impl std::io::Write,
) -> std::io::Result<(Tally, BTreeMap<u64, Outcome>)> {
    let options = arguments.options();
    let next = AtomicU64::new(0);
    let results = Mutex::new((Tally::default(), BTreeMap::new(), BTreeMap::new()));
    let shown = std::io::stderr().is_terminal();
    let bar = if shown { ProgressBar::new(arguments.seeds) } else { ProgressBar::hidden() };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= arguments.seeds {
                        break;
                    }
                    let outcome = run(arguments.start.wrapping_add(number), options);
                    bar.inc(1);
                    let Ok(mut results) = results.lock() else { break };
                    results.0.add(&outcome.tally);
                    if options.trace {
                        results.2.insert(outcome.seed, outcome.clone());
                    }
                    if outcome.wrong.is_some() {
                        results.1.insert(outcome.seed, outcome);
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    let (tally, failed, traced) = results.into_inner().unwrap_or_default();
    for outcome in traced.values() {
        for line in &outcome.lines {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "seed {}: trace digest {}", outcome.seed, hex(&outcome.digest))?;
    }
    Ok((tally, failed))
}

fn tell(
    arguments: &Arguments,
    outcome: &Outcome,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    let Some(wrong) = &outcome.wrong else { return Ok(()) };
    writeln!(out, "seed {} fails with {} devices: {wrong}", outcome.seed, outcome.devices)?;
    if !arguments.trace {
        writeln!(out, "  the end of its trace:")?;
        for line in &outcome.lines {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out, "  trace digest {}", hex(&outcome.digest))?;
    writeln!(out, "  again: {}", arguments.replay(outcome.seed))
}

fn summary(
    tally: &Tally,
    took: std::time::Duration,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    const DAY: u64 = 24 * 60 * 60 * 1_000;
    writeln!(
        out,
        "{} seeds in {:.1} s: {} devices, {} device-days, {} envelopes, {} acknowledged writes, \
         {} messages, {} KiB, {} verifications",
        tally.seeds,
        took.as_secs_f64(),
        tally.devices,
        tally.device_time / DAY,
        tally.envelopes,
        tally.acknowledged,
        tally.messages,
        tally.bytes / 1_024,
        tally.verifications
    )?;
    let [verified, answered, orphans] = tally.costliest;
    writeln!(
        out,
        "one hostile device cost one honest one at most: {verified} verifications, {} KiB sent to \
         it, {orphans} orphans held",
        answered / 1_024
    )?;
    let list = |counts: Vec<(String, u64)>| {
        let all: Vec<String> = counts.into_iter().map(|(what, n)| format!("{what} {n}")).collect();
        all.join(", ")
    };
    let named = |counts: &BTreeMap<&'static str, u64>| {
        list(counts.iter().map(|(what, n)| ((*what).to_owned(), *n)).collect())
    };
    writeln!(out, "deeds: {}", named(&tally.deeds))?;
    writeln!(out, "faults: {}", named(&tally.faults))?;
    let closings = tally.closings.iter().map(|(what, n)| (format!("“{what}”"), *n));
    writeln!(out, "closed by an exchange: {}", list(closings.collect()))
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
