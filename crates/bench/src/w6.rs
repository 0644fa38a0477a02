//! W6: the rows of many groups, from the bundles that they gave.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use copact_core::day::Day;
use copact_core::envelope::Verified;
use copact_core::ledger::Ledger;
use copact_core::quarter::Quarter;
use copact_evidence::community::Community;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_report::bundle::{Form, Making, made_of};
use copact_report::gathering::{Asked, Gathered, Given, Kept, Nothing, Source, gather};

use crate::failure::Measured;
use crate::number::real;
use crate::row::Row;
use crate::time::{millis, timed};
use crate::{floor, tell};

mod village;

use village::Village;

/// Groups unless told otherwise.
pub(crate) const GROUPS: usize = 1_000;
/// Entries of each, about.
const ENTRIES: usize = 1_000;
/// Of so many groups the signatures are verified for the floor: it is the same for each.
const FLOOR: usize = 40;
/// Times that taking up is measured; the middle one is the figure.
const TIMES: usize = 5;
/// Milliseconds that it may take for a thousand groups.
const TAKEN_UP: f64 = 2_000.0;

/// A report that a group gave.
struct Report {
    name: String,
    bytes: Vec<u8>,
    entries: usize,
}

pub(crate) fn run(groups: usize) -> Measured<Vec<Row>> {
    let groups = groups.max(1);
    tell(&format!("w6: {groups} groups come to be"));
    let reports = on_all_cores(groups, &report)?;
    let some = on_all_cores(FLOOR.min(groups), &|number| Ok(envelopes(&lived(number)?.ledger)))?;
    let entries: usize = reports.iter().map(|one| one.entries).sum();
    let bytes: usize = reports.iter().map(|one| one.bytes.len()).sum();
    tell(&format!("w6: {entries} entries, {bytes} bytes"));
    let rules = RuleSet::minimum()?;
    let (from, to) = (Quarter::parse("2026-Q2")?, Quarter::parse("2028-Q1")?);
    let asked = Asked { from, to, rules, program: "copact bench", threads: cores()? };
    let (cold, least) = cold(&reports, &asked, &some, entries)?;
    let kept = Memory::default();
    all_of(&gather(&given(&reports), &asked, &kept, &mut |_, _| {}), groups)?;
    let (mut times, mut hashing) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let (table, time) = timed(|| -> Measured<Community> {
            let gathered = gather(&given(&reports), &asked, &kept, &mut |_, _| {});
            all_of(&gathered, groups)?;
            Ok(Community::of(&gathered.rows, from, to)?)
        });
        std::hint::black_box(table?);
        times.push(time);
        hashing.push(timed(|| hash(&reports)).1);
    }
    let again = (millis(crate::time::median(times)), "ms");
    let hashing = millis(crate::time::median(hashing));
    let what = "cold (floor: strict verifications and hashing on all cores)";
    let mut with = Row::limit(
        ("w6", "with checkpoints, to the table (floor: hashing)", groups),
        again,
        Some(TAKEN_UP),
    );
    (with.floor, with.ratio) = (Some(hashing), Some(again.0 / hashing));
    Ok(vec![Row::ratio(("w6", what, groups), (cold, "ms"), least, Some(1.2)), with])
}

/// Gathering, and what it costs at least: the signatures of some groups in turns with it, for as
/// many as there are, and a hash of every byte.
fn cold(
    reports: &[Report],
    asked: &Asked<'_>,
    some: &[Vec<Verified>],
    entries: usize,
) -> Measured<(f64, f64)> {
    let some: Vec<Verified> = some.iter().flatten().cloned().collect();
    let verify = || timed(|| floor::verify_on_all_cores(&some));
    let (mut cold, mut verifying) = (0.0, Vec::new());
    // In turns, so that load of the machine falls on both.
    for reports in reports.chunks(reports.len().div_ceil(TIMES)) {
        let (right, time) = verify();
        right?;
        verifying.push(time);
        let (gathered, time) = timed(|| gather(&given(reports), asked, &Nothing, &mut |_, _| {}));
        all_of(&gathered, reports.len())?;
        cold += millis(time);
    }
    let (right, time) = verify();
    right?;
    verifying.push(time);
    let all: f64 = verifying.iter().map(|one| millis(*one)).sum();
    let one = all / real(verifying.len()) / real(some.len());
    let hashing = millis(timed(|| hash(reports)).1);
    Ok((cold, one * real(entries) + hashing))
}

fn cores() -> Measured<usize> {
    Ok(std::thread::available_parallelism()?.get())
}

fn lived(number: usize) -> Measured<Village> {
    Village::lived(number, ENTRIES)
}

fn envelopes(ledger: &Ledger) -> Vec<Verified> {
    ledger.envelopes().map(|(_, at)| at.envelope().clone()).collect()
}

fn report(number: usize) -> Measured<Report> {
    let village = lived(number)?;
    let window = Window::up_to(Day::parse("2028-03-31")?, 90);
    let (form, rules) = (Form::Sealed, RuleSet::minimum()?);
    let making = Making { form, window, rules, texts: Vec::new(), profiles: Vec::new() };
    let bytes = made_of(&village.ledger, making)?.to_bytes();
    Ok(Report { name: format!("{number}.report"), bytes, entries: village.ledger.len() })
}

fn given(reports: &[Report]) -> Vec<Given<'_>> {
    let mut all = Vec::with_capacity(reports.len());
    for Report { name, bytes, .. } in reports {
        let read = move || Ok(Cow::Borrowed(bytes.as_slice()));
        all.push(Given { name: name.clone(), source: Source::Bundle(Box::new(read)) });
    }
    all
}

fn hash(reports: &[Report]) {
    let hashed = on_all_cores(reports.len(), &|number| {
        Ok(reports.get(number).map(|one| blake3::hash(&one.bytes)))
    });
    std::hint::black_box(hashed.is_ok());
}

fn all_of(gathered: &Gathered, groups: usize) -> Measured<()> {
    match gathered.left_out.first() {
        Some(one) => Err(format!("{}: {}", one.name, one.sentence).into()),
        None if gathered.taken.len() == groups => Ok(()),
        None => Err("a group is missing".into()),
    }
}

/// So many pieces of work, in their order.
fn on_all_cores<T: Send>(
    count: usize,
    work: &(dyn Fn(usize) -> Measured<T> + Sync),
) -> Measured<Vec<T>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let mine = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            break;
        }
        let made = work(number).map_err(|error| error.to_string());
        if let Ok(mut done) = done.lock() {
            done.push((number, made));
        }
    };
    let cores = cores()?;
    std::thread::scope(|scope| {
        (1..cores).for_each(|_| drop(scope.spawn(mine)));
        mine();
    });
    let mut done = done.into_inner().map_err(|_| "a thread panicked")?;
    done.sort_by_key(|(number, _)| *number);
    let all = done.into_iter().map(|(_, made)| made.map_err(Into::into));
    all.collect()
}

/// Checkpoints in memory: how fast a disk is, is not measured here.
#[derive(Default)]
struct Memory(Mutex<HashMap<[u8; 32], Vec<u8>>>);

impl Kept for Memory {
    fn load(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.0.lock().ok()?.get(key).cloned()
    }

    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        if let Ok(mut all) = self.0.lock() {
            all.insert(*key, bytes.to_vec());
        }
    }
}
